import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { auditPairs, pairsToShow } from "../../src/app/steps/why/audit-pairs.ts";
import { costAxes, costPoints, placeLabels, spreadLabels } from "../../src/app/steps/why/cost-points.ts";
import { binsOf, brushBetween, classesIn, wholeBrush } from "../../src/app/steps/why/histogram-bins.ts";
import { improvedConditions, takenFor } from "../../src/app/steps/why/taken-for.ts";
import { readScaling } from "../../src/app/runs/scaling.ts";
import { scalingAxes, scalingLines } from "../../src/app/steps/why/scaling-lines.ts";
import { scalingTable } from "../../src/app/steps/why/scaling-table.ts";
import type { Confusions, Gallery } from "../../src/experiment/gallery.ts";
import type { Results } from "../../src/experiment/record.ts";
import { sweepCsv } from "../../src/experiment/sweep.ts";

const recorded = async <T>(file: string): Promise<T> =>
  JSON.parse(await readFile(`tests/fixtures/recorded/demo/${file}`, "utf8")) as T;

describe("a histogram of gains", () => {
  const gains = [-0.174, 0.156, 0.02, 0.049, 0.05, 0, -0.001];

  test("has every class in exactly one bin, with an edge at zero and a round width", () => {
    const bins = binsOf(gains);
    expect(bins.flatMap(({ classes }) => classes).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const { low, high, classes } of bins)
      for (const index of classes) expect([gains[index]! >= low - 1e-9, gains[index]! < high]).toEqual([true, true]);
    expect(bins.some(({ low }) => Math.abs(low) < 1e-12)).toBe(true);
    expect(bins[0]!.high - bins[0]!.low).toBeCloseTo(0.05, 12);
  });

  test("holds at most a dozen bins, whatever the span, and zero even when all gain", () => {
    for (const span of [0.004, 0.03, 0.11, 0.5, 1]) {
      const bins = binsOf([-span / 3, span / 7, span]);
      expect(bins.length).toBeLessThanOrEqual(12);
    }
    expect(binsOf([0.31, 0.35])[0]!.low).toBe(0);
    expect(binsOf([0])).toEqual([{ low: 0, high: 0.01, classes: [0] }]);
  });

  test("a brush holds the classes between its ends, the largest gain first", () => {
    expect(classesIn(gains, { low: 0, high: 0.05 })).toEqual([4, 3, 2, 5]);
    expect(classesIn(gains, wholeBrush(binsOf(gains)))).toEqual([1, 4, 3, 2, 5, 6, 0]);
  });

  test("a brush lies at whole points within the bins, whichever way it was drawn", () => {
    const bins = binsOf(gains);
    const brush = brushBetween(0.0512, -0.0349, bins);
    expect([brush.low, brush.high].map((value) => Math.round(1000 * value))).toEqual([-30, 50]);
    const far = brushBetween(-3, 3, bins);
    expect(far).toEqual(wholeBrush(bins));
  });
});

describe("what a class is taken for", () => {
  const confusions: Confusions = {
    version: 1,
    classes: ["a", "b", "c"],
    conditions: [
      {
        id: "real-10",
        matrix: [
          [2, 6, 2],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
      {
        id: "retrieval",
        matrix: [
          [7, 0, 3],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    ],
  };

  test("are shares of its test pictures before and after, the most frequent first, itself left out", () => {
    expect(takenFor(confusions, 0, ["real-10", "retrieval"])).toEqual([
      { classIndex: 1, before: 0.6, after: 0 },
      { classIndex: 2, before: 0.2, after: 0.3 },
    ]);
    expect(takenFor(confusions, 1, ["real-10", "retrieval"])).toEqual([]);
  });

  test("is not known without confusions or without the condition", () => {
    expect(takenFor(null, 0, ["real-10", "retrieval"])).toBeNull();
    expect(takenFor(confusions, 0, ["real-10", "imagic"])).toBeNull();
  });

  test("in the recorded run adds up with the accuracy that its results hold", async () => {
    const [results, counts] = [await recorded<Results>("results.json"), await recorded<Confusions>("confusions.json")];
    for (const { id, accuracy } of improvedConditions(results.perClass))
      accuracy.forEach((right, own) => {
        const missed = takenFor(counts, own, ["real-10", id], Infinity)!.reduce((sum, { after }) => sum + after, 0);
        expect(missed).toBeCloseTo(1 - right, 12);
      });
  });
});

describe("audited pairs", () => {
  test("of the recorded run are sorted by similarity, and the flagged ones are shown", async () => {
    const pairs = auditPairs(await recorded<Gallery>("gallery.json"));
    const similarities = pairs.map(({ picture }) => picture.nearest.similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    expect(pairs.length).toBeGreaterThan(10);
    const flagged = pairs.filter(({ picture }) => picture.flagged);
    expect(flagged.length).toBeGreaterThan(0);
    const { first, total } = pairsToShow(pairs, 12);
    expect(first.every(({ picture }) => picture.flagged)).toBe(true);
    expect(first[0]!.picture).toEqual(flagged[0]!.picture);
    expect([total <= flagged.length, first.length]).toEqual([true, Math.min(12, total)]);
  });

  test("that several conditions retrieved are shown once, with all of them", async () => {
    const [pair] = auditPairs(await recorded<Gallery>("gallery.json")).filter(
      ({ picture }) => picture.provenance["pool"],
    );
    const twin = { ...pair!, set: { ...pair!.set, id: "retrieval-diverse" } };
    const drawn = { ...pair!, picture: { ...pair!.picture, provenance: {} } };
    const { first, total } = pairsToShow([pair!, twin, drawn, { ...drawn, column: pair!.column + 1 }], 12);
    expect(total).toBe(3);
    expect(first.map(({ ids }) => ids)).toEqual([[pair!.set.id, "retrieval-diverse"], [pair!.set.id], [pair!.set.id]]);
  });

  test("without a flagged one are the most similar", async () => {
    const pairs = auditPairs(await recorded<Gallery>("gallery.json")).filter(({ picture }) => !picture.flagged);
    const { first } = pairsToShow(pairs, 5);
    expect(first.map(({ picture }) => picture.nearest.similarity)).toEqual(
      [...first].map(({ picture }) => picture.nearest.similarity).sort((a, b) => b - a),
    );
    expect(first[0]!.picture).toEqual(pairs[0]!.picture);
  });
});

describe("costs", () => {
  test("of the recorded run are methods with a known time, the cheapest first, within the axes", async () => {
    const results = await recorded<Results>("results.json");
    const points = costPoints(results);
    expect(points.map(({ id }) => id)).toEqual(["retrieval", "clip-prompts"]);
    const { x, y } = costAxes(points, 0.3);
    for (const { seconds, result } of points)
      for (const at of [x.at(seconds), y.at(result.mean), y.at(0.3)])
        expect([at > -1e-9, at < 100 + 1e-9]).toEqual([true, true]);
  });

  test("without a time are left out", () => {
    const none = { costs: { poolSeconds: null, cheapest: null, equalSeconds: null, methods: [] }, conditions: [] };
    expect(costPoints(none)).toEqual([]);
  });

  test("labels are spread so that none lies on another or outside", () => {
    const placed = spreadLabels([50, 52, 10, 99, 98], 10, 100);
    const sorted = [...placed].sort((a, b) => a - b);
    sorted.slice(1).forEach((y, i) => expect(y - sorted[i]!).toBeGreaterThanOrEqual(10 - 1e-9));
    expect(sorted.at(-1)).toBeLessThanOrEqual(100);
    expect(placed[2]).toBe(10);
    expect(placed[3]!).toBeGreaterThan(placed[4]!);
  });

  test("names of cheap marks lie beside them, those of dear ones in a column, none on another of its kind", () => {
    const marks = [
      { x: 5, y: 50 },
      { x: 60, y: 52 },
      { x: 62, y: 51 },
      { x: 90, y: 50 },
      { x: 91, y: 50 },
    ];
    const places = placeLabels(marks, 10, 100);
    expect(places.map(({ inColumn }) => inColumn)).toEqual([false, true, true, true, true]);
    // Names beside marks do not push those of the column.
    expect(places[0]!.y).toBe(50);
    expect(places.slice(1).map(({ y }) => y)).toEqual([80, 70, 50, 60]);
  });
});

describe("a sweep that came with a run", () => {
  const results = async (excluded: Results["excluded"], mean: number): Promise<Results> => {
    const demo = await recorded<Results>("results.json");
    return { ...demo, excluded, conditions: demo.conditions.map((condition) => ({ ...condition, mean })) };
  };
  const at = (path: string, value: number) => [{ path, value }];

  test("is read back as it was written, and tabled by number and condition", async () => {
    const found = [
      { point: at("sets.ratio", 10), results: await results({ bird: "too few" }, 0.4321) },
      { point: at("sets.ratio", 0.5), results: await results({}, 0.25) },
    ];
    const points = readScaling(sweepCsv(found));
    expect(
      points.map(({ ratio, condition, mean, n, standardError, classes, classesLeftOut }) => ({
        ...{ ratio, condition, mean, n, standardError, classes, classesLeftOut },
      })),
    ).toEqual(
      found.flatMap(({ point, results: { conditions, classes, excluded } }) =>
        conditions.map(({ id, n, mean, standardError }) => ({
          ...{ ratio: point[0]!.value, condition: id, mean, n, standardError, classes: classes.length },
          classesLeftOut: Object.keys(excluded).length,
        })),
      ),
    );
    const { head, rows } = scalingTable(points);
    expect(head).toHaveLength(2 + found[0]!.results.conditions.length);
    expect(rows.map((row) => [row[0], row.at(-1)])).toEqual([
      ["0.5×", "0"],
      ["10×", "1"],
    ]);
    expect(rows[1]![1]).toMatch(/^43\.2 ± \d/);
  });

  test("has a line a condition over axes that hold errors and bands, and begins at no added image", async () => {
    const excluded = await results({ bird: "too few" }, 0.4);
    const found = [
      { point: at("sets.ratio", 10), results: { ...excluded, excludedTestImages: { bird: 30 } } },
      { point: at("sets.ratio", 1), results: await results({}, 0.3) },
    ];
    const points = readScaling(sweepCsv(found));
    const lines = scalingLines(points);
    expect(lines.map(({ condition }) => condition)).toEqual(excluded.conditions.map(({ id }) => id));
    for (const line of lines) {
      expect(line.points.map(({ ratio }) => ratio)).toEqual([1, 10]);
      expect(line.hasBand).toBe(true);
      expect(line.points[0]).toMatchObject({ worst: 0.3, best: 0.3 });
    }
    const { x, y } = scalingAxes(points);
    expect([x.low, x.high]).toEqual([0, 10]);
    for (const { mean, standardError, worst, best } of points)
      for (const value of [mean - standardError!, mean + standardError!, worst, best])
        expect([y.at(value) >= 0, y.at(value) <= 100]).toEqual([true, true]);
  });

  test("is nothing along another field, and where there is none", async () => {
    expect(readScaling(sweepCsv([{ point: at("generator.guidance", 3), results: await results({}, 0.3) }]))).toEqual(
      [],
    );
    expect(readScaling("")).toEqual([]);
  });
});
