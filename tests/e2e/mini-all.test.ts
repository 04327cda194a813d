import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MethodBench } from "../../src/cli/bench.ts";
import type { Results } from "../../src/experiment/record.ts";
import { allMethods } from "../../src/methods/registry.ts";
import { tinyModelFiles, tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-all-"));
  await writeFiles(join(folder, "world"), await tinyWorldFiles());
  await writeFiles(join(folder, "models"), await tinyModelFiles());
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Makes the study small enough for a test; its conditions and their order stay. */
const smallest = [
  ...["world.resolution=16", "classes=[red, green]", "sets.n=2", "production.factor=1", "retrieval.duplicates=1"],
  ...["generator={ steps: 2, guidance: 2, batch: 4 }", "train.maxEpochs=1"],
  "train.net={ block: basic, depths: [1], width: 4, stem: cifar }",
  ...["imagic", "pseudoword-dm", "ft-conditioning", "ft-cluster", "textual-inversion"].map(
    (id) => `methods.${id}.maxEpochs=1`,
  ),
];

/** A verb on the study, the tiny world and networks. */
const rog = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    const flags = ["world", "models"].map((name) => `--${name}=${join(folder, name)}`);
    const verb = [...args, "-c", "specs/mini-all.yaml", ...flags, "--json"];
    const child = spawn(process.execPath, ["scripts/start.mjs", "rog", ...verb, ...smallest]);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
    child.on("error", reject);
    child.on("exit", (code) => resolve({ code, stdout, stderr }));
  });

test("rog run -c specs/mini-all.yaml judges all sixteen conditions, from the networks to the report", async () => {
  const { code, stdout, stderr } = await rog("run", `--out=${join(folder, "runs")}`);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  const results = JSON.parse(stdout) as Results;
  const ids = results.conditions.map(({ id }) => id);
  expect(ids).toHaveLength(16);
  for (const id of ["real-10", "real-20", ...Object.keys(allMethods())]) expect(ids).toContain(id);
  for (const { accuracy } of results.conditions) expect(accuracy).toHaveLength(2);
  const [run] = await readdir(join(folder, "runs"));
  const sheet = await readFile(join(folder, "runs", run!, "figures/contact-sheet.svg"), "utf8");
  expect(sheet.match(/<image/g)!.length).toBeGreaterThan(2 * 15);
}, 900_000);

test("rog bench --methods times each method in a process of its own", async () => {
  const only = "conditions=[clip-prompts, ft-conditioning, retrieval]";
  const { code, stdout, stderr } = await rog("bench", "--methods", only, "--classes=2");
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  const rows = JSON.parse(stdout) as MethodBench[];
  expect(rows.map(({ id }) => id)).toEqual(["clip-prompts", "ft-conditioning", "retrieval"]);
  for (const { produceSecondsPerImage, images, peakMemoryBytes } of rows) {
    expect(produceSecondsPerImage).toBeGreaterThan(0);
    expect(images).toBeGreaterThan(2);
    expect(peakMemoryBytes).toBeGreaterThan(2 ** 26);
  }
  expect(rows.map(({ adaptSecondsPerClass }) => adaptSecondsPerClass > 0)).toEqual([false, true, false]);
}, 900_000);
