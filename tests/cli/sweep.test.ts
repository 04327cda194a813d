import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { finishedRun, runKey } from "../../src/cli/choose-folder.ts";
import { openLab } from "../../src/cli/open-lab.ts";
import { run as resume } from "../../src/cli/resume.ts";
import { diskFolder, readResults } from "../../src/cli/run-files.ts";
import { run as runVerb } from "../../src/cli/run.ts";
import { stageVerb } from "../../src/cli/stage.ts";
import { run as sweep } from "../../src/cli/sweep.ts";
import { ConfigError } from "../../src/errors.ts";
import { readJson, writeJson } from "../../src/experiment/run-folder.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

// The tiny world in the place of a built one and a device; the flags' names stand for what is there.
vi.mock("../../src/cli/open-lab.ts", () => ({
  openLab: (_: number, given: { world?: string; models?: string; adapter?: string }) =>
    Promise.resolve({
      world: { ...tinyWorld(), hash: given.world ?? "a world" },
      networks: { ...tinyNetworks(), hash: given.models ?? "some", adapter: given.adapter ?? "an adapter" },
    }),
}));

let parent = "";
let specPath = "";
let runs = "";
let said: string[] = [];
let printed: string[] = [];
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-sweep-"));
  [specPath, runs] = [join(parent, "tiny.yaml"), join(parent, "runs")];
  const { classes, retrieval, train } = tinySpec();
  const spec = { classes, retrieval, train, name: "tiny", world: { resolution: 16 }, production: { factor: 3 } };
  await writeFile(specPath, JSON.stringify({ ...spec, sets: { n: 2 }, conditions: ["real-10", "retrieval"] }));
  [said, printed] = [[], []];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(parent, { recursive: true });
});

const tinyFields = ["classes=[red, green, blue]", "retrieval.duplicates=0.99999", "production.factor=3", "sets.n=2"];
const ratios = "sets.ratio=[1, 2]";
const start = (verb: (args: readonly string[]) => Promise<number>, ...args: string[]): Promise<number> => {
  [said, printed] = [[], []];
  return verb(["-c", specPath, "-o", runs, ...args]);
};
const runFolders = async (): Promise<string[]> => (await readdir(runs)).filter((name) => !name.startsWith("sweep"));

describe("a sweep", () => {
  test("makes its points once, and anew on another world, with other networks and on another adapter", async () => {
    expect(await start(sweep, "--over", ratios)).toBe(0);
    expect(await start(sweep, "--over", ratios)).toBe(0);
    expect(said.join("")).toBe("");
    expect(await runFolders()).toHaveLength(2);
    let count = 2;
    for (const [flag, reason] of [
      ["--world", "world a world, not other"],
      ["--models", "networks some, not other"],
      ["--adapter", "adapter an adapter, not other"],
    ] as const) {
      expect(await start(sweep, "--over", ratios, flag, "other")).toBe(0);
      expect(said.join("")).toContain(reason);
      expect(await runFolders()).toHaveLength((count += 2));
    }
    const lab = await openLab(16, { world: "other", models: undefined, adapter: undefined });
    const spec = tinySpec("conditions=[real-10, retrieval]", "sets.n=2", "sets.ratio=1");
    const { directory = "" } = await finishedRun(runs, await runKey(spec, lab));
    expect((await readResults(directory)).world.hash).toBe("other");
  });

  test("in shares works on every point, and collects without them", async () => {
    const share = (text: string): Promise<number> => start(sweep, "--over", ratios, "--shard", text);
    expect(await share("1/2")).toBe(75);
    expect(said.join("")).toMatch(/point 1 of 2[^]*waits for[^]*point 2 of 2[^]*the same command goes on\n$/);
    expect(said.join("")).toMatch(/with them this goes on: npm run -s rog -- sweep .*--shard 1\/2/);
    for (const text of ["2/2", "1/2", "2/2"]) await share(text);
    expect(await share("1/2")).toBe(0);
    expect(said.join("")).toMatch(/the same command without --shard collects\n$/);
    expect(printed).toEqual([]);
    expect(await start(sweep, "--over", ratios)).toBe(0);
    expect(await runFolders()).toHaveLength(2);
    expect(printed.join("")).toMatch(/sets\.ratio[^]*Files: /);
  });

  const sweepFolders = async (): Promise<string[]> =>
    (await readdir(runs)).filter((name) => name.startsWith("sweep_")).sort();

  test("is written to a folder of its fields and of its own, which another sweep leaves as it is", async () => {
    await start(sweep, "--over", ratios);
    const [first = ""] = await sweepFolders();
    expect(first).toMatch(/^sweep_tiny_sets\.ratio_[0-9a-f]{8}$/);
    expect(printed.join("")).toContain(`Files: ${join(runs, first)}\n`);
    await start(sweep, "--over", "sets.ratio=[1]");
    const other = (await sweepFolders()).find((name) => name !== first)!;
    expect(await readdir(join(runs, first))).toEqual(["curve.svg", "sweep.csv"]);
    expect(await readdir(join(runs, other))).toEqual(["sweep.csv"]);
    await start(sweep, "--over", ratios);
    expect(await sweepFolders()).toHaveLength(2);
    await start(sweep, "--over", "sets.ratio=[1]", "--over", "sets.mix=[union]");
    expect((await sweepFolders()).some((name) => name.startsWith("sweep_tiny_sets.ratio_sets.mix_"))).toBe(true);
  });

  test.each([
    [["--over", "sets.ratio=[1]", "--over", "sets.ratio=[2]"], /--over: expected each field once.*sets\.ratio twice/],
    [["--over", "sets.ratio=[1, 1]"], /--over sets\.ratio: expected each value once, got 1 twice/],
    [["--over", "classes=[2, 9]"], /classes: expected at most/],
  ] as const)("of %j is refused before its first run", async (args, message) => {
    await expect(start(sweep, ...args)).rejects.toThrow(message);
    await expect(readdir(runs)).rejects.toThrow(/ENOENT/);
  });
});

describe("an unfinished run", () => {
  test("is left as it is by a run on another world, and goes on on its own", async () => {
    await start(runVerb, "--until", "produce");
    const [first] = await runFolders();
    await start(runVerb, "--until", "produce", "--world", "other");
    expect(said[0]).toMatch(/is left as it is: world a world, not other/);
    expect(await runFolders()).toHaveLength(2);
    await start(runVerb);
    expect(said[0]).toBe(`resuming ${join(runs, first!)}\n`);
  });

  test("of other code of a method is left, and what the method did not make is taken over", async () => {
    const method = ["methods=examples/random-from-pool.ts", "conditions=[real-10, random-from-pool, retrieval]"];
    const args = ["-o", runs, "name=tiny", "world.resolution=16", ...tinyFields, ...method, "--until", "produce"];
    expect(await runVerb(args)).toBe(0);
    const folder = diskFolder(join(runs, (await runFolders())[0]!));
    const env = (await readJson(folder, "env.json")) as { readonly methods: Readonly<Record<string, string>> };
    expect(env.methods).toEqual({ "random-from-pool": expect.stringMatching(/^[0-9a-f]{64}$/) });
    await runVerb(args);
    expect(await runFolders()).toHaveLength(1);
    await writeJson(folder, "env.json", { ...env, methods: { "random-from-pool": "0".repeat(64) } });
    said = [];
    await runVerb(args);
    expect(said[0]).toMatch(/is left as it is: code of random-from-pool 00000000, not [0-9a-f]{8}; units/);
    const second = join(runs, (await runFolders())[1]!);
    const events = new TextDecoder().decode(await diskFolder(second).read("events.jsonl"));
    expect(events).toMatch(/"unit":"retrieval\/red","reused":true/);
  });

  test("is not resumed on another world", async () => {
    await start(runVerb, "--until", "produce", "--world", "other");
    const directory = join(runs, (await runFolders())[0]!);
    await expect(resume([directory])).rejects.toThrow(ConfigError);
    await expect(resume([directory])).rejects.toThrow(/--world: expected the world other that the run began with/);
    expect(await resume([directory, "--world", "other"])).toBe(0);
  });

  test("names what goes on with it, which neither ends nor starts over", async () => {
    for (const verb of [runVerb, stageVerb("produce")]) {
      await start(verb, "--resume", "never", ...(verb === runVerb ? ["--until", "produce"] : []));
      expect(said.at(-1)).toMatch(/this goes on: npm run -s rog -- run -c \S+ -o \S+\n$/);
    }
  });
});

test("a page's run is refused with `--resume never` and without time", async () => {
  for (const wrong of [
    ["--resume", "never"],
    ["--time-budget", "0"],
  ]) {
    const refused = runVerb(["-c", specPath, "--browser", ...wrong]);
    await expect(refused).rejects.toThrow(ConfigError);
  }
});
