import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { square } from "../../src/graph/ops/elementwise.ts";
import { sum } from "../../src/graph/ops/mean.ts";
import { checkpoint, checkpointLevels } from "../../src/graph/passes/checkpoint.ts";
import { fuse } from "../../src/graph/passes/fuse.ts";
import { prune } from "../../src/graph/passes/prune.ts";
import { separate } from "../../src/graph/passes/separate.ts";
import { viewRoots } from "../../src/graph/passes/views.ts";
import type { Node } from "../../src/graph/tensor.ts";
import { relativeError } from "../engine/agree.ts";
import { evaluate } from "./evaluate.ts";
import { randomGraph, step } from "./random-graph.ts";

const steps = fc.array(step, { minLength: 1, maxLength: 14 });

/** Expects outputs and parameters to be the same after both lists of nodes; sums in f64 may be taken in another order. */
function expectSameResults(graph: Graph, nodes: readonly Node[]): void {
  const [expected, actual] = [evaluate(prune(graph)), evaluate(nodes)];
  for (const [name, tensor] of [...graph.outputs, ...graph.parameters]) {
    const values = expected.get(tensor);
    if (values) expect(relativeError(actual.get(tensor)!, values), name).toBeLessThan(1e-9);
  }
}

const kept = (graph: Graph): Set<Node["outputs"][number]> => new Set(graph.outputs.values());

describe.each([
  ["inference", false],
  ["training", true],
])("random graphs of %s", (_, isTraining) => {
  test("give the same results fused", () => {
    let folded = 0;
    fc.assert(
      fc.property(steps, (list) => {
        const graph = randomGraph(list, isTraining);
        const nodes = prune(graph);
        const fused = fuse(nodes, kept(graph));
        folded += nodes.length - fused.length;
        expectSameResults(graph, fused);
      }),
      { numRuns: 150 },
    );
    expect(folded).toBeGreaterThan(20);
  });

  test("bind no memory twice after they were separated", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const graph = randomGraph(list, isTraining);
        const nodes = separate(fuse(prune(graph), kept(graph)), () => graph.freshId());
        const roots = viewRoots(nodes);
        for (const { op, inputs } of nodes) {
          const memory = inputs.map((input) => roots.get(input) ?? input);
          expect(new Set(memory).size, op).toBe(memory.length);
        }
        expectSameResults(graph, nodes);
      }),
      { numRuns: 80 },
    );
  });
});

test.each(checkpointLevels)("training graphs give the same results with checkpointing: %s", (level) => {
  let added = 0;
  fc.assert(
    fc.property(steps, (list) => {
      const graph = randomGraph(list, true);
      const nodes = prune(graph);
      const freshId = (): number => graph.freshId();
      const checkpointed = prune(graph, checkpoint(nodes, graph.firstBackward, level, freshId));
      added += checkpointed.length - nodes.length;
      expectSameResults(graph, checkpointed);
      expectSameResults(graph, separate(fuse(checkpointed, kept(graph)), freshId));
    }),
    { numRuns: 100 },
  );
  expect(added > 100).toBe(level !== "none");
});

test("chains of any length are computed again", () => {
  const graph = trace((g) => {
    const x = g.input("x", [4]);
    let y = x;
    for (let i = 0; i < 20_000; i++) y = square(y);
    return { dx: gradients(sum(y), [x])[0]! };
  });
  const nodes = checkpoint(prune(graph), graph.firstBackward, "cheap", () => graph.freshId());
  expect(nodes.length).toBeGreaterThan(prune(graph).length + 19_000);
});
