import { describe, expect, test } from "vitest";
import { readArguments, readFlags, requireWhole } from "../../src/cli/arguments.ts";
import { ConfigError } from "../../src/errors.ts";

const flags = {
  json: { type: "boolean", help: "" },
  out: { type: "string", help: "", short: "o" },
  seed: { type: "number", help: "" },
  class: { type: "strings", help: "" },
} as const;

const read = (...args: string[]) => readArguments("train", args, flags);

describe("readArguments", () => {
  test("absent flags are false, undefined or empty", () => {
    expect(read().flags).toEqual({ json: false, out: undefined, seed: undefined, class: [] });
  });

  test("values come in the flag's type, and the rest in order", () => {
    const { flags: given, positionals } = read(
      "a",
      "--json",
      "-o",
      "x",
      "--seed=-1.5e3",
      "--class",
      "cat",
      "--class=dog",
      "b",
    );
    expect(given).toEqual({ json: true, out: "x", seed: -1500, class: ["cat", "dog"] });
    expect(positionals).toEqual(["a", "b"]);
  });

  test("an unknown flag names the nearest one", () => {
    expect(() => read("--sed", "1")).toThrow(new ConfigError("rog train", "a flag such as --seed", "--sed"));
  });

  test.each(["fast", "", "1x", "NaN", "Infinity"])("a number that is %j is refused", (text) => {
    expect(() => read(`--seed=${text}`)).toThrow(ConfigError);
  });

  test("an unknown letter is named as it was given", () => {
    expect(() => read("-c", "x")).toThrow(new ConfigError("rog train", "one of the flags that --help lists", "-c"));
  });

  test.each([
    ["--seed", "-1"],
    ["-o", "-x"],
  ])("%s before a value that begins with a dash is told in one line how to give it", (...given) => {
    expect(() => read(...given)).toThrow(/^rog train: expected a value, as --\w+=VALUE .*, got --\w+$/);
  });

  test("whole numbers are held against their least", () => {
    for (const value of [undefined, 1, 7]) expect(() => requireWhole("train", "seed", value)).not.toThrow();
    expect(() => requireWhole("train", "seed", 0, 0)).not.toThrow();
    for (const value of [0, -1, 1.5, 2 ** 60])
      expect(() => requireWhole("train", "seed", value)).toThrow(
        /^rog train: expected --seed with a whole number from 1 up/,
      );
  });

  test("a flag without its value is refused", () => {
    expect(() => read("--out")).toThrow(ConfigError);
  });

  test("what a verb of flags alone is given beside them is refused", () => {
    const json = { json: { type: "boolean", help: "" } } as const;
    expect(readFlags("status", ["--json"], json)).toEqual({ json: true });
    expect(() => readFlags("status", ["runss", "--json"], json)).toThrow(
      new ConfigError("rog status", "flags alone", "runss"),
    );
  });
});
