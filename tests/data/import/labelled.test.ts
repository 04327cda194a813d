import { expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { labelled, type LabelledSource } from "../../../src/data/import/labelled.ts";
import { gather, type Gathered } from "../../../src/data/import/gather.ts";
import { colourCodec, gathered, pictureBytes } from "./sources.ts";

const read = (source: Gathered, column?: string): Promise<LabelledSource> =>
  labelled(source, colourCodec, { resolution: 2, where: "source", ...(column === undefined ? {} : { column }) });

const brief = ({ pictures }: LabelledSource): unknown[] =>
  pictures.map(({ id, label, split, pixels }) => [id, label, split, pixels[0]]);

test("in an image folder the folder is the class, and one above it the split", async () => {
  const source = await read(
    await gathered({ "val/cat/1.png": 3, "train/dog/b.jpg.png": 2, "train/cat/a.png": 1, "loose/owl/c.png": 4 }),
  );
  expect(source.layout).toBe("image folder");
  expect(brief(source)).toEqual([
    ["loose/owl/c.png", "owl", undefined, 4],
    ["train/cat/a.png", "cat", "train", 1],
    ["train/dog/b.jpg.png", "dog", "train", 2],
    ["val/cat/1.png", "cat", "validation", 3],
  ]);
});

test("a class folder without a picture is named", async () => {
  const source = await read(await gathered({ "cat/a.png": 1, "dog/broken.png": 255, "dog/notes.txt": "none yet" }));
  expect(source.emptyLabels).toEqual(["dog"]);
});

test("a class folder that holds nothing at all is named where the source lists folders", async () => {
  const listed = { "cat/": "", "train/": "", "train/cat/a.png": 1, "train/dog/": "", "test/": "", "val/cat/": "" };
  const source = await gathered(listed);
  expect(source.emptyFolders).toEqual(["cat/", "test/", "train/dog/", "val/cat/"]);
  expect((await read(source)).emptyLabels).toEqual(["dog"]);
});

test("a path that comes twice is refused, and neither file is lost in silence", async () => {
  async function* twice() {
    for (const colour of [1, 2]) yield await Promise.resolve({ path: "cat/a.png", bytes: pictureBytes(colour) });
  }
  const refused = gather(twice(), colourCodec, { resolution: 2, where: "source" });
  await expect(refused).rejects.toThrow("source: cat/a.png: expected each path once, got it twice");
});

test("a picture beside the class folders is refused by its path", async () => {
  await expect(read(await gathered({ "cat/a.png": 1, "stray.png": 2 }))).rejects.toThrow(
    /^source: stray\.png: expected a picture in a folder of its class/,
  );
});

test("metadata.jsonl gives labels by its own folder's paths, by a chosen column, and splits", async () => {
  const files = {
    "train/metadata.jsonl":
      '{"file_name":"a.png","label":1,"kind":"x"}\n{"file_name":"s/b.png","label":"owl","kind":"y"}\n',
    "train/a.png": 1,
    "train/s/b.png": 2,
    "classes.txt": "cat\ndog\n",
  };
  const source = await read(await gathered(files));
  expect(source.layout).toBe("metadata.jsonl");
  expect(brief(source)).toEqual([
    ["train/a.png", "dog", "train", 1],
    ["train/s/b.png", "owl", "train", 2],
  ]);
  expect((await read(await gathered(files), "kind")).pictures.map(({ label }) => label)).toEqual(["x", "y"]);
});

test("a broken line, a missing picture and a path out of the source are refused with file and line", async () => {
  const withLine = async (line: string): Promise<unknown> =>
    read(await gathered({ "a.png": 1, "metadata.jsonl": line }));
  await expect(withLine('{"file_name":"a.png","label":"x"}\n{"file_name"')).rejects.toThrow(/metadata\.jsonl:2/);
  await expect(withLine('{"file_name":"b.png","label":"x"}')).rejects.toThrow(/:1: expected the picture b\.png/);
  await expect(withLine('{"file_name":"../a.png","label":"x"}')).rejects.toThrow(FormatError);
  await expect(withLine('{"label":"x"}')).rejects.toThrow(/expected file_name, got none/);
  await expect(withLine('{"file_name":"a.png","label":"x"}\n{"file_name":"a.png"}')).rejects.toThrow(
    /:2: expected label/,
  );
});

test("the line of a picture that could not be decoded is left out with it", async () => {
  const lines = '{"file_name":"a.png","label":"x"}\n{"file_name":"b.png","label":"y"}';
  const source = await gathered({ "a.png": 1, "b.png": 255, "metadata.jsonl": lines });
  expect(source.leftOut).toEqual([{ path: "b.png", reason: "premature end of the picture" }]);
  expect((await read(source)).pictures).toHaveLength(1);
});

test("WebDataset's .cls members label the picture of the same key", async () => {
  const source = await read(
    await gathered({
      ...{ "train/000000/0001.png": 5, "train/000000/0001.cls": "1", "train/000000/0001.json": "{}" },
      ...{ "test/000000/0002.webp.png": 6, "test/000000/0002.webp.cls": " 0\n", "classes.txt": "cat\ndog" },
    }),
  );
  expect(source.layout).toBe("WebDataset");
  expect(brief(source)).toEqual([
    ["test/000000/0002.webp.png", "cat", "test", 6],
    ["train/000000/0001.png", "dog", "train", 5],
  ]);
  await expect(read(await gathered({ "1.png": 1, "1.cls": "0", "2.png": 2 }))).rejects.toThrow(
    /2\.png: expected a \.cls/,
  );
});

test("CIFAR-10's batches become training and test pictures with the names of batches.meta.txt", async () => {
  const record = (label: number, red: number): Uint8Array => {
    const bytes = new Uint8Array(3073);
    bytes[0] = label;
    bytes.fill(red, 1, 1025);
    return bytes;
  };
  const source = await read(
    await gathered({
      "cifar/data_batch_1.bin": new Uint8Array([...record(1, 7), ...record(0, 8)]),
      "cifar/test_batch.bin": record(1, 9),
      "cifar/batches.meta.txt": "airplane\nautomobile\n",
    }),
  );
  expect(source.layout).toBe("CIFAR binary");
  expect(brief(source)).toEqual([
    ["cifar/data_batch_1.bin#0", "automobile", "train", 7],
    ["cifar/data_batch_1.bin#1", "airplane", "train", 8],
    ["cifar/test_batch.bin#0", "automobile", "test", 9],
  ]);
});

test("a source without labels says which layouts there are", async () => {
  await expect(read(await gathered({ "a.txt": "hello" }))).rejects.toThrow(/folders of their classes.*got none/);
});
