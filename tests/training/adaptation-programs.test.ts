/** How large the programs of an adaptation are, and how often they run, on the WebGPU backend. */
import { expect, test } from "vitest";
import type { Backend, Program } from "../../src/backends/backend.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { adapt } from "../../src/training/adaptation.ts";
import { nodeBackend } from "../engine/node-backend.ts";
import { abortedAfter, KeptWork } from "./kept-work.ts";
import { adaptationRecipe as recipe, groupOf, tinyLab } from "./tiny-adaptation.ts";

const backend = await nodeBackend();

/** The backend, which writes down the batch of every program that is compiled, and how often it runs. */
function counting(): { readonly counted: Backend; readonly runs: () => string[] } {
  const all: { readonly label: string; readonly batch: number; runs: number }[] = [];
  const compile: Backend["compile"] = async (graph: Graph, variables, options) => {
    const program = await backend.compile(graph, variables, options);
    const entry = { label: options?.label ?? "", batch: graph.inputs.get("slots")!.shape[0]!, runs: 0 };
    all.push(entry);
    const run: Program["run"] = (...given) => {
      entry.runs++;
      return program.run(...given);
    };
    return new Proxy(program, {
      get: (target, name) => {
        if (name === "run") return run;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  };
  const counted = new Proxy(backend, {
    get: (target, name) => {
      if (name === "compile") return compile;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const runs = () => all.map(({ label, batch, runs }) => `${label} of ${String(batch)}: ${String(runs)}`);
  return { counted, runs };
}

test("groups whose epochs end together are validated together", async () => {
  const { variables, networks, width } = await tinyLab(backend);
  const groups = ["red", "green", "blue"].map((key) => groupOf(key, 4, width, 3));
  const { counted, runs } = counting();
  await adapt(counted, variables, networks, groups, { ...recipe, atOnce: 3, draws: 6 });
  // 3 groups of 3 pictures, each drawn six times, are 54 examples an epoch: 48 and the other 6. Apart they would be six batches.
  expect(runs()).toEqual([
    "adaptation step of 6: 4",
    "adaptation validation of 48: 2",
    "adaptation validation of 16: 2",
  ]);
});

test("a validation is no larger than all its examples", async () => {
  const { variables, networks, width } = await tinyLab(backend);
  const { counted, runs } = counting();
  await adapt(counted, variables, networks, [groupOf("red", 4, width, 3)], recipe);
  expect(runs()).toEqual(["adaptation step of 2: 4", "adaptation validation of 6: 2"]);
});

/** One large group and six small ones, which end long before it. */
const uneven = (width: number) => [
  groupOf("red", 30, width),
  ...["a", "b", "c", "d", "e", "f"].map((key) => groupOf(key, 2, width)),
];
const long = { ...recipe, atOnce: 7, maxEpochs: 3, patience: 3, checkpoint: 3 } as const;

test("a step shrinks with the groups that still learn, and each learns what it would alone", async () => {
  const { variables, networks, width } = await tinyLab(backend);
  const groups = uneven(width);
  const { counted, runs } = counting();
  const { rows, courses } = (await adapt(counted, variables, networks, groups, long))!;
  // Six groups end after 3 steps of an epoch each; one goes on to its 45th.
  expect(runs()).toEqual(["adaptation step of 14: 3", "adaptation validation of 14: 6", "adaptation step of 8: 42"]);
  for (const i of [0, 3]) {
    const alone = (await adapt(backend, variables, networks, [groups[i]!], long))!;
    const farthest = Math.max(...rows[i]!.map((value, j) => Math.abs(value - alone.rows[0]![j]!)));
    expect(farthest).toBeLessThan(1e-3);
    expect(courses[i]!.epochs.length).toBe(3);
    courses[i]!.epochs.forEach(({ validation }, epoch) => {
      expect(validation).toBeCloseTo(alone.courses[0]!.epochs[epoch]!.validation, 4);
    });
  }
});

test("for a few last steps no smaller one is compiled", async () => {
  const { variables, networks, width } = await tinyLab(backend);
  const { counted, runs } = counting();
  const groups = [groupOf("red", 8, width), ...uneven(width).slice(1)];
  await adapt(counted, variables, networks, groups, long);
  expect(runs().filter((line) => line.includes("step"))).toEqual(["adaptation step of 14: 12"]);
});

test("a last wave of few groups has a step of its size", async () => {
  const { variables, networks, width } = await tinyLab(backend);
  const { counted, runs } = counting();
  const groups = Array.from({ length: 8 }, (_, i) => groupOf(`group ${String(i)}`, 2, width));
  await adapt(counted, variables, networks, groups, { ...long, atOnce: 6 });
  const steps = runs().filter((line) => line.includes("step"));
  expect(steps).toEqual(["adaptation step of 12: 3", "adaptation step of 6: 3"]);
});

test.each([2, 5, 31])("stopped every %i steps, one that shrinks gives the same bits", async (steps) => {
  const { variables, networks, width } = await tinyLab(backend);
  const groups = uneven(width);
  const unbroken = await adapt(backend, variables, networks, groups, long);
  const kept = new KeptWork();
  let learned;
  for (let starts = 0; learned === undefined && starts < 40; starts++) {
    const { signal, tick } = abortedAfter(steps);
    learned = await adapt(backend, variables, networks, groups, long, {
      ...{ signal, onProgress: tick, resumption: kept.resumption() },
    });
  }
  expect(learned).toEqual(unbroken);
});
