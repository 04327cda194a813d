import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseFolder, diskFolder, tidyFolder } from "../../src/cli/run-files.ts";
import { writeJson } from "../../src/experiment/run-folder.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-runs-"));
});
afterEach(() => rm(parent, { recursive: true }));

const hash = "0123456789abcdef".repeat(4);
const noon = Date.UTC(2026, 10, 22, 12);

async function leave(at: number, state: "running" | "stopped" | "done", specHash = hash): Promise<string> {
  const { directory } = await chooseFolder(parent, "demo", specHash, "never", at);
  await writeJson(diskFolder(directory), "run.json", { specHash, state });
  return directory;
}

test("a new folder is named by time, name and hash", async () => {
  expect(await chooseFolder(join(parent, "none"), "demo", hash, "auto", noon)).toEqual({
    directory: join(parent, "none", "2026-11-22T12-00-00Z_demo_01234567"),
    resumed: false,
  });
});

test.each(["running", "stopped"] as const)("the latest %s run of the same spec is resumed", async (state) => {
  await leave(noon, "stopped");
  const latest = await leave(noon + 60_000, state);
  const chosen = await chooseFolder(parent, "demo", hash, "auto", noon + 120_000);
  expect(chosen).toEqual({ directory: latest, resumed: true });
});

test("after a finished run, with another spec or with `never` it starts anew", async () => {
  await leave(noon, "stopped");
  expect((await chooseFolder(parent, "demo", hash, "never", noon + 1000)).resumed).toBe(false);
  expect((await chooseFolder(parent, "demo", hash.replace("0", "f"), "auto", noon + 1000)).resumed).toBe(false);
  await leave(noon + 60_000, "done");
  expect((await chooseFolder(parent, "demo", hash, "auto", noon + 120_000)).resumed).toBe(false);
});

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
