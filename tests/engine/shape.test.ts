import { describe, test } from "vitest";
import { trace } from "../../src/graph/graph.ts";
import { concat, pad, pickRows, reshape, slice } from "../../src/graph/ops/shape.ts";
import { expectAgreement } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";
import { expectOp } from "./op-check.ts";

describe("ops that move elements", () => {
  test.each([[[8, 4]], [[8, 4, 12]], [[3, 5]], [[8, 3]]])(
    "concat of widths %s and its gradients agree with the reference",
    async (widths) => {
      await expectOp(await nodeBackend(), (g) =>
        concat(widths.map((width, index) => g.input(`x${String(index)}`, [2, 3, width]))),
      );
    },
  );

  test("concat of a tensor with itself agrees with the reference", async () => {
    await expectOp(await nodeBackend(), (g) => concat([g.input("x", [3, 4]), g.input("x", [3, 4])]));
  });

  test.each([
    [12, 4, 8],
    [12, 0, 4],
    [12, 3, 8],
    [7, 2, 3],
  ])(
    "of %s columns, the slice from %s of length %s and its gradient agree with the reference",
    async (c, start, length) => {
      await expectOp(await nodeBackend(), (g) => slice(g.input("x", [3, 2, c]), start, length));
    },
  );

  test.each([
    [3, 0, 4],
    [4, 4, 12],
    [4, 1, 8],
    [5, 2, 7],
  ])("%s columns padded from %s to %s and its gradient agree with the reference", async (c, start, width) => {
    await expectOp(await nodeBackend(), (g) => pad(g.input("x", [3, 2, c]), start, width));
  });

  test.each([8, 5])("picked rows of %s columns and their gradient agree with the reference", async (c) => {
    const inputs = { rows: Uint32Array.of(4, 0, 2) };
    await expectOp(await nodeBackend(), (g) => pickRows(g.input("x", [3, 5, c]), g.input("rows", [3], "u32")), {
      inputs,
    });
  });

  test("a view shares memory and keeps the elements", async () => {
    const backend = await nodeBackend();
    await expectAgreement(backend, () => trace((g) => ({ y: slice(reshape(g.input("x", [3, 8]), [6, 4]), 1, 2) })));
  });
});
