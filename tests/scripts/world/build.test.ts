import { beforeAll, describe, expect, test } from "vitest";
import { buildWorld, worldDefaults, type BuiltWorld } from "../../../scripts/world/build.ts";
import { classOf } from "../../../scripts/world/classes.ts";
import { readIcons, type Icon } from "../../../scripts/world/icons.ts";
import { cosine, renderIcon, thumbnail } from "../../../scripts/world/render.ts";
import { readDataset, rowsOfIds, rowsOfSplit, selectClasses } from "../../../src/data/dataset.ts";
import { readPool } from "../../../src/data/pool.ts";
import { readManifest, type ReadWorldFile } from "../../../src/data/world.ts";
import { FormatError, IntegrityError, MissingError } from "../../../src/errors.ts";

const { icons, reports } = readIcons("node_modules");
const options = { ...worldDefaults, root: process.cwd() };

/** A world of two classes and of reptiles, which are in no class. */
const small = {
  icons: icons.filter(({ concept }) => ["animal-bird", "plant-flower", "animal-reptile"].includes(concept.subgroup)),
  reports,
};

const broken: Icon = { ...small.icons[0]!, id: "noto/broken", drawing: { svg: "<svg <" } };
const empty: Icon = {
  ...small.icons[0]!,
  id: "noto/empty",
  drawing: { svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>' },
};

const readerOf =
  ({ manifest, files }: BuiltWorld): ReadWorldFile =>
  (path) => {
    if (path === "world.json") return Promise.resolve(new TextEncoder().encode(JSON.stringify(manifest)));
    return Promise.resolve(files.get(path) ?? new Uint8Array());
  };

let world: BuiltWorld;
beforeAll(async () => {
  world = await buildWorld({ ...options, drawings: small });
}, 60_000);

describe("buildWorld", () => {
  test("the same seed gives the same bytes, another seed does not", async () => {
    const again = await buildWorld({ ...options, drawings: small });
    expect(again.manifest).toEqual(world.manifest);
    const other = await buildWorld({ ...options, seed: 2, drawings: small });
    expect(other.manifest.hash).not.toBe(world.manifest.hash);
  }, 60_000);

  test("a world with more pictures an icon begins each icon with the same ones, caption included", async () => {
    const larger = await buildWorld({ ...options, poolPicturesPerIcon: 3, drawings: small });
    const few = await readPool(world.manifest, readerOf(world));
    const many = await readPool(larger.manifest, readerOf(larger));
    expect(many.entries.length).toBe(1.5 * few.entries.length);
    expect(many.entries.slice(0, 2)).toEqual(few.entries.slice(0, 2));
    expect(many.pixels.slice(0, 6144)).toEqual(few.pixels.slice(0, 6144));
  }, 60_000);

  test("icons that cannot be drawn are reported and left out", async () => {
    const drawings = { icons: [...small.icons, broken, empty], reports };
    const { manifest } = await buildWorld({ ...options, drawings });
    expect(manifest.failed.map(({ icon }) => icon).sort()).toEqual(["noto/broken", "noto/empty"]);
    expect(manifest.counts.pool).toBe(world.manifest.counts.pool);
  }, 60_000);

  test("under 1 % of the target's icons have a double of the same concept in the pool", async () => {
    const inClass = icons.filter(({ concept }) => classOf(concept) !== null);
    const { files } = await buildWorld({
      ...options,
      poolPicturesPerIcon: 1,
      trainPicturesPerIcon: 2,
      testPicturesPerIcon: 1,
      drawings: { icons: inClass, reports },
    });
    const idsIn = (path: string): Set<string> =>
      new Set(
        new TextDecoder()
          .decode(files.get(path))
          .trim()
          .split("\n")
          .map((line) => (JSON.parse(line) as { icon: string }).icon),
      );
    const [target, pool] = [idsIn("target.jsonl"), idsIn("pool.jsonl")];
    expect(target.size).toBeGreaterThan(1400);
    expect(pool.size).toBeGreaterThan(1400);
    const thumbnails = new Map<Icon, Float32Array>();
    for (const icon of inClass) {
      if (target.has(icon.id) || pool.has(icon.id)) thumbnails.set(icon, thumbnail(await renderIcon(icon, 64)));
    }
    const drawn = [...thumbnails];
    const doubled = drawn.filter(
      ([icon, image]) =>
        target.has(icon.id) &&
        drawn.some(
          ([other, otherImage]) =>
            pool.has(other.id) && other.concept.key === icon.concept.key && cosine(image, otherImage) > 0.95,
        ),
    );
    expect(doubled.length / target.size).toBeLessThan(0.01);
  }, 120_000);
});

describe("reading a world", () => {
  test("rows, pixels, splits and low-data sets fit together", async () => {
    const read = readerOf(world);
    const manifest = await readManifest(read);
    const dataset = await readDataset(manifest, read);
    const train = rowsOfSplit(dataset, "train");
    expect(train.length).toBe(manifest.counts.train);
    const ten = rowsOfIds(dataset, dataset.lowData["real-10"]);
    expect([...ten].every((row) => train.includes(row))).toBe(true);
    const splitsOfIcons = new Set(dataset.samples.map(({ icon, split }) => `${icon} ${split}`));
    expect(splitsOfIcons.size).toBe(new Set(dataset.samples.map(({ icon }) => icon)).size);
  });

  test("selectClasses renumbers the classes and keeps each picture with its row", async () => {
    const dataset = await readDataset(world.manifest, readerOf(world));
    const flowers = selectClasses(dataset, ["flower", "bird"]);
    const first = flowers.samples.find(({ classIndex }) => classIndex === 0)!;
    const [before, after] = [dataset, flowers].map((from) => {
      const row = rowsOfIds(from, [first.id])[0]!;
      return from.pixels.slice(row * 3072, (row + 1) * 3072);
    });
    expect(after).toEqual(before);
    expect(flowers.classes.map(({ key }) => key)).toEqual(["flower", "bird"]);
    expect(() => selectClasses(dataset, ["dragon"])).toThrow(MissingError);
  });

  test("one changed byte is noticed", async () => {
    const read = readerOf(world);
    const tampered: ReadWorldFile = async (path) => {
      const bytes = (await read(path)).slice();
      if (path === "pool.rgb") bytes[5]! ^= 1;
      return bytes;
    };
    await expect(readPool(world.manifest, tampered)).rejects.toThrow(IntegrityError);
  });

  test("what is no manifest is refused by field", async () => {
    const reads = (text: string): ReadWorldFile => {
      return () => Promise.resolve(new TextEncoder().encode(text));
    };
    await expect(readManifest(reads("<html>"))).rejects.toThrow(FormatError);
    await expect(readManifest(reads('{"format":"mini-world/2"}'))).rejects.toThrow(/format/);
  });

  test("the credits name every package with version and licence", () => {
    const credits = new TextDecoder().decode(world.files.get("CREDITS.md"));
    for (const source of world.manifest.sources) {
      expect(credits).toContain(`${source.package} ${source.version} | ${source.licence}`);
    }
    expect(credits).toContain("END OF TERMS AND CONDITIONS");
  });
});
