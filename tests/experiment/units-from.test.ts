import { expect, test } from "vitest";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import { unitSource } from "../../src/experiment/shards.ts";
import { Stages, type RunEvent } from "../../src/experiment/stages.ts";
import { outcome } from "./timeless.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

type Files = Map<string, Uint8Array>;

const gauges = { now: () => Date.UTC(2026, 10, 22, 12), peakMemoryBytes: () => null };

async function start(files: Files, overrides: readonly string[], others: readonly Files[] = []) {
  const networks = tinyNetworks();
  const spec = tinySpec("conditions=[real-10, textual-inversion, clip-prompts, retrieval]", "sets.n=2", ...overrides);
  const options = { signal: new AbortController().signal, gauges, commands: [] };
  const unitsFrom = await Promise.all(others.map((other) => unitSource(memoryFolder(other))));
  const results = await run(spec, tinyWorld(), networks, memoryFolder(files), { ...options, unitsFrom });
  return { results: results!, calls: networks.calls };
}

test("a run takes over what another has made from the same things, and leaves what it would leave alone", async () => {
  const [first, alone, helped]: Files[] = [new Map(), new Map(), new Map()];
  const earlier = await start(first!, []);
  await start(alone!, ["train.rate=0.05"]);
  const { results, calls } = await start(helped!, ["train.rate=0.05"], [first!]);
  // Images and learned words are there; classifiers of another rate are not.
  expect(calls.filter((call) => !/^(classifier|train|score|predict)/.test(call))).toEqual([]);
  expect(calls.filter((call) => call.startsWith("train"))).toHaveLength(8);
  expect(outcome(helped!)).toEqual(outcome(alone!));
  // What a method cost is known from where it was made.
  expect(results.costs.methods).toEqual(earlier.results.costs.methods);
});

test("the first of several runs that has a unit gives it, whatever others hold under its name", async () => {
  const unit = async (files: Files, seed: number, value: string, others: Files[] = []) => {
    const events: RunEvent[] = [];
    const sources = await Promise.all(others.map((other) => unitSource(memoryFolder(other))));
    const stages = new Stages(memoryFolder(files), (event) => Promise.resolve(void events.push(event)), {
      others: sources,
    });
    const made = await stages.unit("produce", "a/cat", { seed }, () =>
      Promise.resolve({ value, blob: Uint8Array.of(seed) }),
    );
    return { value: made?.value, blob: made?.blob, events };
  };
  const [one, two, three]: Files[] = [new Map(), new Map(), new Map()];
  await unit(one!, 1, "one");
  await unit(two!, 2, "two");
  const taken = await unit(three!, 2, "made anew", [one!, two!]);
  expect(taken).toMatchObject({ value: "two", blob: Uint8Array.of(2), events: [{ reused: true }] });
  two!.set("produce/a/cat.bin", Uint8Array.of(9));
  expect(await unit(new Map(), 2, "made anew", [one!, two!])).toMatchObject({ value: "made anew" });
});
