import { expect, test } from "vitest";
import { tableText } from "../../src/experiment/table.ts";
import { madeUpResults } from "./made-up-results.ts";

test("the table shows mean, error, n, gap and words of each condition, then answer and audit", () => {
  const lines = tableText(madeUpResults).split("\n");
  expect(lines[0]).toMatch(/^training set +top-1, % +SE +n +gap to retrieval \[95 %\] +in words$/);
  expect(lines[2]).toMatch(/^10 % real +49\.1 +0\.6 +3 +−4\.7 \[−5\.2, −4\.1\] +below retrieval$/);
  expect(lines[3]).toMatch(/^\+ generated \(CLIP prompts\) +52\.7 +1\.2 +3 +−1\.0 \[.+\] +not separable at n = 3$/);
  expect(lines[4]).toMatch(/^\+ retrieved +53\.8 +0\.4 +3 +– +the reference$/);
  expect(lines.at(-2)).toBe(
    "3 classes, chance 12.5 %; 200 test images, scored once a classifier; the leak audit looks at them too.",
  );
  expect(lines.at(-1)).toBe("Leak audit against validation and test: + retrieved 2 of 120 flagged.");
});

test("excluded classes and dropped images are named", () => {
  const [first] = madeUpResults.audit!.conditions;
  const audit = { ...madeUpResults.audit!, conditions: [{ ...first!, dropped: 2 }] };
  const text = tableText({ ...madeUpResults, audit, excluded: { cat: "retrieval found 3 of 4 images" } });
  expect(text).toContain("Left out of every condition: cat (retrieval found 3 of 4 images).");
  expect(text).toContain("2 of 120 flagged, 2 left out.");
});
