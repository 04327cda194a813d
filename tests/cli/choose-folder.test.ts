import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  chooseFolder,
  finishedRun,
  otherRunText,
  requireInputs,
  sharedFolder,
  type RunKey,
} from "../../src/cli/choose-folder.ts";
import { diskFolder } from "../../src/cli/run-files.ts";
import type { RunInputs } from "../../src/cli/run-inputs.ts";
import { ConfigError } from "../../src/errors.ts";
import { writeJson } from "../../src/experiment/run-folder.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-choose-"));
});
afterEach(() => rm(parent, { recursive: true }));

const hash = "0123456789abcdef".repeat(4);
const noon = Date.UTC(2026, 10, 22, 12);
const inputs: RunInputs = { world: "a".repeat(64), networks: "b".repeat(64), adapter: "tiny", methods: { mine: "c" } };
const key: RunKey = { name: "demo", hash, inputs };
const keyWith = (changes: Partial<RunInputs>): RunKey => ({ ...key, inputs: { ...inputs, ...changes } });

type State = "running" | "stopped" | "done";

/** A run folder. @param kept what it says of its inputs; nothing, as of an earlier version, without it */
async function leave(at: number, state: State, kept?: Partial<RunInputs>, specHash = hash): Promise<string> {
  const { directory } = await chooseFolder(parent, { ...key, hash: specHash }, "never", at);
  return write(directory, at, state, kept, specHash);
}

async function write(
  directory: string,
  at: number,
  state: State,
  kept?: Partial<RunInputs>,
  specHash = hash,
): Promise<string> {
  const folder = diskFolder(directory);
  await writeJson(folder, "run.json", { specHash, state, startedAt: new Date(at).toISOString() });
  if (kept) await writeJson(folder, "env.json", { ...kept, cores: 2 });
  return directory;
}

test("a new folder is named by time, name and hash, and never is another's", async () => {
  const first = join(parent, "2026-11-22T12-00-00Z_demo_01234567");
  expect(await chooseFolder(parent, key, "auto", noon)).toEqual({ directory: first, resumed: false });
  await write(first, noon, "done");
  const second = join(parent, "2026-11-22T12-00-01Z_demo_01234567");
  expect(await chooseFolder(parent, key, "auto", noon)).toEqual({ directory: second, resumed: false });
});

test.each(["running", "stopped"] as const)("the latest %s run of the same spec is resumed", async (state) => {
  await leave(noon, "stopped");
  const latest = await leave(noon + 60_000, state);
  const chosen = await chooseFolder(parent, key, "auto", noon + 120_000);
  expect(chosen).toEqual({ directory: latest, resumed: true });
});

test("after a finished run, with another spec or with `never` it starts anew", async () => {
  await leave(noon, "stopped");
  expect((await chooseFolder(parent, key, "never", noon + 1000)).resumed).toBe(false);
  const other = { ...key, hash: hash.replace("0", "f") };
  expect((await chooseFolder(parent, other, "auto", noon + 1000)).resumed).toBe(false);
  await leave(noon + 60_000, "done");
  expect((await chooseFolder(parent, key, "auto", noon + 120_000)).resumed).toBe(false);
});

test("a shared run that is done does not hide an unfinished one that began after it", async () => {
  await write(await sharedFolder(parent, key), noon, "done");
  const begun = await leave(noon + 60_000, "stopped");
  expect(await chooseFolder(parent, key, "auto", noon + 120_000)).toEqual({ directory: begun, resumed: true });
});

describe("an unfinished run", () => {
  test.each([
    ["world", { world: "f".repeat(64) }, "world aaaaaaaa, not ffffffff"],
    ["networks", { networks: "f".repeat(64) }, "networks bbbbbbbb, not ffffffff"],
    ["code of an own method", { methods: { mine: "d" } }, "code of mine c, not d"],
  ])("of another %s is left as it is, and the reason is told", async (_, changes, reason) => {
    const directory = await leave(noon, "stopped", inputs);
    const chosen = await chooseFolder(parent, keyWith(changes), "auto", noon + 1000);
    expect(chosen.resumed).toBe(false);
    expect(chosen.other!.directory).toBe(directory);
    expect(otherRunText(chosen.other!)).toContain(`${directory} is left as it is: ${reason};`);
    expect(await chooseFolder(parent, key, "auto", noon + 2000)).toEqual({ directory, resumed: true });
  });

  test("is gone on with past a later one of another world", async () => {
    const directory = await leave(noon, "stopped", inputs);
    await leave(noon + 1000, "stopped", { ...inputs, world: "other" });
    expect(await chooseFolder(parent, key, "auto", noon + 2000)).toEqual({ directory, resumed: true });
  });

  test("goes on on another adapter, and where it does not say what it was begun with", async () => {
    const first = await leave(noon, "stopped", { ...inputs, adapter: "other" });
    expect(await chooseFolder(parent, key, "auto", noon + 2000)).toEqual({ directory: first, resumed: true });
    const second = await leave(noon + 1000, "stopped");
    expect(await chooseFolder(parent, key, "auto", noon + 2000)).toEqual({ directory: second, resumed: true });
    const { methods: _, ...earlier } = inputs;
    const third = await leave(noon + 2000, "stopped", earlier);
    expect(await chooseFolder(parent, key, "auto", noon + 3000)).toEqual({ directory: third, resumed: true });
  });
});

describe("a finished run", () => {
  test.each([
    ["world", { world: "other" }],
    ["networks", { networks: "other" }],
    ["adapter", { adapter: "other" }],
    ["code of an own method", { methods: { mine: "other" } }],
  ])("is not another %s's", async (_, changes) => {
    const directory = await leave(noon, "done", inputs);
    await leave(noon + 1000, "stopped", inputs);
    expect(await finishedRun(parent, key)).toEqual({ directory });
    const { directory: taken, other } = await finishedRun(parent, keyWith(changes));
    expect([taken, other?.directory]).toEqual([undefined, directory]);
    // The first run's results are there still, though a later one is another's.
    await leave(noon + 2000, "done", { ...inputs, ...changes });
    expect(await finishedRun(parent, key)).toEqual({ directory });
  });

  test("of an earlier version, which does not say what it was made from, is taken", async () => {
    const directory = await leave(noon, "done");
    expect(await finishedRun(parent, key)).toEqual({ directory });
  });
});

test("a folder that is named is refused with other inputs, by the flag that chooses them", async () => {
  const directory = await write(await sharedFolder(parent, key), noon, "stopped", inputs);
  await requireInputs(directory, { ...inputs, adapter: "other" });
  await expect(requireInputs(directory, { ...inputs, world: "other" })).rejects.toThrow(
    new ConfigError(`${directory} --world`, "the world aaaaaaaa that the run began with", "other"),
  );
  await expect(sharedFolder(parent, keyWith({ networks: "other" }))).rejects.toThrow(ConfigError);
});
