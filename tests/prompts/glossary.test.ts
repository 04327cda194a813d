import { expect, test } from "vitest";
import world from "../../scripts/world/classes.json" with { type: "json" };
import { MissingError } from "../../src/errors.ts";
import { glossaryEntry } from "../../src/prompts/glossary.ts";

test("every class of the mini world has a hypernym and a definition, no two the same", () => {
  const entries = world.classes.map(({ key }) => glossaryEntry(key));
  for (const { hypernym } of entries) expect(hypernym).toMatch(/^[a-z]+$/);
  expect(new Set(entries.map(({ definition }) => definition)).size).toBe(world.classes.length);
});

test("a class that it does not know is an error with its name", () => {
  expect(() => glossaryEntry("okapi")).toThrow(MissingError);
  expect(() => glossaryEntry("okapi")).toThrow(/okapi/);
});
