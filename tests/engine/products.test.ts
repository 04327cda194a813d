import { describe, test } from "vitest";
import { conv2d } from "../../src/graph/ops/conv.ts";
import type { MatmulOptions } from "../../src/graph/ops/matmul.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { expectGradients } from "./gradient-check.ts";

describe("gradients of products on the reference", () => {
  const forms: [string, MatmulOptions, number[], number[]][] = [
    ["a b", {}, [3, 5], [5, 4]],
    ["aᵀ b", { transposeA: true }, [5, 3], [5, 4]],
    ["a bᵀ", { transposeB: true }, [3, 5], [4, 5]],
    ["aᵀ bᵀ", { transposeA: true, transposeB: true }, [5, 3], [4, 5]],
    ["a batch", { transposeB: true }, [2, 3, 5], [2, 4, 5]],
  ];
  test.each(forms)("%s equals finite differences", async (_, options, a, b) => {
    await expectGradients((g) => matmul(g.input("a", a), g.input("b", b), options));
  });

  test.each([
    [1, 1, 3],
    [2, 1, 3],
    [2, 0, 2],
    [2, [0, 1, 0, 1] as const, 3],
    [1, [2, 1, 0, 3] as const, 3],
    [2, 0, 1],
  ])(
    "a convolution with stride %s, padding %s and a kernel of %s equals finite differences",
    async (stride, padding, k) => {
      await expectGradients((g) => conv2d(g.input("x", [2, 5, 6, 4]), g.input("w", [k, k, 4, 8]), { stride, padding }));
    },
  );
});
