import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleForNode } from "../../scripts/setup/bundle.mjs";
import { lockFolder } from "../../src/cli/folder-lock.ts";
import { diskFolder } from "../../src/cli/run-files.ts";
import { ConfigError } from "../../src/errors.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-lock-"));
});
afterEach(() => rm(parent, { recursive: true }));

test("a folder that a living process holds is refused, one of a dead process is taken over", async () => {
  const folder = diskFolder(parent);
  await folder.write(".lock", new TextEncoder().encode(String(process.ppid)));
  await expect(lockFolder(parent)).rejects.toThrow(ConfigError);
  await folder.write(".lock", new TextEncoder().encode("2147483646"));
  const unlock = await lockFolder(parent);
  await unlock();
  expect(await readdir(parent)).toEqual([]);
  // As earlier versions left it.
  await folder.write(".lock", new Uint8Array(0));
  await (
    await lockFolder(parent)
  )();
  expect(await readdir(parent)).toEqual([]);
});

test("the claim of a process that died at a dead process's lock is passed over, that of a living one is respected", async () => {
  const put = (name: string, pid: number): Promise<void> => writeFile(join(parent, name), `${String(pid)} x`);
  await put(".lock", 2147483646);
  await put(".lock.stale-2147483646x-0", 2147483645);
  await put(".lock.stale-2147483646x-1", process.ppid);
  await expect(lockFolder(parent)).rejects.toThrow(`process ${String(process.ppid)}`);
  await put(".lock.stale-2147483646x-1", 2147483644);
  const unlock = await lockFolder(parent);
  expect(await readdir(parent)).toEqual([".lock"]);
  await unlock();
});

test.each(["no lock", "a dead process's lock"])(
  "of processes that start at once on %s, one has the folder",
  async (before) => {
    const shared = await bundleForNode("tests/cli/lock-folder.ts");
    for (let turn = 0; turn < 3; turn++) {
      const directory = join(parent, String(turn));
      await mkdir(directory);
      if (before !== "no lock") await writeFile(join(directory, ".lock"), "2147483646");
      const at = String(Date.now() + 1000);
      const children = Array.from({ length: 6 }, () => spawn(process.execPath, [shared, directory, at]));
      const said = await Promise.all(children.map(async ({ stdout }) => String((await once(stdout, "data"))[0])));
      const ended = children.map((child) => once(child, "close"));
      for (const child of children) child.stdin.end();
      await Promise.all(ended);
      expect(
        said.filter((word) => word === "has it\n"),
        said.join(""),
      ).toHaveLength(1);
      expect(await readdir(directory)).toEqual([".lock"]);
    }
  },
  60_000,
);
