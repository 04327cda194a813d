import { describe, expect, test } from "vitest";
import { MissingError, ShapeError } from "../../src/errors.ts";
import { ExactIndex } from "../../src/retrieval/exact.ts";
import { dropDuplicates, duplicateGroups } from "../../src/retrieval/filters.ts";
import fixture from "../fixtures/retrieval/search.json" with { type: "json" };

const { width } = fixture;
const index = new ExactIndex(Float32Array.from(fixture.rows), width);
const queries = Float32Array.from(fixture.queries);

describe("exact search", () => {
  test("gives faiss' neighbours and similarities", async () => {
    const found = await index.search(queries, 20);
    expect(found.map((hits) => hits.map(({ id }) => id))).toEqual(fixture.ids);
    // faiss sums twelve products in f32.
    found.forEach((hits, q) =>
      hits.forEach(({ similarity }, i) =>
        expect(Math.abs(similarity - (fixture.similarity[q]?.[i] ?? NaN))).toBeLessThan(1e-6),
      ),
    );
  });

  test("equal similarities come by ascending id, whatever k cuts off", async () => {
    const ties = new ExactIndex(Float32Array.from([0, 1, 2, 0, 1, 0, 0, 5, 3, 0]), 2);
    const [all] = await ties.search(Float32Array.from([7, 0]), 9);
    expect(all?.map(({ id }) => id)).toEqual([1, 2, 4, 0, 3]);
    const [two] = await ties.search(Float32Array.from([7, 0]), 2);
    expect(two).toEqual(all?.slice(0, 2));
  });

  test("k = 0 finds nothing and a zero embedding is similar to nothing", async () => {
    expect(await index.search(queries.subarray(0, width), 0)).toEqual([[]]);
    const [hits] = await new ExactIndex(new Float32Array(2), 2).search(Float32Array.from([1, 1]), 1);
    expect(hits).toEqual([{ id: 0, similarity: 0 }]);
  });

  test("the index does not follow later changes to what it was built from", async () => {
    const rows = Float32Array.from([1, 0, 0, 1]);
    const own = new ExactIndex(rows, 2);
    rows.fill(9);
    own.vector(0).fill(9);
    const [hits] = await own.search(Float32Array.from([0, 1]), 1);
    expect(hits).toEqual([{ id: 1, similarity: 1 }]);
  });

  test("wrong lengths, rows and k are refused", () => {
    expect(() => new ExactIndex(new Float32Array(5), 2)).toThrow(ShapeError);
    expect(() => index.search(new Float32Array(width + 1), 1)).toThrow(ShapeError);
    expect(() => index.search(queries, -1)).toThrow(ShapeError);
    expect(() => index.vector(index.size)).toThrow(MissingError);
  });
});

describe("duplicates", () => {
  const vectors = Array.from({ length: index.size }, (_, id) => index.vector(id));

  test.each(fixture.groups)("groups at $threshold equal faiss' range search and scipy's components", (expected) => {
    expect(duplicateGroups(vectors, expected.threshold)).toEqual(expected.first);
  });

  test("a chain of alike images is one group and its best-ranked member stays", () => {
    const angle = (degrees: number): number[] => [
      Math.cos((degrees * Math.PI) / 180),
      Math.sin((degrees * Math.PI) / 180),
    ];
    // 0°, 15° and 30° are a chain at cos 20°, although 0° and 30° are not alike; 90° stands alone.
    const chain = new ExactIndex(Float32Array.from([30, 90, 0, 15].flatMap(angle)), 2);
    const hits = [2, 1, 3, 0].map((id) => ({ id, similarity: 0.5 }));
    const kept = dropDuplicates(hits, chain, Math.cos((20 * Math.PI) / 180));
    expect(kept.map(({ id }) => id)).toEqual([2, 1]);
  });

  test("a similarity equal to the threshold is not a duplicate", () => {
    const same = [Float32Array.from([1, 0]), Float32Array.from([1, 0])];
    expect(duplicateGroups(same, 1)).toEqual([0, 1]);
    expect(duplicateGroups(same, 0.999)).toEqual([0, 0]);
  });
});
