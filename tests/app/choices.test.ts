import { beforeEach, describe, expect, test } from "vitest";
import {
  chosenConditions,
  hasSeenResult,
  markResultSeen,
  predictionFor,
  resultSeen,
  withChosen,
  withCondition,
} from "../../src/app/choices.ts";

describe("conditions of a live run", () => {
  test("the first tick brings those that every run has, in the order of the table", () => {
    expect(withCondition(null, "real-20", true)).toEqual(["real-10", "retrieval", "real-20"]);
  });
  test("a condition is put in at its place and taken out again", () => {
    const more = withCondition(["real-10", "retrieval"], "imagic", true);
    expect(more).toEqual(["real-10", "imagic", "retrieval"]);
    expect(withCondition(more, "imagic", false)).toEqual(["real-10", "retrieval"]);
  });
  test("what others are compared with cannot be taken out", () => {
    expect(withCondition(["real-10", "retrieval"], "retrieval", false)).toEqual(["real-10", "retrieval"]);
  });
  test("ids that no condition has are dropped", () => {
    expect(withCondition(["no-such"], "boomerang", true)).toEqual(["real-10", "boomerang", "retrieval"]);
  });
});

describe("a preset", () => {
  const spec = { name: "page-demo", classes: 4, conditions: ["real-10" as const, "retrieval" as const] };
  test("keeps its own conditions until some are chosen", () => {
    chosenConditions.value = null;
    expect(withChosen(spec)).toEqual(spec);
  });
  test("takes the chosen conditions and keeps all else", () => {
    chosenConditions.value = ["real-10", "imagic", "retrieval"];
    expect(withChosen(spec)).toEqual({ ...spec, conditions: ["real-10", "imagic", "retrieval"] });
    chosenConditions.value = null;
  });
});

describe("a prediction", () => {
  beforeEach(() => (resultSeen.value = {}));
  test("counts as it is until the result was seen", () => {
    expect(hasSeenResult("a")).toBe(false);
    expect(predictionFor("a", ["x", "y"])).toEqual(["x", "y"]);
  });
  test("stays as it was when the result was first seen", () => {
    markResultSeen("a", ["x", "y"]);
    markResultSeen("a", ["y", "x"]);
    expect(predictionFor("a", ["y", "x"])).toEqual(["x", "y"]);
    expect(predictionFor("b", ["y", "x"])).toEqual(["y", "x"]);
  });
  test("cannot be given after the fact", () => {
    markResultSeen("a", null);
    expect(hasSeenResult("a")).toBe(true);
    expect(predictionFor("a", ["x", "y"])).toBeNull();
  });
});
