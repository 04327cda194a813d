import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Results } from "../../src/experiment/record.ts";
import { tinyModelFiles, tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-demo-"));
  await writeFiles(join(folder, "world"), await tinyWorldFiles());
  await writeFiles(join(folder, "models"), await tinyModelFiles());
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

/** `npm run demo -- --browser` on the tiny world and networks, at its smallest size. */
const demo = (...overrides: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    const flags = ["world", "models"].map((name) => `--${name}=${join(folder, name)}`);
    const args = ["scripts/start.mjs", "demo", "--browser", ...flags, `--out=${join(folder, "runs")}`];
    const child = spawn(process.execPath, [...args, "--adapter=swiftshader", ...overrides], {
      env: { ...process.env, ROG_BROWSER_PROFILE: join(folder, "profile") },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
    child.on("error", reject);
    child.on("exit", (code) => resolve({ code, stdout, stderr }));
  });

const smallest = [
  "world.resolution=16",
  "classes=[red, green]",
  "generator={ steps: 1, guidance: 1, batch: 4 }",
  "retrieval.duplicates=1",
  "train.net={ block: basic, depths: [1], width: 4, stem: cifar }",
  "train.maxEpochs=1",
];

test("npm run demo -- --browser prints the table and writes the run's folder", async () => {
  const { code, stdout, stderr } = await demo(...smallest);
  expect(stderr).toMatch(/in Chromium, on .*swiftshader/i);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  for (const words of ["10 % real", "retriev", "20 % real", "Leak audit", "Report: "]) expect(stdout).toContain(words);
  const [run] = await readdir(join(folder, "runs"));
  const results = JSON.parse(await readFile(join(folder, "runs", run!, "results.json"), "utf8")) as Results;
  expect(results.conditions.map(({ id, n }) => [id, n])).toEqual([
    ["real-10", 2],
    ["clip-prompts", 2],
    ["retrieval", 2],
    ["real-20", 2],
  ]);
  expect(await readFile(join(folder, "runs", run!, "report.html"), "utf8")).toContain("<svg");
}, 600_000);

test("an error of the lab ends it with that error's exit code", async () => {
  const { code, stderr } = await demo(...smallest, "classes=[red, purple]");
  expect({ code, named: stderr.includes("purple") }).toEqual({ code: 3, named: true });
}, 300_000);
