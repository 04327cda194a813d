import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { exitCodeOf, exitCodes } from "../../src/cli/exit-codes.ts";
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
    [new TypeError("a bug"), 1],
    ["not even an error", 1],
  ])("%s ends with %i", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
    expect(exitCodes).toHaveProperty(String(code));
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
