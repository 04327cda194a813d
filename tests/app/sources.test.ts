import { describe, expect, test } from "vitest";
import { explainedMethod, explainedMethods } from "../../src/app/content/methods.ts";
import { isKept, moved, orderable, placeAt, startOrder } from "../../src/app/steps/sources/order.ts";
import { costReason } from "../../src/app/steps/sources/cost-words.ts";
import { methodFamilies, methodsOf } from "../../src/app/steps/sources/chosen-method.ts";
import { provenanceWords, shortTimeText } from "../../src/app/steps/sources/provenance-words.ts";
import {
  boxOf,
  edgeIsLit,
  edges,
  lineOf,
  mapSize,
  nodeIds,
  nodeState,
} from "../../src/app/steps/sources/map-geometry.ts";

const lit = (id: string): string[] => {
  const method = explainedMethod(id)!;
  return edges.filter((edge) => edgeIsLit(method, edge)).map((edge) => edge.join(">"));
};

describe("the order of the methods", () => {
  test("leaves out the bound and keeps adding nothing", () => {
    expect(orderable([{ id: "real-10" }, { id: "retrieval" }, { id: "real-20" }])).toEqual(["real-10", "retrieval"]);
  });
  test("begins with what was predicted of the run's conditions", () => {
    expect(startOrder(["a", "b", "c"], null)).toEqual(["a", "b", "c"]);
    expect(startOrder(["a", "b", "c"], ["c", "z", "a"])).toEqual(["c", "a", "b"]);
  });
  test("moves one and leaves the rest in order", () => {
    expect(moved(["a", "b", "c", "d"], 0, 2)).toEqual(["b", "c", "a", "d"]);
    expect(moved(["a", "b", "c", "d"], 3, 1)).toEqual(["a", "d", "b", "c"]);
  });
  test("does not move beyond its ends", () => {
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
  });
  test("is kept when the prediction says the same of all its conditions", () => {
    expect(isKept(["a", "b"], null)).toBe(false);
    expect(isKept(["a", "b"], ["a", "z", "b"])).toBe(true);
    expect(isKept(["a", "b"], ["b", "a"])).toBe(false);
    expect(isKept(["a", "b"], ["a"])).toBe(false);
  });
  test("takes a dropped row in before the rows whose middle lies lower", () => {
    expect([-5, 12, 25, 99].map((y) => placeAt(y, [10, 20, 30]))).toEqual([0, 1, 2, 3]);
  });
});

describe("words of a picture's origin", () => {
  test("give the prompt with sample and seed of a generated picture", () => {
    const words = provenanceWords({ kind: "generated", prompt: "a photo of a bird.", sample: 0, seed: 1 });
    expect(words).toBe("“a photo of a bird.”, sample 0, seed 1");
  });
  test("give the start picture where there was no prompt", () => {
    const words = provenanceWords({ kind: "generated", prompt: "", sample: 3, seed: 1, from: "noto/dodo#2" });
    expect(words).toBe("from noto/dodo#2, sample 3, seed 1");
  });
  test("count ranks from one", () => {
    expect(provenanceWords({ kind: "retrieved", pool: "x", similarity: 0.4332, rank: 0 })).toBe(
      "rank 1, similarity 0.43",
    );
  });
  test("say so where nothing is known", () => {
    expect(provenanceWords({})).toBe("no details kept");
  });
});

test("a method's cost names the rounds that the shown run allows, or those of its recipe", () => {
  const method = explainedMethod("ft-conditioning")!;
  expect(costReason(method, { methods: { "ft-conditioning": { maxEpochs: 12 } } })).toMatch(/^Up to 12 rounds/);
  expect(costReason(method, {})).toMatch(/^Up to 40 rounds/);
  const plain = explainedMethod("retrieval")!;
  expect(costReason(plain, {})).toBe(plain.relativeCost.reason);
});

describe("a short time", () => {
  test("is told in the unit that suits it", () => {
    expect([0.00054609, 0.2578, 3.44, 31.2].map(shortTimeText)).toEqual(["0.5 ms", "258 ms", "3.4 s", "31 s"]);
  });
});

describe("the methods to choose from", () => {
  test("are all that find or make images, each once", () => {
    const ids = methodFamilies.flatMap((family) => methodsOf(family).map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(explainedMethods.length - 2);
  });
});

describe("the method map", () => {
  test("a prompt's words reach the image through conditioning and denoiser only", () => {
    expect(lit("clip-prompts")).toEqual(["prompt>conditioning", "conditioning>denoiser", "denoiser>image"]);
  });
  test("retrieval sends its query to the pool's neighbours and never runs the denoiser", () => {
    expect(lit("retrieval")).toEqual(["prompt>neighbours", "pool>neighbours", "neighbours>image"]);
  });
  test("Boomerang goes from a start picture through the denoiser", () => {
    expect(lit("boomerang")).toEqual(["start>denoiser", "denoiser>image"]);
  });
  test("conditions that add no made images light nothing", () => {
    expect(lit("real-10")).toEqual([]);
    expect(nodeState(explainedMethod("real-10")!, "image")).toBe("unused");
  });
  test("a method marks a trained part exactly where it learns something", () => {
    for (const method of explainedMethods)
      expect(nodeIds.some((node) => nodeState(method, node) === "trained")).toBe(method.trains !== null);
  });
  test.each(["wide", "tall"] as const)("boxes of the %s map lie apart and inside the drawing", (shape) => {
    const { width, height } = mapSize(shape);
    const boxes = nodeIds.map((node) => boxOf(node, shape));
    for (const [i, a] of boxes.entries()) {
      expect(a.x + a.width).toBeLessThanOrEqual(width);
      expect(a.y + a.height).toBeLessThanOrEqual(height);
      for (const b of boxes.slice(i + 1))
        expect(a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y).toBe(true);
    }
  });
  test("arrows join the edges of their boxes", () => {
    for (const edge of edges) {
      const [from, to] = [boxOf(edge[0], "wide"), boxOf(edge[1], "wide")];
      const [x1, y1, x2, y2] = lineOf(edge, "wide");
      expect([x1, x2]).toEqual([from.x + from.width, to.x]);
      expect(y1 >= from.y && y1 <= from.y + from.height && y2 >= to.y && y2 <= to.y + to.height).toBe(true);
    }
  });
});
