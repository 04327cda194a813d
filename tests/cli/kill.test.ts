import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RandomStream } from "../../src/random.ts";

let folder = "";
let bundle = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-kill-"));
  // Packages stay outside of the bundle, so it must lie where Node finds them.
  bundle = join(process.cwd(), ".cache", `kill-test-${String(process.pid)}.mjs`);
  await build({
    entryPoints: ["tests/cli/tiny-run.ts"],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    loader: { ".wgsl": "text" },
    logLevel: "warning",
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(bundle);
});

/** Runs to the end, or kills the process that many milliseconds after it started; what it printed, or null. */
function start(directory: string, killAfterMs: number | null): Promise<string | null> {
  const child = spawn(process.execPath, [bundle, directory], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (data: Buffer) => {
    text += data.toString();
    if (killAfterMs !== null) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      resolve(code === 0 ? text.replace("go\n", "") : null);
    });
  });
}

test("a process that is killed at random times finds, when it may end, what one that was left alone finds", async () => {
  const whole = join(folder, "whole");
  const began = performance.now();
  const expected = await start(whole, null);
  const tookMs = performance.now() - began;
  expect(expected).toContain('"retrieval"');
  const random = new RandomStream(5, "kills");
  let directory = "";
  let kills = 0;
  // A busy machine may take longer for the first run than for the next, which then ends before its kill: again, sooner.
  for (let attempt = 0; kills === 0 && attempt < 4; attempt++) {
    directory = join(folder, `killed-${String(attempt)}`);
    const frame = (tookMs * 0.7) / 2 ** attempt;
    while (kills < 6 && (await start(directory, random.uniform() * frame)) === null) kills++;
  }
  expect(kills).toBeGreaterThan(0);
  expect(await start(directory, null)).toBe(expected);
  for (const path of ["metrics.jsonl", "figures/accuracy-dots.svg", "produce/clip-prompts/red.bin"])
    expect(await readFile(join(directory, path)), path).toEqual(await readFile(join(whole, path)));
});
