import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError, NonFiniteError } from "../../src/errors.ts";
import {
  advancePlateau,
  paperPlateau,
  startPlateau,
  type PlateauRule,
  type PlateauState,
} from "../../src/training/plateau.ts";
import cases from "../fixtures/training/plateau.json" with { type: "json" };

function run(rule: PlateauRule, scores: readonly number[], rate = 0.1): PlateauState[] {
  let state = startPlateau(rule, rate);
  return scores.map((score) => (state = advancePlateau(rule, state, score)));
}

describe("the paper's rule", () => {
  const flat = run(paperPlateau, [0.5, ...new Array<number>(30).fill(0.5)]);

  test("the rate falls after the tenth epoch without a gain", () => {
    expect(flat[9]?.rate).toBe(0.1);
    expect(flat[10]?.rate).toBeCloseTo(0.01, 15);
  });

  test("training ends after the twentieth, with a second fall in the same epoch", () => {
    expect(flat[19]?.stopped).toBe(false);
    expect(flat[20]?.stopped).toBe(true);
    expect(flat[20]?.rate).toBeCloseTo(0.001, 15);
    expect(flat[20]).toMatchObject({ epoch: 21, bestEpoch: 1, best: 0.5 });
  });

  test("a stopped state no longer changes", () => expect(flat.at(-1)).toEqual(flat[20]));

  test("any gain restarts both counts and marks the checkpoint", () => {
    const states = run(paperPlateau, [0.5, 0.4, 0.4, 0.5 + 1e-9]);
    expect(states[2]).toMatchObject({ sinceBest: 2, sinceDrop: 2, bestEpoch: 1 });
    expect(states[3]).toMatchObject({ sinceBest: 0, sinceDrop: 0, bestEpoch: 4, epoch: 4 });
  });

  test("training ends at the last epoch even while it gains", () => {
    const states = run({ ...paperPlateau, maxEpochs: 3 }, [0.1, 0.2, 0.3, 0.4]);
    expect(states.map((state) => state.stopped)).toEqual([false, false, true, true]);
    expect(states[3]?.best).toBe(0.3);
  });
});

describe("torch's rule", () => {
  test.each(cases)("rates equal ReduceLROnPlateau's at patience $patience", ({ patience, factor, scores, rates }) => {
    const rule: PlateauRule = { kind: "torch", patience, factor, stopAfter: 1000, maxEpochs: 1000 };
    run(rule, scores).forEach((state, i) => expect(state.rate).toBeCloseTo(rates[i] ?? NaN, 15));
  });
});

test("a state that went through JSON goes on as if it had not", () => {
  const scores = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(scores, fc.nat(59), fc.constantFrom("paper" as const, "torch" as const), (values, cut, kind) => {
      const rule: PlateauRule = { kind, patience: 3, factor: 0.5, stopAfter: 8, maxEpochs: 50 };
      const whole = run(rule, values).at(-1);
      let state = startPlateau(rule, 0.1);
      values.forEach((score, i) => {
        state = advancePlateau(rule, state, score);
        if (i === cut) state = JSON.parse(JSON.stringify(state)) as PlateauState;
      });
      expect(state).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test("rules and scores out of range are refused", () => {
  expect(() => startPlateau(paperPlateau, 0)).toThrow(ConfigError);
  expect(() => startPlateau({ ...paperPlateau, factor: 1 }, 0.1)).toThrow(ConfigError);
  expect(() => startPlateau({ ...paperPlateau, patience: 0 }, 0.1)).toThrow(ConfigError);
  expect(() => advancePlateau(paperPlateau, startPlateau(paperPlateau, 0.1), NaN)).toThrow(NonFiniteError);
});
