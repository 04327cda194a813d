import { describe, expect, test } from "vitest";
import { ambiguityMatrix, analyzeAmbiguity, classAmbiguity, knowsClasses } from "../../src/experiment/ambiguity.ts";
import { ambiguityFigure } from "../../src/experiment/figure-ambiguity.ts";
import { ambiguityCsv } from "../../src/experiment/result-tables.ts";
import { chooseClasses } from "../../src/experiment/run-data.ts";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { Stages } from "../../src/experiment/stages.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

const keys = ["bat", "crane", "seal"];

describe("the hits of a class", () => {
  const crane = classAmbiguity(1, ["crane", "crane", "bat", "machine", null, "crane", null, null], keys);

  test("are the class itself, another of the run, another of the world, or none", () => {
    const { itself, otherOfRun, otherOfWorld, none } = crane;
    expect([itself, otherOfRun, otherOfWorld, none]).toEqual([3 / 8, 1 / 8, 1 / 8, 3 / 8]);
    expect(itself + otherOfRun + otherOfWorld + none).toBe(1);
  });

  test("are counted by the class of the run that they show, classes without any left out", () => {
    expect(crane.hits).toEqual([
      { classIndex: 0, share: 1 / 8 },
      { classIndex: 1, share: 3 / 8 },
    ]);
    const ambiguity = { neighbours: 8, classes: [classAmbiguity(0, ["seal"], keys), crane, crane] };
    expect(ambiguityMatrix(ambiguity)[0]).toEqual([0, 0, 1]);
    expect(ambiguityMatrix(ambiguity)[1]).toEqual([1 / 8, 3 / 8, 0]);
  });

  test("may be none", () => {
    expect(classAmbiguity(0, [], keys)).toEqual({ itself: 0, otherOfRun: 0, otherOfWorld: 0, none: 0, hits: [] });
  });
});

describe("a pool of squares", () => {
  const world = tinyWorld();
  const spec = tinySpec();
  const dataset = chooseClasses(world.dataset, spec);
  const networks = tinyNetworks();
  const analyzed = async (signal = new AbortController().signal) => {
    const stages = new Stages(memoryFolder(), () => Promise.resolve());
    const watch = { stages, signal, onEvent: () => Promise.resolve() };
    const { entries, pixels } = world.pool;
    const size = pixels.length / entries.length;
    const image = (i: number) => ({ width: 16, height: 16, data: pixels.subarray(i * size, (i + 1) * size) });
    const pooled = await networks.embedImages({ count: entries.length, image });
    return analyzeAmbiguity({ spec, dataset, networks, hashes: [], watch }, world.pool, pooled);
  };

  test("is asked for 25 neighbours of every class, most of which show the class of 20 pictures", async () => {
    const found = (await analyzed())!;
    expect(found.neighbours).toBe(25);
    expect(found.classes).toHaveLength(3);
    for (const { itself, otherOfRun, otherOfWorld, none } of found.classes) {
      expect(itself).toBeGreaterThan(0.5);
      expect(itself).toBeLessThanOrEqual(20 / 25);
      expect(none).toBe(0);
      expect(itself + otherOfRun + otherOfWorld).toBeCloseTo(1, 12);
    }
  });

  test("gives nothing when it was stopped", async () => {
    expect(await analyzed(AbortSignal.abort())).toBeUndefined();
  });

  test("knows classes when one of its pictures does", () => {
    const entries = world.pool.entries.map((entry) => ({ ...entry, class: null }));
    expect(knowsClasses(world.pool)).toBe(true);
    expect(knowsClasses({ ...world.pool, entries })).toBe(false);
  });
});

describe("shown", () => {
  const many = Array.from({ length: 30 }, (_, i) => `class number ${String(i)} & more`);
  const classes = many.map((_, own) => {
    const shown = [...Array<string>(own).fill(many[own]!), ...Array<null>(30 - own).fill(null)];
    return classAmbiguity(own, shown, many);
  });
  const ambiguity = { neighbours: 30, classes };

  test("the table has a line a class: four shares, then one for each class of the run", () => {
    const lines = ambiguityCsv(ambiguity, many).trim().split("\r\n");
    expect(lines).toHaveLength(31);
    expect(lines[16]!.split(",").slice(0, 5)).toEqual([many[15], "0.5", "0", "0", "0.5"]);
    expect(lines[16]!.split(",")).toHaveLength(5 + 30);
  });

  test("the figure holds all classes where they fit, and else the 24 that find themselves least, and says so", () => {
    const svg = ambiguityFigure(ambiguity, many);
    expect(svg).toContain("the 24 of 30 classes that find themselves least");
    expect(svg).toContain(">rest of the run<");
    expect(svg.match(/<rect x/g)).toHaveLength(24 * 27);
    expect(svg).not.toMatch(/NaN|undefined|& /);
    const few = ambiguityFigure({ ...ambiguity, classes: classes.slice(0, 3) }, many.slice(0, 3));
    expect(few).not.toContain("of 30 classes");
    expect(few.match(/<rect x/g)).toHaveLength(3 * 5);
  });
});
