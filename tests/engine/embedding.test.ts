import { describe, test } from "vitest";
import { gather } from "../../src/graph/ops/embedding.ts";
import { nodeBackend } from "./node-backend.ts";
import { expectOp } from "./op-check.ts";

describe("gather", () => {
  const ids = Uint32Array.of(3, 0, 3, 6, 6, 3, 1, 0);
  test.each([8, 5])("%s columns and the gradient of repeated ids agree with the reference", async (c) => {
    await expectOp(await nodeBackend(), (g) => gather(g.input("table", [9, c]), g.input("ids", [2, 4], "u32")), {
      inputs: { ids },
    });
  });
});
