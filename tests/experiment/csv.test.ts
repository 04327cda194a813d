import { expect, test } from "vitest";
import { csv } from "../../src/experiment/csv.ts";

test("cells are quoted where they must be, and nothing is an empty cell", () => {
  expect(
    csv([
      ["a", 1.5, null],
      ['say "x"', "b,c", "d\ne"],
    ]),
  ).toBe('a,1.5,\r\n"say ""x""","b,c","d\ne"\r\n');
});

test.each([
  ["=1+2", "'=1+2"],
  ["+ retrieved", "'+ retrieved"],
  ["-2+3", "'-2+3"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["\r=1", `"'\r=1"`],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
])("a text that a spreadsheet would compute gets an apostrophe: %j", (text, cell) => {
  expect(csv([[text]])).toBe(`${cell}\r\n`);
});

test.each([-0.5, "-0.5", "+1", "-1e-7", "-.5", "a=b", "−2"])("%j stays as it is", (value) => {
  expect(csv([[value]])).toBe(`${String(value)}\r\n`);
});

test.each([-Infinity, NaN])("%j is a number, so it stays", (value) => {
  expect(csv([[value]])).toBe(`${String(value)}\r\n`);
});
