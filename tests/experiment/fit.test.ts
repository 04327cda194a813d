import { describe, expect, test } from "vitest";
import { ConfigError, FormatError, MissingError } from "../../src/errors.ts";
import { requireFit } from "../../src/experiment/fit.ts";
import { chooseClasses } from "../../src/experiment/run-data.ts";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import type { Method } from "../../src/methods/method.ts";
import { allMethods } from "../../src/methods/registry.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

const world = tinyWorld();
const runIt = (spec: ReturnType<typeof tinySpec>, methods?: Readonly<Record<string, Method>>, of = world) => {
  const files = new Map<string, Uint8Array>();
  const gauges = { now: Date.now, peakMemoryBytes: () => null };
  const options = { signal: new AbortController().signal, gauges, commands: [], ...(methods ? { methods } : {}) };
  return { files, ended: run(spec, of, tinyNetworks(), memoryFolder(files), options) };
};

describe("a spec that does not fit its world", () => {
  test.each([
    ["classes=[red, violet]", MissingError, /class violet is missing \(it has red, green, blue, \w+\)/],
    ["classes=[red, gren]", MissingError, /did you mean green\? It has red/],
    ["classes=[red, red thing]", ConfigError, /each class once, got red twice/],
    ["classes=[red]", ConfigError, /classes: expected 2 or more/],
    ["classes=9", ConfigError, /classes: expected at most 4, got 9/],
  ] as const)("%s is refused before anything is written", async (classes, kind, message) => {
    const { files, ended } = runIt(tinySpec(classes));
    await expect(ended).rejects.toThrow(kind);
    await expect(ended).rejects.toThrow(message);
    expect(files.size).toBe(0);
  });

  test("so is a method that lacks the words of a class, before other methods learn", async () => {
    const spec = tinySpec("conditions=[real-10, textual-inversion, sariyildiz]");
    const classes = world.dataset.classes.map(({ key, name }) => ({ key, name }));
    const { files, ended } = runIt(spec, undefined, { ...world, dataset: { ...world.dataset, classes } });
    await expect(ended).rejects.toThrow(/an entry for the class "red" is missing/);
    expect(files.size).toBe(0);
    expect(() => {
      requireFit(spec, world.dataset, allMethods());
    }).not.toThrow();
  });
});

test("classes are found by their names too", () => {
  const names = world.dataset.classes.map(({ name }) => name);
  expect(names).not.toContain("red");
  const spec = { ...tinySpec(), classes: [names[2]!, "red"] };
  expect(chooseClasses(world.dataset, spec).classes.map(({ key }) => key)).toEqual(["blue", "red"]);
});

describe("a method that is not the project's own", () => {
  const own = (produce: () => Promise<unknown>): Readonly<Record<string, Method>> => {
    const method = { ...allMethods()["simple-prompt"]!, code: "0", produce } as Method;
    return { ...allMethods(), "simple-prompt": method };
  };
  const spec = tinySpec("conditions=[real-10, simple-prompt]");

  test.each([
    [
      () => Promise.reject(new TypeError("x is undefined")),
      /method simple-prompt: produce for class red: expected a result, got x is undefined/,
    ],
    [() => Promise.resolve({ images: [] }), /class red: funnel: expected counts by name, got undefined/],
    [() => Promise.resolve({ images: [], funnel: {} }), /class red: shortfall: expected how many/],
    [() => Promise.resolve({ funnel: {}, shortfall: 0 }), /class red: images: expected a list, got undefined/],
  ] as const)("is named with the class where it fails (%#)", async (produce, message) => {
    const { ended } = runIt(spec, own(produce));
    await expect(ended).rejects.toThrow(FormatError);
    await expect(ended).rejects.toThrow(message);
  });
});
