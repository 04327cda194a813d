import { describe, expect, test } from "vitest";
import { imageAt } from "../../src/data/image.ts";
import type { Pool, PoolEntry } from "../../src/data/pool.ts";
import { auditMeasures, calibrateMeasures, isFlagged, nearestToShow } from "../../src/experiment/audit.ts";
import {
  calibrate,
  calibrationSample,
  nearestHeldOut,
  pixelEmbeddings,
  type Embeddings,
} from "../../src/experiment/leaks.ts";
import { memoryFolder, readJson } from "../../src/experiment/run-folder.ts";
import { canonicalJson } from "../../src/experiment/spec.ts";
import { Stages } from "../../src/experiment/stages.ts";
import { RandomStream } from "../../src/random.ts";
import { sha256Text } from "../../src/storage/hash.ts";
import { tinyWorld } from "./tiny-world.ts";

/** A pool of random directions in 8 dimensions; pictures 2k and 2k + 1 below `paired` are doubles, nearly alike. */
function pool(
  count: number,
  paired: number,
): { entries: PoolEntry[]; embed: (rows: readonly number[]) => Promise<Embeddings> } {
  const entries = Array.from({ length: count }, (_, i): PoolEntry => {
    const nearDuplicateGroup = i < paired ? i >> 1 : null;
    return {
      ...{ id: `p${String(i)}`, caption: "", captionKind: "", vendor: "v" },
      icon: `i${String(i)}`,
      class: null,
      nearDuplicateGroup,
      heldOut: false,
    };
  });
  const vector = (i: number): number[] => {
    const random = new RandomStream(1, `direction ${String(i < paired ? i >> 1 : i)}`);
    const own = new RandomStream(1, `own ${String(i)}`);
    const values = Array.from({ length: 8 }, () => random.normal() + (i < paired ? 0.05 * own.normal() : 0));
    return values.map((value) => value / Math.hypot(...values));
  };
  return { entries, embed: (rows) => Promise.resolve({ width: 8, rows: Float32Array.from(rows.flatMap(vector)) }) };
}

describe("calibrate", () => {
  test("one in a hundred pictures without a double is above the threshold, and doubles are found", async () => {
    const { entries, embed } = pool(2000, 600);
    const { threshold, recall, singles, doubles } = await calibrate(entries, 500, 1, embed);
    expect(threshold).toBeGreaterThan(0.9);
    expect(threshold).toBeLessThan(1);
    expect(recall).toBeGreaterThan(0.9);
    expect([singles, doubles]).toEqual([400, 300]);
  });

  test("a threshold against more pictures is higher", async () => {
    const { entries, embed } = pool(2000, 0);
    const few = await calibrate(entries, 10, 1, embed);
    const many = await calibrate(entries, 1000, 1, embed);
    expect(many.threshold).toBeGreaterThan(few.threshold);
    expect(many.recall).toBeNull();
  });

  test("the crowd is as large as asked, a thousand at most, and what is left of a small pool", async () => {
    const sizes = [
      [2000, 50],
      [2000, 5000],
      [300, 5000],
    ].map(([size, others]) => calibrationSample(size!, others!, 1).crowd.length);
    expect(sizes).toEqual([50, 1000, 150]);
    const { entries, embed } = pool(300, 0);
    expect(await calibrate(entries, 5000, 1, embed)).toMatchObject({ singles: 150, others: 150 });
  });

  test("the same picture twice is no stranger, although the pool does not know of it", async () => {
    const { entries, embed } = pool(1000, 0);
    const twice = (row: number): number => row % 500;
    const twins = (rows: readonly number[]) => embed(rows.map(twice));
    const areSame = (a: number, b: number): boolean => twice(a) === twice(b);
    const blind = await calibrate(entries, 500, 1, twins);
    expect(blind.threshold).toBeCloseTo(1, 5);
    expect((await calibrate(entries, 500, 1, twins, areSame)).threshold).toBeLessThan(0.99);
  });

  test("a small pool is split between both sides", async () => {
    const { entries, embed } = pool(40, 10);
    const { threshold, singles } = await calibrate(entries, 500, 1, embed);
    expect(singles).toBe(20);
    expect(threshold).toBeGreaterThan(0);
  });
});

describe("a run's measures", () => {
  const calibration = { threshold: 0.9, recall: 0.065, singles: 400, others: 1000, doubles: 80 };

  test("say how many pictures the threshold was set against, and that more are held out", () => {
    const [clip, pixels] = auditMeasures("calibrate", [calibration, { ...calibration, others: 60 }], 2000);
    const rule = (others: number): string =>
      `a limit on false alarms: the nearest of ${String(others)} unrelated pool pictures exceeds it for 1 in 100`;
    expect(clip).toMatchObject({
      rule: `${rule(1000)}, the nearest of the 2000 held-out ones more often`,
      recall: 0.065,
    });
    expect(pixels!.rule).toContain(rule(60));
    expect(auditMeasures("calibrate", [calibration, calibration], 1000)[0]!.rule).toBe(rule(1000));
    expect(auditMeasures(0.95, [calibration, calibration], 1000)[0]).toMatchObject({ threshold: 0.95, recall: null });
  });

  test("keep their key unless the pool holds one picture twice and does not know it", async () => {
    const calibrated = async (of: Pool) => {
      const folder = memoryFolder(new Map());
      const tell = () => Promise.resolve();
      const watch = { stages: new Stages(folder, tell), signal: new AbortController().signal, onEvent: tell };
      const { rows } = pixelEmbeddings(of.entries.length, (i) => imageAt(of.pixels, of.resolution, i));
      const calibrations = await calibrateMeasures(of, rows, 18, 1, ["hash"], watch);
      return { calibrations, ...((await readJson(folder, "world/calibration.json")) as { key: string }) };
    };
    const keyOf = (...more: string[]) =>
      sha256Text(canonicalJson(["world", "calibration", [1, 18, 1, ["hash"], ...more]]));
    const { pool: of } = tinyWorld();
    const single = await calibrated(of);
    expect(single.key).toBe(await keyOf());
    expect(single.calibrations![0]).toMatchObject({ singles: 32, others: 18 });
    const pixels = of.pixels.slice();
    pixels.set(pixels.slice(0, pixels.length / 2), pixels.length / 2);
    const twice = await calibrated({ ...of, pixels });
    expect(twice.key).toBe(await keyOf("the same pictures are related"));
    expect(twice.calibrations![1].threshold).toBeLessThan(0.999);
  });
});

describe("pixelEmbeddings", () => {
  const image = (side: number, value: (x: number, y: number, c: number) => number) => {
    const at = (i: number): [number, number, number] => [Math.floor(i / 3) % side, Math.floor(i / 3 / side), i % 3];
    return { width: side, height: side, data: Uint8Array.from({ length: side * side * 3 }, (_, i) => value(...at(i))) };
  };

  test("a picture and its enlarged, brighter copy are the same; its negative is the opposite", async () => {
    const small = image(32, (x, y, c) => 2 * x + y + 9 * c);
    const large = image(64, (x, y, c) => 2 * (x >> 1) + (y >> 1) + 9 * c + 40);
    const negative = image(32, (x, y, c) => 255 - (2 * x + y + 9 * c));
    const rows = pixelEmbeddings(2, (i) => [large, negative][i]!);
    const [same, opposite] = await nearestHeldOut(
      rows,
      pixelEmbeddings(1, () => small),
    );
    expect(same!.similarity).toBeCloseTo(1, 5);
    expect(opposite!.similarity).toBeCloseTo(-1, 5);
  });

  test("a picture of one colour is like nothing", async () => {
    const rows = pixelEmbeddings(1, () => image(32, () => 77));
    const [hit] = await nearestHeldOut(
      rows,
      pixelEmbeddings(1, () => image(32, (x) => x)),
    );
    expect(hit!.similarity).toBe(0);
  });
});

test("what is shown beside an image is what it was flagged for, or else the nearest by the first measure", () => {
  const measures = ["embedding", "pixels"].map((name) => ({ name, threshold: 0.9, rule: "", recall: null }));
  const found = (
    embedding: number,
    pixels: number,
  ): ReturnType<typeof nearestToShow> & { readonly flagged: boolean } => {
    const nearest = [
      { id: "e", similarity: embedding },
      { id: "p", similarity: pixels },
    ];
    const finding = { key: "bird", id: "0", nearest };
    return { ...nearestToShow(finding, measures), flagged: isFlagged(finding, measures) };
  };
  expect(found(0.5, 0.8)).toEqual({ id: "e", similarity: 0.5, flagged: false });
  expect(found(0.5, 0.95)).toEqual({ id: "p", similarity: 0.95, measure: "pixels", flagged: true });
  expect(found(0.91, 0.95)).toEqual({ id: "e", similarity: 0.91, flagged: true });
});
