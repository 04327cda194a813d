import { expect, test } from "vitest";
import { compileAll } from "../../src/backends/compile-all.ts";
import { OutOfMemoryError } from "../../src/errors.ts";
import { trace } from "../../src/graph/graph.ts";
import { affine } from "../../src/graph/ops/elementwise.ts";
import { brokenBackend } from "./broken-backend.ts";

const graphs = {
  twice: { graph: trace((g) => ({ y: affine(g.input("x", [1]), 2) })), label: "twice" },
  thrice: { graph: trace((g) => ({ y: affine(g.input("x", [1]), 3) })), label: "thrice" },
};

test("programs are compiled by name", async () => {
  const { backend } = brokenBackend(2);
  const { twice, thrice } = await compileAll(backend, backend.variables(), graphs);
  for (const program of [twice, thrice]) await program.run({ x: Float32Array.of(5) });
  expect(await twice.read("y")).toEqual(Float32Array.of(10));
  expect(await thrice.read("y")).toEqual(Float32Array.of(15));
});

test("programs before one that fails are freed", async () => {
  const { backend, alive } = brokenBackend(1);
  await expect(compileAll(backend, backend.variables(), graphs)).rejects.toThrow(OutOfMemoryError);
  expect(alive.size).toBe(0);
});
