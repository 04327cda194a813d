import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { readDataset, rowsOfSplit } from "../../../src/data/dataset.ts";
import { captioned, captionOfName } from "../../../src/data/import/captioned.ts";
import type { LabelledPicture } from "../../../src/data/import/labelled.ts";
import { keyOf, poolPart, targetPart, withPart, type WorldPart } from "../../../src/data/import/own-world.ts";
import { readPool } from "../../../src/data/pool.ts";
import { parseManifestForTest } from "./read-manifest.ts";
import { gathered } from "./sources.ts";

const options = {
  ...{ where: "source", resolution: 2, seed: 1, lowData: 0.1, names: new Map([["cat", { name: "cat, tomcat" }]]) },
  shares: { test: 0.25, validation: 0.1 },
};

/** Pictures of different colours, `count` of a class. */
function pictures(count: number, split?: LabelledPicture["split"]): LabelledPicture[] {
  return ["cat", "wild_dog"].flatMap((label, c) =>
    Array.from({ length: count }, (_, i) => {
      const pixels = new Uint8Array(12).fill(c * 100 + i);
      return { id: `${label}/${split ?? ""}${String(i)}.png`, pixels, label, split };
    }),
  );
}

const made = (list: readonly LabelledPicture[], empty: readonly string[] = []): Promise<WorldPart> =>
  targetPart({ layout: "image folder", pictures: list, emptyLabels: empty, leftOut: [] }, options);

describe("a target", () => {
  test("without splits is dealt class by class, and its low-data sets are drawn from the training pictures", async () => {
    const part = await made(pictures(20));
    expect(part.counts).toEqual({ train: 26, validation: 4, test: 10, real10: 4, real20: 8 });
    expect(part.classes).toEqual([
      { key: "cat", name: "cat, tomcat" },
      { key: "wild-dog", name: "wild dog" },
    ]);
  });

  test("keeps the source's test pictures, and deals validation from the training ones", async () => {
    const test = pictures(20).map((picture, i) => ({ ...picture, split: i % 20 < 5 ? ("test" as const) : undefined }));
    expect((await made(test)).counts).toMatchObject({ train: 26, validation: 4, test: 10 });
  });

  test("leaves a training picture out that is the same as a test picture, and says which", async () => {
    const list = pictures(20).map((picture, i) => ({ ...picture, split: i % 20 < 5 ? ("test" as const) : undefined }));
    const copy = { ...list[2]!, id: "cat/copy.png", split: "train" as const };
    const part = await made([copy, ...list]);
    expect(part.leftOut).toEqual([{ path: "cat/copy.png", reason: "the same pixels as cat/2.png" }]);
  });

  test("is refused with the class and its doubles when all pictures of a class are the same as others'", async () => {
    const [first, ...others] = pictures(20).slice(0, 20);
    const copies = ["a", "b", "c"].map((name) => ({ ...first!, id: `owl/${name}.png`, label: "owl" }));
    await expect(made([first!, ...others, ...pictures(20).slice(20), ...copies])).rejects.toThrow(
      "source: class owl: expected at least 2 training pictures, got none; 3 of its pictures are left out, because they " +
        "have the same pixels as others: owl/a.png as cat/0.png, …",
    );
  });

  test("says that doubles are left out where training and test pictures are the same", async () => {
    const same = (["train", "test"] as const).flatMap((split) => pictures(20, split));
    await expect(made(same)).rejects.toThrow(
      "source: class cat, tomcat: expected at least 2 training pictures, got none; 20 of its pictures are left out, " +
        "because they have the same pixels as others: cat/train0.png as cat/test0.png, …",
    );
  });

  test("lists the pictures that its source has no label for", async () => {
    const leftOut = [{ path: "x.png", reason: "no line of metadata.jsonl names it" }];
    const source = { layout: "metadata.jsonl", pictures: pictures(20), emptyLabels: [], leftOut } as const;
    expect((await targetPart(source, options)).leftOut).toEqual(leftOut);
  });

  test("may give its low-data set all training pictures", async () => {
    const source = { layout: "image folder", pictures: pictures(20), emptyLabels: [], leftOut: [] } as const;
    const part = await targetPart(source, { ...options, lowData: 1, shares: { test: 0.1, validation: 0.1 } });
    expect(part.counts).toEqual({ train: 32, validation: 4, test: 4, real10: 32, real20: 32 });
  });

  test("of Caltech256's folders takes the words out of their names, and leaves its clutter out", async () => {
    const folders = ["003.backpack", "232.t-shirt", "251.airplanes-101", "257.clutter"];
    const list = (labels: readonly string[]): LabelledPicture[] =>
      labels.flatMap((label, c) =>
        Array.from({ length: 20 }, (_, i) => {
          return {
            id: `${label}/${String(i)}.jpg`,
            pixels: new Uint8Array(12).fill(c * 60 + i),
            label,
            split: undefined,
          };
        }),
      );
    const part = await made(list(folders));
    expect(part.classes).toEqual([
      { key: "003-backpack", name: "backpack" },
      { key: "232-t-shirt", name: "t shirt" },
      { key: "251-airplanes-101", name: "airplanes" },
    ]);
    expect(part.leftOut).toHaveLength(20);
    expect(part.leftOut[0]).toEqual({ path: "257.clutter/0.jpg", reason: "Caltech256's clutter, which is no class" });
    // Beside a folder of another kind they are names like any other.
    const mixed = await made(list(["257.clutter", "cat-101"]));
    expect(mixed.classes?.map(({ name }) => name)).toEqual(["257.clutter", "cat-101"]);
    // Numbered folders of another dataset keep their own hyphens, and all of their pictures.
    const birds = await made(list(["001.Black_footed_Albatross", "002.Blue-gray_Gnatcatcher", "257.clutter"]));
    expect(birds.classes?.map(({ name }) => name)).toEqual([
      "Black footed Albatross",
      "Blue-gray Gnatcatcher",
      "clutter",
    ]);
  });

  test("is refused with the class that is empty or too small, and with labels that only differ in signs", async () => {
    await expect(made(pictures(20), ["owl"])).rejects.toThrow("source: class owl: expected pictures, got none");
    await expect(made(pictures(3))).rejects.toThrow(/class cat, tomcat: expected at least/);
    const twins = pictures(20).map((picture) => ({
      ...picture,
      label: picture.label === "cat" ? "wild dog" : picture.label,
    }));
    await expect(made(twins)).rejects.toThrow(/expected a name of its own/);
    await expect(made(pictures(20).slice(0, 20))).rejects.toThrow(/at least two classes/);
  });
});

test("keys of long labels fit a file's name, and those of one beginning stay apart", () => {
  const keys = ["x".repeat(250), `${"x".repeat(250)}y`, "ü".repeat(125), "日".repeat(200)].map(keyOf);
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) {
    expect(new TextEncoder().encode(key).length).toBeLessThanOrEqual(160);
    expect(key).toMatch(/^[xü日]+-[\da-f]{8}$/u);
  }
  expect(keyOf("x".repeat(160))).toBe("x".repeat(160));
});

test("keys of classes are parts of file names", () => {
  expect(keyOf("Great White Shark (n01484850)")).toBe("great-white-shark-n01484850");
  expect(keyOf("Ärger")).toBe("ärger");
});

test("captions come from descriptions beside a picture, then from its name", async () => {
  const source = await gathered({
    ...{ "a/1.png": 1, "a/1.txt": "a red panda\n", "2.png": 2, "2.json": '{"caption":"two"}' },
    ...{
      "metadata.jsonl": '{"file_name":"3.png","text":"three","aesthetic":5.5,"punsafe":0.25}',
      "3.png": 3,
      "grey-wolf_02.png": 4,
    },
  });
  expect(
    (await captioned(source, { where: "pool" })).map(({ id, caption, captionKind }) => [id, caption, captionKind]),
  ).toEqual([
    ["2.png", "two", "json file"],
    ["3.png", "three", "metadata.jsonl"],
    ["a/1.png", "a red panda", "text file"],
    ["grey-wolf_02.png", "grey wolf", "file name"],
  ]);
  const [third] = (await captioned(source, { where: "pool" })).filter(({ id }) => id === "3.png");
  expect(third?.scores).toEqual({ aesthetics: 5.5, unsafe: 0.25 });
  expect(captionOfName("x/007.png")).toBe("007");
});

test("a caption's field that is asked for comes before text files, and is refused where no description has it", async () => {
  const source = await gathered({
    ...{ "1.png": 1, "1.txt": "one", "1.json": '{"text":"eins","url":"u"}', "2.png": 2, "3.png": 3, "3.txt": "three" },
    "metadata.jsonl": '{"file_name":"2.png","caption":"two"}',
  });
  const captions = async (column?: string): Promise<string[]> => {
    const found = await captioned(source, { where: "pool", ...(column === undefined ? {} : { column }) });
    return found.map(({ caption }) => caption);
  };
  expect(await captions()).toEqual(["one", "two", "three"]);
  expect(await captions("text")).toEqual(["eins", "2", "three"]);
  await expect(captions("txet")).rejects.toThrow(
    new ConfigError(
      "pool: --captions",
      "a field that the descriptions have (text, url, caption), such as text",
      "txet",
    ),
  );
  await expect(captioned(await gathered({ "a.png": 1 }), { where: "pool", column: "text" })).rejects.toThrow(
    new ConfigError("pool: --captions", "descriptions of pictures with the field text", "none"),
  );
});

test("a world of both parts is read back as it was imported, whichever part came first", async () => {
  const target = await made(pictures(20));
  const pool = poolPart(await captioned(await gathered({ "wolf.png": 9 }), { where: "pool" }), "web");
  const of = { name: "mine", resolution: 2, source: "folder", layout: "image folder" };
  const first = await withPart(await withPart(undefined, "target", target, of), "pool", pool, of);
  const second = await withPart(await withPart(undefined, "pool", pool, of), "target", target, of);
  expect(second.hash).toBe(first.hash);
  const files = new Map([...target.files, ...pool.files]);
  const read = (path: string): Promise<Uint8Array> => Promise.resolve(files.get(path)!);
  const manifest = await parseManifestForTest(first);
  const dataset = await readDataset(manifest, read);
  expect(rowsOfSplit(dataset, "train")).toHaveLength(26);
  expect(dataset.pixels).toHaveLength(40 * 12);
  expect((await readPool(manifest, read)).entries).toMatchObject([{ id: "wolf.png", caption: "wolf", class: null }]);
  await expect(withPart(first, "pool", pool, { ...of, resolution: 4 })).rejects.toThrow(
    /expected 2, as the world has, got 4/,
  );
});
