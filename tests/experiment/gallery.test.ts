import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { rowsOfIds, rowsOfSplit } from "../../src/data/dataset.ts";
import { imageAt, type Image } from "../../src/data/image.ts";
import { ShapeError } from "../../src/errors.ts";
import { nearestToShow, type AuditedImage } from "../../src/experiment/audit.ts";
import { countConfusions, drawAtlas, type Confusions, type Gallery } from "../../src/experiment/gallery.ts";
import type { Results } from "../../src/experiment/record.ts";
import { chooseClasses } from "../../src/experiment/run-data.ts";
import { memoryFolder, readJson, type RunFolder } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

const tile = 16;

interface Finished {
  readonly results: Results;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly folder: RunFolder;
  readonly gallery: Gallery;
}

async function finish(...overrides: string[]): Promise<Finished> {
  const files = new Map<string, Uint8Array>();
  const folder = memoryFolder(files);
  const gauges = { now: () => 0, peakMemoryBytes: () => null };
  const options = { signal: new AbortController().signal, gauges, commands: [] };
  const results = await run(tinySpec(...overrides), tinyWorld(), tinyNetworks(), folder, options);
  return { results: results!, files, folder, gallery: (await readJson(folder, "gallery.json")) as Gallery };
}

/** Tile `column` of row `row` of an atlas file. */
async function tileOf({ files }: Finished, path: string, row: number, column: number): Promise<number[]> {
  const place = { left: column * tile, top: row * tile, width: tile, height: tile };
  return [...(await sharp(files.get(path)).extract(place).raw().toBuffer())];
}

const whole = await finish();
const { dataset } = tinyWorld();

const pictureOf = (id: string): number[] => [
  ...imageAt(dataset.pixels, dataset.resolution, rowsOfIds(dataset, [id])[0]!).data,
];

/** A threshold that about half of the generated pictures exceed. */
async function middleSimilarity(): Promise<number> {
  const unit = (await readJson(whole.folder, "audit/clip-prompts.json")) as { value: AuditedImage[] };
  const sorted = unit.value.map(({ nearest }) => nearest[0]!.similarity).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

describe("the gallery of a run", () => {
  test("has the real pictures and each method's, in the results' order of classes", () => {
    const { gallery } = whole;
    expect(gallery).toMatchObject({ version: 1, tile, columns: 10 });
    expect(gallery.sets.map(({ id, atlas, nearestAtlas }) => [id, atlas, nearestAtlas])).toEqual([
      ["target", "gallery/target.png", null],
      ["clip-prompts", "gallery/clip-prompts.png", "gallery/clip-prompts-nearest.png"],
      ["retrieval", "gallery/retrieval.png", "gallery/retrieval-nearest.png"],
    ]);
    for (const { classes } of gallery.sets)
      expect(classes.map(({ key }) => `${key} thing`)).toEqual(whole.results.classes);
    // Three produced for each of 4 + 3 + 4 real ones, of which ten have a tile.
    expect(gallery.sets[0]!.classes.map(({ total, pictures }) => [total, pictures.length])).toEqual([
      [4, 4],
      [3, 3],
      [4, 4],
    ]);
    for (const { total, pictures } of gallery.sets[1]!.classes) expect(pictures).toHaveLength(Math.min(10, total));
    expect(Math.max(...gallery.sets[1]!.classes.map(({ total }) => total))).toBeGreaterThan(10);
  });

  test("each tile is the picture of its id, and a tile without one is dark", async () => {
    const [target, made] = whole.gallery.sets;
    const { width, height } = await sharp(whole.files.get(target!.atlas)).metadata();
    expect([width, height]).toEqual([10 * tile, 3 * tile]);
    for (const [row, { pictures }] of target!.classes.entries())
      for (const [column, { id }] of pictures.entries())
        expect(await tileOf(whole, target!.atlas, row, column), id).toEqual(pictureOf(id));
    expect(new Set(await tileOf(whole, target!.atlas, 1, 3))).toEqual(new Set([24]));

    const unit = (await readJson(whole.folder, "produce/clip-prompts/green.json")) as {
      value: { images: { id: string; provenance: object }[] };
    };
    const pixels = whole.files.get("produce/clip-prompts/green.bin")!;
    for (const [column, { id, provenance }] of made!.classes[1]!.pictures.entries()) {
      expect({ id, provenance }).toEqual(unit.value.images[column]);
      expect(await tileOf(whole, made!.atlas, 1, column)).toEqual([...imageAt(pixels, tile, column).data]);
    }
  });

  test("the nearest held-out picture is the audit's, and is never a training picture", async () => {
    const set = whole.gallery.sets[2]!;
    const unit = (await readJson(whole.folder, "audit/retrieval.json")) as { value: AuditedImage[] };
    const measures = whole.results.audit!.measures;
    const heldOut = new Set(
      (["validation", "test"] as const).flatMap((split) =>
        Array.from(rowsOfSplit(dataset, split), (row) => dataset.samples[row]!.id),
      ),
    );
    for (const [row, { key, pictures }] of set.classes.entries()) {
      for (const [column, { id, nearest, flagged }] of pictures.entries()) {
        const found = unit.value.find((finding) => finding.key === key && finding.id === id)!.nearest;
        expect(nearest).toEqual(nearestToShow({ key, id, nearest: found }, measures));
        expect(heldOut.has(nearest!.id)).toBe(true);
        expect(flagged).toBe(found.some(({ similarity }, i) => similarity > measures[i]!.threshold));
        expect(await tileOf(whole, set.nearestAtlas!, row, column)).toEqual(pictureOf(nearest!.id));
      }
    }
  });

  test("says which pictures were flagged", async () => {
    const threshold = `audit.threshold=${String(await middleSimilarity())}`;
    const { results, gallery } = await finish("conditions=[real-10, clip-prompts]", threshold, "sets.n=1");
    const all = gallery.sets[1]!.classes.flatMap(({ pictures }) => pictures);
    const flagged = all.filter((picture) => picture.flagged);
    expect(results.audit!.conditions[0]!.flagged).toBeGreaterThanOrEqual(flagged.length);
    expect(flagged.length).toBeGreaterThan(0);
    expect(flagged.length).toBeLessThan(all.length);
  });

  test("holds no picture that the audit dropped", async () => {
    const threshold = `audit.threshold=${String(await middleSimilarity())}`;
    const given = ["conditions=[real-10, clip-prompts]", threshold, "audit.action=drop", "sets.n=1"];
    const { results, gallery } = await finish(...given);
    const [found] = results.audit!.conditions;
    expect(found!.dropped).toBeGreaterThan(0);
    const { classes } = gallery.sets[1]!;
    expect(classes.reduce((sum, { total }) => sum + total, 0)).toBe(found!.checked - found!.dropped);
    expect(classes.flatMap(({ pictures }) => pictures).some((picture) => picture.flagged)).toBe(false);
  });

  test("has the real pictures alone in a run without methods", async () => {
    const { gallery, files } = await finish("conditions=[real-10, real-20]", "sets.n=1");
    expect(gallery.sets.map(({ id }) => id)).toEqual(["target"]);
    expect([...files.keys()].filter((path) => path.startsWith("gallery/"))).toEqual(["gallery/target.png"]);
  });

  test("is the same, byte for byte, of the same run", async () => {
    const again = await finish();
    const paths = [...whole.files.keys()].filter((path) => /^(gallery|confusions)/.test(path));
    expect(paths).toHaveLength(7);
    for (const path of paths) expect(again.files.get(path), path).toEqual(whole.files.get(path));
  });
});

test("a picture of another size than the atlas's tiles is refused", () => {
  const image: Image = { width: 2, height: 3, data: new Uint8Array(18) };
  expect(() => drawAtlas([[image]], 1, 2)).toThrow(ShapeError);
});

describe("confusions", () => {
  test("count each classifier's predictions by true class", () => {
    const predictions = [Uint32Array.of(0, 1, 1), Uint32Array.of(1, 0, 1)];
    const counted = countConfusions([{ id: "real-10", predictions }], [0, 0, 1], ["cat", "dog"]);
    expect(counted.conditions[0]!.matrix).toEqual([
      [2, 2],
      [0, 2],
    ]);
    expect(() => countConfusions([{ id: "real-10", predictions }], [0, 0], ["cat", "dog"])).toThrow(ShapeError);
  });

  test("of a run agree with its accuracies, class by class and in all", async () => {
    const { classes, conditions } = (await readJson(whole.folder, "confusions.json")) as Confusions;
    const { results } = whole;
    expect(classes).toEqual(results.classes);
    expect(conditions.map(({ id }) => id)).toEqual(results.conditions.map(({ id }) => id));
    const labels = rowsOfSplit(chooseClasses(dataset, tinySpec()), "test").length;
    for (const [i, { matrix }] of conditions.entries()) {
      expect(matrix.flat().reduce((sum, count) => sum + count, 0)).toBe(3 * labels);
      const rates = matrix.map((row, label) => row[label]! / row.reduce((sum, count) => sum + count, 0));
      rates.forEach((rate, label) => expect(rate).toBeCloseTo(results.perClass[i]!.accuracy[label]!, 12));
      const hits = matrix.reduce((sum, row, label) => sum + row[label]!, 0);
      expect(hits / (3 * labels)).toBeCloseTo(results.conditions[i]!.mean, 12);
    }
  });
});
