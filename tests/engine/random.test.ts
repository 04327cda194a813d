import { describe, expect, test } from "vitest";
import type { Values } from "../../src/backends/backend.ts";
import { trace } from "../../src/graph/graph.ts";
import { randomRows } from "../../src/graph/ops/random.ts";
import { fillNormal, fillUniform, streamKey } from "../../src/random.ts";
import { nodeBackend } from "./node-backend.ts";

const width = 5 * 1001;
const rows = [
  { key: streamKey(1, "noise/shark"), sample: 7, step: 0 },
  { key: streamKey(1, "noise/shark"), sample: 8, step: 0 },
  { key: streamKey(2 ** 40 + 3, "timesteps"), sample: 4_294_967_295, step: 12_345 },
];
const seeds = Uint32Array.from(rows.flatMap(({ key, sample, step }) => [...key, sample, step]));

async function drawn(kind: "normal" | "uniform"): Promise<Values> {
  const backend = await nodeBackend();
  const graph = trace((g) => ({ y: randomRows(kind, g.input("seeds", [3, 4], "u32"), [5, 1001]) }));
  const program = await backend.compile(graph, backend.variables());
  await program.run({ seeds });
  return program.read("y");
}

describe("random rows on the device", () => {
  test("uniform numbers equal those of random.ts bit for bit", async () => {
    const y = await drawn("uniform");
    rows.forEach(({ key, sample, step }, r) => {
      const expected = new Float32Array(width);
      fillUniform(expected, key, sample, step);
      expect(y.slice(r * width, (r + 1) * width)).toEqual(expected);
    });
  });

  test("normal numbers equal those of random.ts to 1e-6 of their radius", async () => {
    const y = await drawn("normal");
    rows.forEach(({ key, sample, step }, r) => {
      const expected = new Float32Array(width);
      fillNormal(expected, key, sample, step);
      let worst = 0;
      for (let i = 0; i + 1 < width; i += 2) {
        const [a, b] = [expected[i]!, expected[i + 1]!];
        const at = r * width + i;
        worst = Math.max(worst, Math.hypot(y[at]! - a, y[at + 1]! - b) / Math.hypot(a, b));
      }
      expect(worst).toBeLessThan(1e-6);
    });
  });
});
