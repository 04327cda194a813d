import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { MissingError } from "../../src/errors.ts";
import { loadLabModels } from "../../src/experiment/lab-models.ts";
import { DenoiserWeights } from "../../src/experiment/learning.ts";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { networksOf } from "../../src/experiment/run-networks.ts";
import { run } from "../../src/experiment/run.ts";
import type { RunEvent } from "../../src/experiment/stages.ts";
import { randomModels, tinyConfigs } from "./tiny-models.ts";
import { tinySpec, tinyWorld } from "./tiny-world.ts";

const files = await randomModels(tinyConfigs);
const load = () =>
  loadLabModels(new ReferenceBackend(), (path) => {
    const bytes = files.get(path);
    return bytes ? Promise.resolve(bytes) : Promise.reject(new MissingError("models", path));
  });
const gauges = { now: Date.now, peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024 };

test("a learned denoiser stands in for the networks' own and makes way again, bit for bit", async () => {
  const models = await load();
  const name = models.networks.unet.parameters.list()[0]!.name;
  const own = (await models.variables.get(name)).slice();
  const weights = new Map([[name, own.map((value) => value + 1)]]);
  const denoiser = new DenoiserWeights(models);
  await denoiser.use({ id: "one", weights });
  expect(await models.variables.get(name)).toEqual(weights.get(name));
  await denoiser.use({ id: "two", weights: new Map([[name, own.map((value) => value - 1)]]) });
  await denoiser.use(undefined);
  expect(await models.variables.get(name)).toEqual(own);
});

test("every method that learns goes through a run, and da-fusion shares the words of textual inversion", async () => {
  const few = "{maxEpochs: 1, examples: 4, draws: 1}";
  const ids = ["ft-conditioning", "ft-cluster", "imagic", "textual-inversion", "pseudoword-dm"];
  const spec = tinySpec(
    "classes=[red, green]",
    `conditions=[real-10, ${ids.join(", ")}, da-fusion]`,
    ...ids.map((id) => `methods.${id}=${few}`),
    "methods.ft-cluster.clusters=2",
    "production.factor=1",
    "sets.n=1",
    "generator={steps: 2, guidance: 2, batch: 4}",
    "train.net={block: basic, depths: [1], width: 4, stem: cifar}",
    "train.maxEpochs=1",
  );
  const models = await load();
  const networks = networksOf(new ReferenceBackend(), models);
  const stored = new Map<string, Uint8Array>();
  const finished: string[] = [];
  const onEvent = (event: RunEvent): void => {
    if (event.event === "unit-finished" && event.stage === "adapt" && !event.reused) finished.push(event.unit);
  };
  const signal = new AbortController().signal;
  const results = await run(spec, tinyWorld(), networks, memoryFolder(stored), {
    signal,
    gauges,
    commands: [],
    onEvent,
  });
  expect(results!.conditions.map(({ id, n }) => `${id} ${String(n)}`)).toEqual(
    ["real-10", ...ids, "da-fusion"].map((id) => `${id} 1`),
  );
  expect(finished.sort()).toEqual([...ids].sort());
}, 240_000);
