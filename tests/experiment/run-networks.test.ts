import { expect, test } from "vitest";
import { MissingError } from "../../src/errors.ts";
import { loadLabModels } from "../../src/experiment/lab-models.ts";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { networksOf } from "../../src/experiment/run-networks.ts";
import { run } from "../../src/experiment/run.ts";
import type { RunEvent } from "../../src/experiment/stages.ts";
import { nodeBackend } from "../engine/node-backend.ts";
import { randomModels, tinyConfigs } from "./tiny-models.ts";
import { tinySpec, tinyWorld } from "./tiny-world.ts";

const gauges = { now: Date.now, peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024 };

const spec = tinySpec(
  "classes=[red, green]",
  "conditions=[real-10, boomerang, clip-prompts, ft-conditioning, retrieval]",
  "production.factor=1",
  "sets.n=1",
  "methods.boomerang.noiseLevel=0.6",
  "generator={steps: 2, guidance: 2, batch: 4}",
  "retrieval.duplicates=1",
  "train.net={block: basic, depths: [1], width: 4, stem: cifar}",
  "train.maxEpochs=3",
  "methods.ft-conditioning.maxEpochs=2",
);

async function networks() {
  const files = await randomModels(tinyConfigs);
  // Not the f64 reference: what is kept of a training that was stopped is f32, as a device's numbers are.
  const backend = await nodeBackend();
  const models = await loadLabModels(backend, (path) => {
    const bytes = files.get(path);
    return bytes ? Promise.resolve(bytes) : Promise.reject(new MissingError("models", path));
  });
  return networksOf(backend, models);
}

test("a run that was stopped amid real sampling and training gives, resumed, the bits of an uninterrupted one", async () => {
  const whole = new Map<string, Uint8Array>();
  const used = await networks();
  const signal = new AbortController().signal;
  const expected = await run(spec, tinyWorld(), used, memoryFolder(whole), { signal, gauges, commands: [] });
  expect(expected!.conditions.map(({ n }) => n)).toEqual([1, 1, 1, 1, 1]);

  const files = new Map<string, Uint8Array>();
  const stops = [
    ({ event, stage }: RunEvent) => event === "progress" && stage === "adapt",
    ({ event, stage }: RunEvent) => event === "progress" && stage === "produce",
    ({ event, stage }: RunEvent) => event === "progress" && stage === "train",
  ];
  const seen: RunEvent[] = [];
  for (const isTime of stops) {
    const controller = new AbortController();
    const onEvent = (event: RunEvent): void => {
      seen.push(event);
      if (isTime(event)) controller.abort();
    };
    const options = { signal: controller.signal, gauges, commands: [], onEvent };
    expect(await run(spec, tinyWorld(), used, memoryFolder(files), options)).toBeUndefined();
    const unfinished = [...files.keys()].filter((path) => path.endsWith(".part"));
    expect(unfinished).toEqual(isTime === stops[1] ? [] : [expect.stringMatching(/^(adapt|train)\//)]);
  }
  const onEvent = (event: RunEvent): void => void seen.push(event);
  const options = { signal, gauges, commands: [], onEvent };
  const resumed = await run(spec, tinyWorld(), await networks(), memoryFolder(files), options);
  // Both were gone on with in the middle: no epoch of a training was gone over again.
  expect(seen.flatMap((event) => (event.event === "unit-resumed" ? [`${event.stage}/${event.unit}`] : []))).toEqual([
    "adapt/ft-conditioning",
    "train/real-10/set-0",
  ]);
  const epochs = seen.flatMap((event) => (event.event === "epoch" && event.unit === "real-10/set-0" ? [event] : []));
  expect(epochs.map(({ log }) => log.epoch)).toEqual([1, 2, 3]);
  expect(epochs.map(({ earlier }) => earlier?.map(({ epoch }) => epoch))).toEqual([undefined, [1], undefined]);
  expect([...files.keys()].filter((path) => path.endsWith(".part"))).toEqual([]);
  expect(resumed!.conditions).toEqual(expected!.conditions);
  for (const [path, bytes] of whole) if (path.endsWith(".bin")) expect(files.get(path), path).toEqual(bytes);
}, 240_000);
