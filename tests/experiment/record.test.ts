import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/errors.ts";
import { summarizeConditions } from "../../src/experiment/record.ts";
import { madeUpResults } from "./made-up-results.ts";

describe("summarizeConditions", () => {
  const [real10, generated, retrieval, real20] = madeUpResults.conditions;

  test("orders conditions as the study does, however they were run", () => {
    expect(madeUpResults.conditions.map(({ id }) => id)).toEqual(["real-10", "clip-prompts", "retrieval", "real-20"]);
  });

  test("gives mean, standard error and the paired gap to retrieval", () => {
    expect(real10?.mean).toBeCloseTo(0.491, 12);
    // Deviations -9, +10, -1 thousandths: sqrt(182 / 2 / 3).
    expect(real10?.standardError).toBeCloseTo(Math.sqrt(182 / 6) / 1000, 12);
    expect(real10?.gapToRetrieval).toMatchObject({ separable: true });
    expect(real10?.gapToRetrieval?.mean).toBeCloseTo(0.491 - (0.53 + 0.545 + 0.538) / 3, 12);
    expect(generated?.gapToRetrieval?.separable).toBe(false);
    expect(real20?.gapToRetrieval?.mean).toBeGreaterThan(0);
    expect(retrieval?.gapToRetrieval).toBeNull();
  });

  test("compares with 10 % real, and says how far of the way to 20 % real a condition has come", () => {
    expect(real10).toMatchObject({ gapToReal: null, shareOfTheWay: 0 });
    expect(real20).toMatchObject({ shareOfTheWay: 1 });
    expect(generated?.gapToReal?.mean).toBeCloseTo((0.52 + 0.55 + 0.512) / 3 - 0.491, 12);
    const [a, b, c] = [0.491, 1.582 / 3, 1.747 / 3];
    expect(generated?.shareOfTheWay).toBeCloseTo((b - a) / (c - a), 12);
  });

  test("there is no way to 20 % real where its mean is that of 10 % real but for rounding", () => {
    const scores = [
      { id: "real-10" as const, accuracy: [0.1, 0.2, 0.3] },
      { id: "real-20" as const, accuracy: [0.3, 0.2, 0.1] },
    ];
    expect(summarizeConditions(scores).map(({ shareOfTheWay }) => shareOfTheWay)).toEqual([null, null]);
  });

  test("p-values are adjusted for the three conditions that are compared with retrieval", () => {
    expect(retrieval?.pToRetrieval).toBeNull();
    const compared = [real10, generated, real20].map((result) => result!.pToRetrieval!);
    const smallest = Math.min(...compared.map(({ alone }) => alone));
    expect(Math.min(...compared.map(({ holm }) => holm))).toBeCloseTo(3 * smallest, 12);
    // scipy.stats.ttest_rel([.52, .55, .512], [.53, .545, .538])
    expect(generated?.pToRetrieval?.alone).toBeCloseTo(0.36761026992582524, 9);
    expect(compared.every(({ alone, holm }) => holm >= alone)).toBe(true);
  });

  test("a condition whose classifiers all differ from retrieval's by the same amount is no part of the family", () => {
    const [same, other] = summarizeConditions([
      { id: "real-10", accuracy: [9 / 32, 13 / 32] },
      { id: "clip-prompts", accuracy: [0.3, 0.32] },
      { id: "retrieval", accuracy: [5 / 32, 9 / 32] },
    ]);
    expect(same).toMatchObject({ gapToRetrieval: { separable: false }, pToRetrieval: null });
    expect(other?.pToRetrieval?.holm).toBe(other?.pToRetrieval?.alone);
  });

  test("one classifier has neither error nor gap, and no retrieval means no gap", () => {
    const [single] = summarizeConditions([
      { id: "real-10", accuracy: [0.5] },
      { id: "retrieval", accuracy: [0.6] },
    ]);
    expect(single).toMatchObject({ n: 1, standardError: null, gapToRetrieval: null, pToRetrieval: null });
    const [alone] = summarizeConditions([{ id: "real-10", accuracy: [0.5, 0.6] }]);
    expect(alone?.gapToRetrieval).toBeNull();
  });

  test("unequal numbers of classifiers are refused", () => {
    const scores = [
      { id: "real-10" as const, accuracy: [0.5, 0.6] },
      { id: "retrieval" as const, accuracy: [0.6, 0.5, 0.4] },
    ];
    expect(() => summarizeConditions(scores)).toThrow(ShapeError);
  });
});
