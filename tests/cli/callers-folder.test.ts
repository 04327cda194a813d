import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { elsewhereHint, findable } from "../../src/cli/callers-folder.ts";
import { openWorld } from "../../src/cli/open-lab.ts";
import { sourceFiles } from "../../src/cli/source-files.ts";
import { MissingError } from "../../src/errors.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-caller-"));
  await writeFile(join(folder, "photos.zip"), "");
  await writeFile(join(folder, "world.json"), "");
  vi.stubEnv("INIT_CWD", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("errors about a missing source or world say where it lies in the folder that npm was called from", async () => {
  const hint = (name: string): string => `relative paths count from ${process.cwd()}; there is ${join(folder, name)}`;
  await expect(sourceFiles(["photos.zip"]).next()).rejects.toThrow(
    new MissingError("photos.zip", "the source", hint("photos.zip")),
  );
  await expect(openWorld(".")).rejects.toThrow(new MissingError(".", "world.json", hint("world.json")));
  expect(elsewhereHint("nowhere.zip")).toBeUndefined();
  expect(elsewhereHint("/nowhere/photos.zip")).toBeUndefined();
});

test("a path is absolute in commands where npm was called from another folder, else as it was given", () => {
  expect(findable("world/mine")).toBe(resolve("world/mine"));
  vi.stubEnv("INIT_CWD", process.cwd());
  expect(findable("world/mine")).toBe("world/mine");
  expect(elsewhereHint("photos.zip")).toBeUndefined();
});
