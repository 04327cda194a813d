import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { errorText, exitCodeOf, exitCodes } from "../../src/cli/exit-codes.ts";
import * as errors from "../../src/errors.ts";

describe("exitCodeOf", () => {
  test.each([
    [new errors.ConfigError("a", "b", "c"), 2],
    [new errors.MissingError("a", "b"), 3],
    [new errors.FormatError("a", "b", "c"), 3],
    [new errors.ShapeError("a", [1], [2]), 3],
    [new errors.AdapterError("a", "b"), 4],
    [new errors.QuotaError("a", 2, 1), 5],
    [new errors.OutOfMemoryError("a", 2, 1), 5],
    [new errors.NonFiniteError("a", 1, NaN), 7],
    [new errors.IntegrityError("a", "b", "c"), 8],
    [new errors.DeviceLostError("a", "b"), 9],
    [Object.assign(new Error("no such file"), { code: "ENOENT" }), 3],
    [Object.assign(new Error("no space"), { code: "ENOSPC" }), 5],
    [new TypeError("a bug"), 1],
    ["not even an error", 1],
  ])("%s ends with %i", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
    expect(exitCodes).toHaveProperty(String(code));
  });
});

describe("errorText", () => {
  test("says of a path what was expected and what came, without a stack", async () => {
    const error = async (act: Promise<unknown>): Promise<unknown> =>
      act.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    const folder = await mkdtemp(join(tmpdir(), "rog-errors-"));
    const file = join(folder, "file");
    await writeFile(file, "");
    const missing = await error(readFile(join(folder, "none")));
    expect(errorText(missing)).toBe(`${join(folder, "none")}: expected a file or folder that is there, got none`);
    const through = await error(readFile(join(file, "none")));
    expect(errorText(through)).toBe(`${join(file, "none")}: expected a folder, got a path that leads through a file`);
    const asFile = await error(readFile(folder));
    expect(errorText(asFile)).toMatch(/: expected a file, got a folder$/);
    expect([missing, through, asFile].map(exitCodeOf)).toEqual([3, 3, 3]);
    const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES", path: "/root/x" });
    expect(errorText(denied)).toBe("/root/x: expected a path that this user may read and write, got permission denied");
    await rm(folder, { recursive: true });
  });

  test("shows the stack of a bug alone", () => {
    expect(errorText(new TypeError("a bug"))).toMatch(/a bug\n\s+at /);
    expect(errorText(new errors.ConfigError("a", "b", "c"))).toBe("a: expected b, got c");
    expect(errorText("text")).toBe("text");
  });
});

describe("docs/cli.md", () => {
  const documentation = readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");

  test("lists every exit code with its meaning, and no other", async () => {
    const rows = [...(await documentation).matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ]);
    expect(rows).toEqual(Object.entries(exitCodes));
  });

  test("says what `--json` of every verb prints", async () => {
    const folder = new URL("../../src/cli/", import.meta.url);
    const section = /^## What `--json` prints\n(.*?)^## /ms.exec(await documentation)![1]!;
    const named = /^\| +`.*?\|/gm;
    const verbs = [...section.matchAll(named)].join(" ");
    let count = 0;
    for (const file of await readdir(folder)) {
      if (!/^ +json: \{ type: "boolean"/m.test(await readFile(new URL(file, folder), "utf8"))) continue;
      const verb = sharedFlags.get(file) ?? file.replace(/\.ts$/, "");
      expect(verbs, file).toContain(`\`${verb}`);
      count++;
    }
    expect(count).toBeGreaterThan(8);
  });
});

/** Files of flags that several verbs share, and one of these. */
const sharedFlags: ReadonlyMap<string, string> = new Map([
  ["run-flags.ts", "run"],
  ["world-folder.ts", "data import"],
]);
