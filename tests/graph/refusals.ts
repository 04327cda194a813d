/** What tests of refusals share: small tensors, and a test for each case. */
import { expect, test } from "vitest";
import { Graph } from "../../src/graph/graph.ts";
import type { Tensor } from "../../src/graph/tensor.ts";

/** What is built of a new graph. */
export type Build = (g: Graph) => unknown;

/** An input of numbers. */
export const f32 = (g: Graph, ...shape: number[]): Tensor => g.input(`x ${shape.join(" ")}`, shape);
/** An input of integers. */
export const u32 = (g: Graph, ...shape: number[]): Tensor => g.input(`ids ${shape.join(" ")}`, shape, "u32");
/** A parameter. */
export const w = (g: Graph, name: string, ...shape: number[]): Tensor => g.parameter({ name, shape });

/** Expects that each case throws its message when it is built. */
export function refused(cases: Readonly<Record<string, readonly [Build, string]>>): void {
  test.each(Object.entries(cases))("%s", (_, [build, message]) => {
    expect(() => build(new Graph())).toThrow(message);
  });
}
