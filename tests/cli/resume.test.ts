import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { demoCommand } from "../../src/cli/demo.ts";
import { earlierCommand, keptSpec, latestUnfinished, run as resume } from "../../src/cli/resume.ts";
import { diskFolder } from "../../src/cli/run-files.ts";
import { goingOn, run as runVerb } from "../../src/cli/run.ts";
import { ConfigError, MissingError } from "../../src/errors.ts";
import { writeJson } from "../../src/experiment/run-folder.ts";
import { specHash } from "../../src/experiment/spec.ts";
import { tinySpec } from "../experiment/tiny-world.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-resume-"));
});
afterEach(() => rm(parent, { recursive: true }));

const spec = tinySpec();
const hash = await specHash(spec);

/** A run folder that holds a spec and a state. */
async function leave(name: string, state: string, config: unknown = spec): Promise<string> {
  const directory = join(parent, name);
  await writeJson(diskFolder(directory), "config.resolved.json", config);
  await writeJson(diskFolder(directory), "run.json", { specHash: hash, state });
  return directory;
}

describe("which run", () => {
  test("is the latest unfinished one, be it stopped or its process gone", async () => {
    const older = await leave("1", "running");
    await leave("2", "done");
    expect(await latestUnfinished(parent)).toBe(older);
    const newer = await leave("3", "stopped");
    expect(await latestUnfinished(parent)).toBe(newer);
    // This process works in it.
    await diskFolder(await leave("4", "running")).write(".lock", new TextEncoder().encode(String(process.pid)));
    expect(await latestUnfinished(parent)).toBe(newer);
  });

  test("is the last begun, whatever it is called, and no shared one while a share of it is worked on", async () => {
    const begin = async (name: string, startedAt: string): Promise<string> => {
      const directory = await leave(name, "stopped");
      const state = { specHash: hash, state: "stopped", startedAt, elapsedSeconds: 0, peakMemoryBytes: null };
      await writeJson(diskFolder(directory), "run.json", state);
      return directory;
    };
    const shared = await begin("shared_tiny_0", "2026-11-22T10:00:00.000Z");
    const later = await begin("2026-11-22T12-00-00Z_tiny_0", "2026-11-22T12:00:00.000Z");
    expect(await latestUnfinished(parent)).toBe(later);
    await rm(later, { recursive: true });
    expect(await latestUnfinished(parent)).toBe(shared);
    const folder = diskFolder(shared);
    await writeJson(folder, "shards/2-of-4/run.json", { specHash: hash, state: "running" });
    await folder.write(".lock-2-of-4", new TextEncoder().encode(String(process.pid)));
    await expect(latestUnfinished(parent)).rejects.toThrow(MissingError);
  });

  test("must be there", async () => {
    await leave("1", "done");
    await expect(resume(["-o", parent])).rejects.toThrow(/an unfinished run is missing/);
    await expect(resume([join(parent, "none")])).rejects.toThrow(MissingError);
    await expect(resume(["a", "b"])).rejects.toThrow(ConfigError);
  });
});

test("units are taken over from a run, and only where there is one", async () => {
  await expect(runVerb(["-o", parent, "--units-from", parent])).rejects.toThrow(/run\.json is missing \(--units-from/);
  await expect(runVerb(["-o", parent, "--units-from", parent, "--browser"])).rejects.toThrow(ConfigError);
});

test("a finished run says so, and nothing is done", async () => {
  const directory = await leave("1", "done");
  const spy = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    expect(await resume([directory])).toBe(0);
    expect(spy.mock.calls.join("")).toMatch(/1 is finished: .*report\.html/);
  } finally {
    spy.mockRestore();
  }
});

test("a finished run that is gone over again keeps the command that repeats it", async () => {
  const directory = await leave("1", "done");
  await expect(earlierCommand(directory)).rejects.toThrow(MissingError);
  await writeJson(diskFolder(directory), "results.json", { commands: ["npm run demo"] });
  expect(await earlierCommand(directory)).toBe("npm run demo");
  // Its spec is read like that of any run that goes on.
  await writeJson(diskFolder(directory), "config.resolved.json", { ...spec, seed: 9 });
  await expect(resume([directory, "--again"])).rejects.toThrow(ConfigError);
});

describe("the spec of the folder", () => {
  test("is the one that the run began with", async () => {
    expect(await keptSpec(await leave("1", "stopped"), hash)).toEqual(spec);
  });

  test("is refused by file and field when it no longer parses", async () => {
    const directory = await leave("1", "stopped", { ...spec, train: { ...spec.train, rate: "fast" } });
    await expect(resume([directory])).rejects.toThrow(/config\.resolved\.json:\d+:\d+ train\.rate: .*got "fast"/);
  });

  test("is refused when it became another", async () => {
    const directory = await leave("1", "stopped", { ...spec, seed: 9 });
    await expect(keptSpec(directory, hash)).rejects.toThrow(new RegExp(`the spec ${hash.slice(0, 8)}.*edited`));
  });

  test("is refused when it is not there", async () => {
    await writeJson(diskFolder(join(parent, "1")), "run.json", { specHash: hash, state: "stopped" });
    await expect(resume([join(parent, "1")])).rejects.toThrow(/config\.resolved\.json is missing/);
  });

  test("names no code that would be run", async () => {
    const directory = await leave("1", "stopped", { ...spec, methods: { ...spec.methods, files: ["./mine.ts"] } });
    await expect(resume([directory])).rejects.toThrow(/methods\.files: expected none; `rog run -c SPEC`.*mine\.ts/);
  });
});

test("what goes on is the same command without an end and without a new beginning", () => {
  expect(goingOn(["-c", "a.yaml", "--until", "train", "seed=2"])).toEqual(["-c", "a.yaml", "seed=2"]);
  expect(goingOn(["--until=train", "--json"])).toEqual(["--json"]);
  expect(goingOn(["--resume", "never", "--time-budget", "10"])).toEqual(["--time-budget", "10"]);
  expect(goingOn(["--resume=never"])).toEqual([]);
  expect(demoCommand(["--until", "produce", "classes=4"])).toBe("npm run demo -- classes=4");
  expect(demoCommand(["--until=produce"])).toBe("npm run demo");
});
