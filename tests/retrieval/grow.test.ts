import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { grow, type GrowOptions } from "../../src/retrieval/grow.ts";
import type { Hit } from "../../src/retrieval/index.ts";

/** A pool of `size` hits in rank order, and the k of every search. */
function pool(size: number): { asked: number[]; search: GrowOptions["search"] } {
  const hits: Hit[] = Array.from({ length: size }, (_, id) => ({ id, similarity: 1 - id / size }));
  const asked: number[] = [];
  return {
    asked,
    search: (k) => {
      asked.push(k);
      return Promise.resolve(hits.slice(0, k));
    },
  };
}

describe("grow", () => {
  test("one round of 1.4 times the target is enough when nothing is rejected", async () => {
    const { asked, search } = pool(5000);
    const result = await grow({ target: 130, search });
    expect(asked).toEqual([182]);
    expect(result).toMatchObject({ rounds: 1, asked: 182, found: 182, shortfall: 0 });
    expect(result.kept.map(({ id }) => id)).toEqual(Array.from({ length: 130 }, (_, i) => i));
  });

  test("ten rounds reach 1820 and then the shortfall is reported", async () => {
    const { asked, search } = pool(5000);
    const result = await grow({ target: 130, search, reject: ({ id }) => (id % 20 === 0 ? null : "aesthetics") });
    expect(asked).toEqual([182, 364, 546, 728, 910, 1092, 1274, 1456, 1638, 1820]);
    expect(result).toMatchObject({ rounds: 10, rejected: { aesthetics: 1729 }, shortfall: 39 });
    expect(result.kept.length).toBe(91);
  });

  test("every hit is judged once, however often it is found", async () => {
    const { search } = pool(100);
    const judged: number[] = [];
    await grow({
      target: 20,
      search,
      reject: ({ id }) => {
        judged.push(id);
        return id < 60 ? "unsafe" : null;
      },
    });
    expect(judged).toEqual(Array.from({ length: 80 }, (_, i) => i));
  });

  test("it stops asking when the index has no more", async () => {
    const { asked, search } = pool(30);
    const result = await grow({ target: 25, search, reject: ({ id }) => (id < 10 ? "unsafe" : null) });
    expect(asked).toEqual([35]);
    expect(result).toMatchObject({ found: 30, shortfall: 5, rejected: { unsafe: 10 } });
  });

  test("duplicates are dropped over the whole list of a round", async () => {
    const { search } = pool(1000);
    const result = await grow({ target: 10, search, deduplicate: (hits) => hits.filter(({ id }) => id % 2 === 0) });
    expect(result.kept.map(({ id }) => id)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(result).toMatchObject({ rounds: 2, duplicates: 14 });
  });

  test("what an index returns out of order is kept in order of similarity", async () => {
    const rounds = [
      [{ id: 1, similarity: 0.5 }],
      [
        { id: 1, similarity: 0.5 },
        { id: 2, similarity: 0.9 },
      ],
    ];
    const result = await grow({ target: 2, factor: 0.5, search: (k) => Promise.resolve(rounds[k - 1] ?? []) });
    expect(result.kept.map(({ id }) => id)).toEqual([2, 1]);
  });

  test("options out of range are refused", async () => {
    const { search } = pool(3);
    await expect(grow({ target: 0, search })).rejects.toThrow(ConfigError);
    await expect(grow({ target: 1, rounds: 0, search })).rejects.toThrow(ConfigError);
    await expect(grow({ target: 1, factor: -1, search })).rejects.toThrow(ConfigError);
  });
});
