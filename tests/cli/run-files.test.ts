import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { diskFolder, listRuns, tidyFolder } from "../../src/cli/run-files.ts";
import { writeJson } from "../../src/experiment/run-folder.ts";
import { unitSource } from "../../src/experiment/shards.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-runs-"));
});
afterEach(() => rm(parent, { recursive: true }));

test("a folder keeps what is written, whole, and adds what is appended", async () => {
  const folder = diskFolder(join(parent, "a"));
  expect(await folder.read("b/c.bin")).toBeUndefined();
  await folder.write("b/c.bin", Uint8Array.of(1, 2));
  await folder.append("log", "x\n");
  await folder.append("log", "y\n");
  expect(Uint8Array.from((await folder.read("b/c.bin"))!)).toEqual(Uint8Array.of(1, 2));
  expect(new TextDecoder().decode(await folder.read("log"))).toBe("x\ny\n");
  expect(await readdir(join(parent, "a", "b"))).toEqual(["c.bin"]);
});

test("what a kill left of a write is removed, a living process's write and other files stay", async () => {
  const folder = join(parent, "run");
  await mkdir(join(folder, "produce"), { recursive: true });
  const dead = 2 ** 22 + 1; // above the largest number that a process gets
  const id = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
  const left = [`.a.json.${String(dead)}-3.tmp`, `.a.json.${String(dead)}-${id}.tmp`];
  const stay = [`.b.json.${String(process.pid)}-${id}.tmp`, "c.tmp", ".d"];
  for (const name of [...left, ...stay]) await writeFile(join(folder, "produce", name), "half");
  expect(await tidyFolder(folder)).toBe(2);
  expect((await readdir(join(folder, "produce"))).sort()).toEqual(stay.sort());
  expect(await tidyFolder(join(parent, "none"))).toBe(0);
});

describe("a run in shares", () => {
  const shared = "shared_demo_01234567";
  const early = "2026-11-22T10:00:00.000Z";
  const state = { specHash: "s", state: "stopped", startedAt: early, elapsedSeconds: 0, peakMemoryBytes: null };
  const event = (unit: string, elapsedMs: number): string =>
    `${JSON.stringify({ event: "unit-finished", stage: "produce", unit, reused: false, elapsedMs })}\n`;

  beforeEach(async () => {
    const folder = diskFolder(join(parent, shared));
    await writeJson(folder, "run.json", state);
    await writeJson(folder, "shards.json", { count: 2 });
    for (const [i, share] of ["1-of-2", "2-of-2"].entries()) {
      const own = { ...state, state: i === 0 ? "running" : "stopped", elapsedSeconds: 5 + i, peakMemoryBytes: 10 - i };
      await writeJson(folder, `shards/${share}/run.json`, own);
      await folder.append(`shards/${share}/events.jsonl`, event(`a/${share}`, 30) + event("a/both", 20));
    }
  });

  test("is told of with the time, memory and units of all shares, and as running while one of them works", async () => {
    expect(await listRuns(parent)).toEqual([
      {
        ...{ directory: join(parent, shared), specHash: "s", startedAt: early },
        ...{ state: "interrupted", elapsedSeconds: 11, peakMemoryBytes: 10, unitsFinished: 3 },
      },
    ]);
    await diskFolder(join(parent, shared)).write(".lock-1-of-2", new TextEncoder().encode(String(process.pid)));
    expect((await listRuns(parent))[0]!.state).toBe("running");
    await rm(join(parent, shared, "run.json"));
    expect((await listRuns(parent))[0]).toMatchObject({ state: "running", startedAt: early, elapsedSeconds: 11 });
  });

  test("stands among others by when it began, not by its name", async () => {
    const later = { ...state, startedAt: "2026-11-22T12:00:00.000Z" };
    await writeJson(diskFolder(join(parent, "2026-11-22T12-00-00Z_demo_01234567")), "run.json", later);
    expect((await listRuns(parent)).map(({ startedAt }) => startedAt)).toEqual([later.startedAt, early]);
  });

  test("gives other runs its units with the time that making them took", async () => {
    const { times } = await unitSource(diskFolder(join(parent, shared)));
    expect(Object.fromEntries(times)).toEqual({
      ...{ "produce/a/1-of-2": 30, "produce/a/2-of-2": 30, "produce/a/both": 20 },
    });
  });
});
