import { describe, expect, test } from "vitest";
import { DistinctNames, quoted, safePath } from "../../../src/data/import/safe-path.ts";
import { FormatError } from "../../../src/errors.ts";

describe("safePath gives", () => {
  test.each([
    ["a.png", "a.png"],
    ["shark/a.png", "shark/a.png"],
    ["./shark/./a.png", "shark/a.png"],
    ["shark//a.png", "shark/a.png"],
    ["shark/", "shark"],
    ["...", "..."],
    ["a..b/..c/d..", "a..b/..c/d.."],
    ["10:30.png", "10:30.png"],
    ["é/日本.png", "é/日本.png"],
    ["__proto__/constructor", "__proto__/constructor"],
    ["x".repeat(255), "x".repeat(255)],
  ])("%s as %s", (name, path) => {
    expect(safePath(name, "a.zip")).toBe(path);
  });
});

describe("safePath refuses", () => {
  test.each([
    ["an empty name", "", "a name"],
    ["the folder itself", "./.", "a name"],
    ["a parent", "..", "without .."],
    ["a parent at the start", "../a", "without .."],
    ["a parent inside", "a/../../b", "without .."],
    ["a parent at the end", "a/..", "without .."],
    ["an absolute name", "/etc/passwd", "a relative name"],
    ["a network name", "//host/share", "a relative name"],
    ["a drive", "C:/a", "a relative name"],
    ["a drive without a slash", "c:a", "a relative name"],
    ["a drive behind ./", "./c:a", "a relative name"],
    ["a backslash", "a\\b", "separated by /"],
    ["a parent by backslashes", "..\\..\\a", "separated by /"],
    ["NUL", "a\0.png", "control characters"],
    ["a line break", "a\n.png", "control characters"],
    ["DEL", "a\x7f", "control characters"],
    ["a C1 control", "a\x9b31m", "control characters"],
    ["text turned around", "a\u202egnp.exe", "control characters"],
    ["half a surrogate pair", "a\ud800", "control characters"],
    ["256 bytes", "x".repeat(256), "at most 255 bytes"],
    ["256 bytes in 128 characters", "é".repeat(128), "at most 255 bytes"],
  ])("%s", (_, name, expected) => {
    expect(() => safePath(name, "a.zip")).toThrow(FormatError);
    expect(() => safePath(name, "a.zip")).toThrow(`a.zip: expected`);
    expect(() => safePath(name, "a.zip")).toThrow(expected);
  });

  test("a hostile name with an error that is short and printable", () => {
    expect(quoted(`\u202e\x9b${"x".repeat(1000)}`)).toMatch(/^"\\u202e\\u009bx+…"$/);
    expect(quoted("x".repeat(1000)).length).toBeLessThan(100);
  });
});

describe("DistinctNames", () => {
  test.each([
    ["the same name", "a.png", "a.png"],
    ["another case", "Shark/A.png", "shark/a.PNG"],
    ["another composition", "\u00e9", "e\u0301"],
  ])("refuses %s", (_, first, second) => {
    const names = new DistinctNames("a.zip");
    names.add(first);
    expect(() => names.add(second)).toThrow(FormatError);
  });

  test("accepts names that differ", () => {
    const names = new DistinctNames("a.zip");
    for (const name of ["a", "b", "a/b", "a b", "__proto__", "e", "é"]) expect(() => names.add(name)).not.toThrow();
  });
});
