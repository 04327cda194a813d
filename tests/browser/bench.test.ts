import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BenchResults } from "../bench/results.ts";
import { onnxModel } from "../bench/onnx-model.ts";
import { permuted } from "../bench/values.ts";

test("the bench at smoke size agrees with f64 in all four libraries and writes its rows", () => {
  const folder = mkdtempSync(join(tmpdir(), "rog-bench-test-"));
  const out = join(folder, "results.json");
  try {
    const args = ["scripts/start.mjs", "bench", "--rounds", "1", "--only", "matmul 256", "--software", "--out", out];
    const run = spawnSync(process.execPath, args, { encoding: "utf8", env: process.env });
    expect(run.status, run.stderr).toBe(0);
    const { adapter, rows } = JSON.parse(readFileSync(out, "utf8")) as BenchResults;
    expect(adapter).toMatch(/swiftshader/i);
    expect(rows.map(({ name }) => name)).toEqual(["matmul 256"]);
    const [row] = rows;
    for (const time of [row!.ours, row!.peers.ort, row!.peers.tfjs, row!.peers.jax]) expect(time).toBeGreaterThan(0);
    const peers = Object.values(row!.peers).map((time) => time ?? Infinity);
    expect(row!.ratioToBest).toBeCloseTo(Math.min(...peers) / row!.ours, 10);
    for (const error of Object.values(row!.errors)) expect(error).toBeLessThan(1e-5);
    expect(run.stdout).toContain("| matmul 256");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);

test("the bench refuses a row that it does not have", () => {
  const args = ["scripts/start.mjs", "bench", "--only", "matmull"];
  const run = spawnSync(process.execPath, args, { encoding: "utf8", env: process.env });
  expect(run.status).not.toBe(0);
  expect(run.stderr).toContain("--only: expected part of one of matmul 256 |");
});

test("axes are reordered as a transposition does", () => {
  expect([...permuted(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3], [1, 0])]).toEqual([0, 3, 1, 4, 2, 5]);
});

test("a model's first bytes are its version, and its float attribute carries its type", () => {
  const nodes = [{ type: "Elu", inputs: ["x"], output: "y", floats: { alpha: 1 } }];
  const bytes = [...onnxModel({ inputs: { x: [1] }, outputs: { y: [1] }, nodes })];
  expect(bytes.slice(0, 2)).toEqual([8, 8]);
  // Field 2 (alpha as a 32-bit float), then field 20 (type 1).
  const attribute = [21, 0, 0, 128, 63, 160, 1, 1];
  expect(bytes.join(",")).toContain(attribute.join(","));
});
