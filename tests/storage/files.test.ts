import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileAtomic } from "../../src/storage/files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("temporary names tell processes of one number in two containers apart, and are gone after the write", async () => {
  const names: string[] = [];
  async function* pieces(): AsyncGenerator<Uint8Array> {
    names.push(...(await readdir(folder)));
    yield Uint8Array.of(names.length);
  }
  for (let i = 0; i < 2; i++) await writeFileAtomic(join(folder, String(i)), pieces());
  const random = names.flatMap((name) => /^\.\d\.(\d+)-([\da-f]{8}-[\da-f-]{27})\.tmp$/.exec(name)?.slice(1) ?? []);
  expect(random.filter((part) => part === String(process.pid))).toHaveLength(2);
  expect(new Set(random).size).toBe(3);
  expect(await readdir(folder)).toEqual(["0", "1"]);
  expect([...(await readFile(join(folder, "0")))]).toEqual([1]);
});
