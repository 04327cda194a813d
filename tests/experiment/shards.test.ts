import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import { lastOf, parseShard, shareOf } from "../../src/experiment/shards.ts";
import { outcome } from "./timeless.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

const spec = tinySpec("conditions=[real-10, textual-inversion, clip-prompts, retrieval]", "sets.n=2");
const gauges = { now: () => Date.UTC(2026, 10, 22, 12), peakMemoryBytes: () => null };
const options = { signal: new AbortController().signal, gauges, commands: [] };

type Files = Map<string, Uint8Array>;

/** One start of a share, or of the whole. @returns units that it waits for, and what its networks were asked */
const start = async (files: Files, share?: string) => {
  let left: readonly string[] = [];
  const networks = tinyNetworks();
  const shard = share === undefined ? undefined : parseShard(share);
  const onLeft = (units: readonly string[]): void => void (left = units);
  const results = await run(spec, tinyWorld(), networks, memoryFolder(files), { ...options, shard, onLeft });
  return { results, left, calls: networks.calls };
};

/** What a run leaves beside the shares' own notes. */
const outcomeOf = (files: Files): string[] =>
  outcome(new Map([...files].filter(([path]) => !/^shards(\/|\.json)/.test(path))));

describe("a run in shares", () => {
  test.each([
    ["two, in turn", ["1/2", "2/2", "1/2", "2/2", "1/2", "2/2"]],
    ["three, the last first", ["3/3", "2/3", "1/3", "3/3", "2/3", "1/3", "3/3", "2/3", "1/3"]],
    ["one", ["1/1"]],
  ])("of %s leaves what a run at once does", async (_, starts) => {
    const [once, shared]: Files[] = [new Map(), new Map()];
    await start(once!);
    for (const share of starts) expect((await start(shared!, share)).results).toBeUndefined();
    const collected = await start(shared!);
    expect(collected.results).toBeDefined();
    expect(collected.left).toEqual([]);
    expect(collected.calls.filter((call) => call.startsWith("train"))).toEqual([]);
    expect(outcomeOf(shared!)).toEqual(outcomeOf(once!));
  });

  test("a share says which units it waits for, and scores no classifier", async () => {
    const files: Files = new Map();
    const { left } = await start(files, "2/2");
    expect(left).toEqual(["adapt/textual-inversion"]);
    expect([...files.keys()].some((path) => path.startsWith("evaluate/"))).toBe(false);
  });

  test("a run begun among two is not shared among three", async () => {
    const files: Files = new Map();
    await start(files, "1/2");
    await expect(start(files, "1/3")).rejects.toThrow(ConfigError);
  });
});

test("a share is written i/n, counted from one", () => {
  expect(parseShard("2/4")).toEqual({ index: 1, count: 4 });
  for (const wrong of ["0/2", "3/2", "1", "1/", "a/b", "-1/2"]) expect(() => parseShard(wrong)).toThrow(ConfigError);
});

test("each unit of a shared stage has one owner, and other stages are everyone's", () => {
  const owners = (place: number): number =>
    [0, 1, 2].filter((index) => shareOf({ index, count: 3 })("train", place)).length;
  expect([0, 1, 2, 3, 4, 5].map(owners)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(shareOf({ index: 0, count: 3 })("audit", 2)).toBe(true);
  expect(lastOf({ index: 0, count: 3 })).toBe("train");
  expect([lastOf(undefined), lastOf({ index: 0, count: 2 }, "produce")]).toEqual(["report", "produce"]);
});
