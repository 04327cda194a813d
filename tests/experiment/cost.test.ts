import { describe, expect, test } from "vitest";
import { methodCosts } from "../../src/experiment/cost.ts";
import type { ConditionId } from "../../src/experiment/conditions.ts";
import { costSection } from "../../src/experiment/report-images.ts";
import { costCsv } from "../../src/experiment/result-tables.ts";
import { allMethods } from "../../src/methods/registry.ts";
import { madeUpResults } from "./made-up-results.ts";

const ids: ConditionId[] = ["clip-prompts", "textual-inversion", "da-fusion", "retrieval"];
const image = { width: 1, height: 1, data: Uint8Array.of(0, 0, 0) };
const provenance = { kind: "generated", prompt: "", sample: 0, seed: 0 } as const;
/** Two classes with 30 kept images each, of which the first set adds 10 each. */
const productions = new Map(
  ids.map((id) => {
    const images = Array.from({ length: 30 }, (_, i) => ({ id: String(i), image, provenance }));
    return [id, ["bat", "eel"].map((key) => ({ key, images, funnel: {}, shortfall: 0, hash: "" }))];
  }),
);
const added = Array.from({ length: 10 }, (_, i) => String(i));
const set = { index: 0, classes: ["bat", "eel"].map((key) => ({ key, real: [], added, shortfall: 0 })) };
const inputs = {
  methods: new Map(ids.map((id) => [id, allMethods()[id]!])),
  productions,
  sets: new Map(ids.map((id) => [id, [set]])),
  poolUnits: 2,
};
const times = new Map([
  ["world/pool-0", 3000],
  ["world/pool-1", 1000],
  ["adapt/textual-inversion", 50_000],
  ["produce/clip-prompts/bat", 70_000],
  ["produce/clip-prompts/eel", 50_000],
  ["produce/textual-inversion/bat", 60_000],
  ["produce/textual-inversion/eel", 60_000],
  ["produce/da-fusion/bat", 9000],
  ["produce/da-fusion/eel", 9000],
  ["produce/retrieval/bat", 400],
  ["produce/retrieval/eel", 200],
]);

describe("costs", () => {
  const costs = methodCosts(inputs, times);
  const of = (wanted: ConditionId) => costs.methods.find(({ id }) => id === wanted)!;

  test("a method's seconds are those of its units, an image's share holds the adaptation", () => {
    expect(of("clip-prompts")).toMatchObject({ adaptSeconds: 0, produceSeconds: 120, images: 60, secondsPerImage: 2 });
    expect(of("textual-inversion").secondsPerImage).toBeCloseTo(170 / 60, 12);
  });

  test("a set costs the adaptation and its share of the production", () => {
    expect(of("clip-prompts")).toMatchObject({ setImages: 20, setSeconds: 40 });
    expect(of("textual-inversion").setSeconds).toBe(50 + 40);
  });

  test("a method that uses another's adaptation counts it", () => {
    expect(of("da-fusion")).toMatchObject({ adaptSeconds: 50, produceSeconds: 18 });
  });

  test("equal seconds are those of the cheapest set that is generated, in which that method makes just its set", () => {
    expect(costs).toMatchObject({ cheapest: "clip-prompts", equalSeconds: 40, poolSeconds: 4 });
    expect(of("clip-prompts").imagesInEqualSeconds).toBe(20);
    expect(of("textual-inversion").imagesInEqualSeconds).toBe(0);
    expect(of("retrieval").imagesInEqualSeconds).toBe(4000);
  });
});

test("a time that is not known makes no number, and another method the cheapest", () => {
  const some = new Map([...times].filter(([name]) => name !== "produce/clip-prompts/eel" && name !== "world/pool-1"));
  const costs = methodCosts(inputs, some);
  expect(costs.methods[0]).toMatchObject({ produceSeconds: null, secondsPerImage: null, imagesInEqualSeconds: null });
  expect(costs).toMatchObject({ cheapest: "da-fusion", poolSeconds: null });
  expect(methodCosts(inputs, new Map())).toMatchObject({ cheapest: null, equalSeconds: null });
});

test("the table has a line a method, unknown numbers left empty", () => {
  const lines = costCsv(madeUpResults).trim().split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^clip-prompts,0\.52\d+,0,180,360,0\.5,120,60,60,120$/);
  expect(lines[2]).toMatch(/^retrieval,0\.53\d+,0,,130,,120,,60,$/);
});

test("the report shows costs beside accuracies, and a dash for what is not known", () => {
  const html = costSection(madeUpResults);
  expect(html).toContain("<td>0.5 s</td><td>1 min 0 s</td><td>120</td>");
  expect(html).toContain("<td>0 s</td><td>–</td><td>130</td><td>–</td><td>–</td><td>–</td>");
  expect(costSection({ ...madeUpResults, costs: { ...madeUpResults.costs, methods: [] } })).toBe("");
});
