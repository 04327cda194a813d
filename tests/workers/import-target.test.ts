import { describe, expect, test } from "vitest";
import { rowsOfSplit } from "../../src/data/dataset.ts";
import { defaultLimits } from "../../src/data/import/limits.ts";
import { ConfigError, FormatError, IntegrityError, MissingError, QuotaError } from "../../src/errors.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { importTarget, type NewTarget } from "../../workers/import-target.ts";
import { KeptTargets, worldWithTarget } from "../../workers/kept-targets.ts";
import type { PictureFile } from "../../workers/lab-api.ts";
import { sourceOf } from "../../workers/picture-files.ts";
import { nameWithTarget, targetInName } from "../../workers/target-name.ts";
import { tinyWorld } from "../experiment/tiny-world.ts";
import { tarOf, utf8, zipOf } from "../data/import/archives.ts";
import { colourCodec, pictureBytes } from "../data/import/sources.ts";

const file = (path: string, bytes: Uint8Array): PictureFile => ({ path, file: new Blob([bytes.slice()]) });

/** `count` pictures of each of these classes, all different, in a folder of their own below `root`. */
const pictures = (labels: readonly string[], count: number, root = ""): PictureFile[] =>
  labels.flatMap((label, c) =>
    Array.from({ length: count }, (_, i) => file(`${root}${label}/${String(i)}.png`, pictureBytes(c * count + i))),
  );

let closed = 0;
const options = {
  openImages: () => Promise.resolve({ ...colourCodec, close: () => void closed++ }),
  resolution: 2,
};
const imported = (files: readonly PictureFile[], name = "pets"): Promise<NewTarget> =>
  importTarget(files, name, options);

describe("importing a folder", () => {
  test("deals classes as the command line does, and lists what is left out with its reason", async () => {
    const seen: number[] = [];
    const files = [
      ...pictures(["cat", "wild_dog"], 10, "pets/"),
      file("pets/cat/broken.png", pictureBytes(255)),
      file("pets/cat/video.mp4", utf8("not read")),
      file("pets/cat/copy.png", pictureBytes(3)),
      file("pets/.DS_Store", utf8("hidden")),
      file("pets/cat/a\u202eb.png", pictureBytes(77)),
    ];
    const { manifest, images } = await importTarget(files, "pets", { ...options, onFile: (count) => seen.push(count) });
    expect(manifest.classes).toEqual([
      { key: "cat", name: "cat" },
      { key: "wild-dog", name: "wild dog" },
    ]);
    expect(images).toEqual([10, 10]);
    expect(manifest.counts).toEqual({ train: 12, validation: 2, test: 6, real10: 2, real20: 4 });
    expect(manifest.imports.target?.leftOut).toEqual([
      { path: "cat/a\u202eb.png", reason: 'expected a name without control characters, got "cat/a\\u202eb.png"' },
      { path: "cat/video.mp4", reason: "neither a picture nor a description (.mp4)" },
      { path: "cat/broken.png", reason: "premature end of the picture" },
      { path: "cat/copy.png", reason: "the same pixels as cat/3.png" },
    ]);
    expect(seen.at(-1)).toBe(22);
  });

  test("keeps the name of a lone folder's classes where several folders were given", async () => {
    const { manifest } = await imported(pictures(["cat", "dog"], 6));
    expect(manifest.classes.map(({ key }) => key)).toEqual(["cat", "dog"]);
  });

  test("is refused with more than twenty classes, and the worker is closed", async () => {
    const labels = Array.from({ length: 21 }, (_, i) => `class ${String.fromCharCode(97 + i)}`);
    closed = 0;
    await expect(imported(pictures(labels, 5))).rejects.toThrow(new ConfigError("pets", "at most 20 classes", "21"));
    expect(closed).toBe(1);
    expect((await imported(pictures(labels.slice(1), 5))).manifest.classes).toHaveLength(20);
  });

  test("is refused where a class is too small, there is but one, or there are no files", async () => {
    await expect(imported(pictures(["cat", "dog"], 3))).rejects.toThrow(
      "pets: class cat: expected at least one validation picture, got none",
    );
    await expect(imported(pictures(["cat"], 9, "pets/"))).rejects.toThrow(/at least two classes, got cat/);
    await expect(imported([])).rejects.toThrow("pets: expected files, got none");
    await expect(imported([file("a.png", pictureBytes(1))])).rejects.toThrow(/pictures in folders of their classes/);
  });

  test("of too many files or bytes is refused before any is read", () => {
    const files = pictures(["cat"], 4);
    expect(() => sourceOf(files, "pets", { ...defaultLimits, entries: 3 })).toThrow("at most 3 files, got 4");
    expect(() => sourceOf(files, "pets", { ...defaultLimits, inflatedBytes: 100 })).toThrow(
      /at most 100 bytes together/,
    );
    const { leftOut } = sourceOf(files, "pets", { ...defaultLimits, imageFileBytes: 33 });
    expect(leftOut[0]?.reason).toBe("expected at most 33 bytes, got 34");
  });
});

describe("importing an archive", () => {
  const entries = (root = "") =>
    pictures(["cat", "dog"], 6, root).map(({ path }, i) => ({ name: path, data: pictureBytes(i) }));

  test("gives the same target from a zip, a tar and a folder", async () => {
    const folder = await imported(pictures(["cat", "dog"], 6));
    const zip = await imported([file("pets.zip", zipOf(entries()))]);
    const tar = await imported([file("pets.tar", tarOf(...entries()))]);
    expect([zip.manifest.hash, tar.manifest.hash]).toEqual([folder.manifest.hash, folder.manifest.hash]);
  });

  test("is refused where it leaves its folder, is cut, or lies among other files", async () => {
    await expect(imported([file("pets.zip", zipOf([...entries(), { name: "../x.png" }]))])).rejects.toThrow(
      'pets: expected a name without .., got "../x.png"',
    );
    await expect(imported([file("pets.zip", zipOf(entries()).slice(0, 400))])).rejects.toThrow(FormatError);
    await expect(imported([...pictures(["cat"], 2), file("more.zip", zipOf(entries()))])).rejects.toThrow(
      "pets: expected a folder of pictures, or one zip or tar alone, got more.zip among other files",
    );
  });
});

describe("kept targets", () => {
  const make = (name = "pets") => imported(pictures(["cat", "dog"], 10), name);

  test("are listed with their classes and counts, read again, and forgotten", async () => {
    const medium = memoryMedium();
    const target = await new KeptTargets(medium).keep(await make());
    expect(target).toEqual({
      name: "pets",
      hash: (await make()).manifest.hash,
      classes: [
        { key: "cat", name: "cat", images: 10 },
        { key: "dog", name: "dog", images: 10 },
      ],
      images: { train: 12, validation: 2, test: 6, real10: 2 },
      leftOut: [],
    });
    const later = new KeptTargets(medium);
    expect(await later.list()).toEqual([target]);
    const { dataset, hash } = await later.open(target.hash.slice(0, 8));
    expect(hash).toBe(target.hash);
    expect(rowsOfSplit(dataset, "test")).toHaveLength(6);
    await later.remove(target.hash);
    expect([await later.list(), await medium.keys("targets")]).toEqual([[], []]);
    await expect(later.open(target.hash)).rejects.toThrow(MissingError);
  });

  test("have the name that was given last, and not one of a built world", async () => {
    const targets = new KeptTargets(memoryMedium());
    await targets.keep(await make());
    await targets.keep(await make("mini-pets"));
    const [only, ...others] = await targets.list();
    expect([only?.name, others]).toEqual(["mini-pets", []]);
    expect((await targets.open(only!.hash)).dataset.name).toBe("own mini-pets");
  });

  test("leave nothing where there is no room for all of their files", async () => {
    const medium = memoryMedium(600);
    await expect(new KeptTargets(medium).keep(await make())).rejects.toThrow(QuotaError);
    expect(await medium.keys("targets")).toEqual([]);
  });

  test("are refused when a byte of them has changed", async () => {
    const medium = memoryMedium();
    const { hash } = await new KeptTargets(medium).keep(await make());
    await medium.write(`targets/${hash}/target.rgb`, new Uint8Array(20 * 12));
    await expect(new KeptTargets(medium).open(hash)).rejects.toThrow(IntegrityError);
  });

  test("make a world with another's pool, whose hash is neither's", async () => {
    const targets = new KeptTargets(memoryMedium());
    const { hash } = await targets.keep(await make());
    const world = tinyWorld();
    const pool = { ...world.pool, resolution: 2 };
    const mixed = await worldWithTarget(await targets.open(hash), { ...world, pool });
    expect(mixed.pool).toBe(pool);
    expect(mixed.dataset.classes.map(({ key }) => key)).toEqual(["cat", "dog"]);
    expect([hash, world.hash]).not.toContain(mixed.hash);
    await expect(worldWithTarget(await targets.open(hash), world)).rejects.toThrow(/pictures of \d+ pixels, got 2/);
  });
});

test("a run's name says its target once, within the length of names", () => {
  const hash = "0123456789abcdef";
  expect(nameWithTarget("page-demo", hash)).toBe("page-demo-own-01234567");
  expect(nameWithTarget("page-demo-own-76543210", hash)).toBe("page-demo-own-76543210");
  expect(nameWithTarget("x".repeat(64), hash)).toHaveLength(64);
  expect(targetInName(nameWithTarget("x".repeat(64), hash))).toBe("01234567");
  expect(targetInName("page-demo")).toBeUndefined();
});
