import { expect, test } from "vitest";
import { ConfigError, FormatError } from "../../../src/errors.ts";
import { captioned } from "../../../src/data/import/captioned.ts";
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

test("files beside the folders of classes make no empty class, and an empty class beside them is still named", async () => {
  const files = {
    ...{ "flowers/README.txt": "about", "flowers/labels.csv": "a,b", "flowers/train/desktop.ini": "" },
    ...{ "flowers/train/rose/1.png": 1, "flowers/train/tulip/1.png": 2 },
  };
  expect((await read(await gathered(files))).emptyLabels).toEqual([]);
  const more = { ...files, "flowers/train/daisy/": "", "flowers/train/lily/broken.png": 255 };
  expect((await read(await gathered(more))).emptyLabels).toEqual(["lily", "daisy"]);
});

test("splits are named in capitals or not, by folders and by metadata.jsonl", async () => {
  const byFolder = await read(
    await gathered({ "Training/apple/1.png": 1, "Test/apple/2.png": 2, "VALID/apple/3.png": 3 }),
  );
  expect(byFolder.pictures.map(({ id, split }) => [id, split])).toEqual([
    ["Test/apple/2.png", "test"],
    ["Training/apple/1.png", "train"],
    ["VALID/apple/3.png", "validation"],
  ]);
  const lines = ["Train", "Validation", "TEST"].map((split, i) =>
    JSON.stringify({ file_name: `${String(i)}.png`, label: "apple", split }),
  );
  const byLine = await read(await gathered({ "0.png": 1, "1.png": 2, "2.png": 3, "metadata.jsonl": lines.join("\n") }));
  expect(byLine.pictures.map(({ split }) => split)).toEqual(["train", "validation", "test"]);
});

test("the end of a shard's or folder's name is its split beside one of another split", async () => {
  const shards = {
    ...{ "imagenet-train/000000/1.png": 1, "imagenet-train/000000/1.cls": "0" },
    ...{ "imagenet-val/000000/2.png": 2, "imagenet-val/000000/2.cls": "0" },
    ...{ "old_test_000003/3.png": 3, "old_test_000003/3.cls": "0" },
    ...{ "test-00000-of/00010/4.png": 4, "test-00000-of/00010/4.cls": "0" },
  };
  const splits = ({ pictures }: LabelledSource): unknown[] => pictures.map(({ split }) => split);
  expect(splits(await read(await gathered(shards)))).toEqual(["train", "validation", "test", "test"]);
  const folders = { "flowers_train/rose/1.png": 1, "flowers_test/rose/2.png": 2 };
  expect(splits(await read(await gathered(folders)))).toEqual(["test", "train"]);
});

test("a class may have a name that ends in a split's", async () => {
  const classes = { "bullet-train/1.png": 1, "crash-test/1.png": 2, "bus/1.png": 3 };
  expect(brief(await read(await gathered(classes)))).toEqual([
    ["bullet-train/1.png", "bullet-train", undefined, 1],
    ["bus/1.png", "bus", undefined, 3],
    ["crash-test/1.png", "crash-test", undefined, 2],
  ]);
  const lines = Object.keys(classes).map((path) => JSON.stringify({ file_name: path, label: path.split("/")[0] }));
  const described = await read(await gathered({ ...classes, "metadata.jsonl": lines.join("\n") }));
  expect(described.pictures.map(({ split }) => split)).toEqual([undefined, undefined, undefined]);
  const own = { "my-train/1.png": 1, "my-test/2.png": 2 };
  const line = (name: string): string => JSON.stringify({ file_name: name, label: "owl" });
  const apart = { ...own, "my-train/metadata.jsonl": line("1.png"), "my-test/metadata.jsonl": line("2.png") };
  expect((await read(await gathered(apart))).pictures.map(({ split }) => split).sort()).toEqual(["test", "train"]);
  const [only] = (await read(await gathered({ "covid-test/positive/1.png": 1 }))).pictures;
  expect(only).toMatchObject({ label: "positive", split: undefined });
});

test("a split's name is a class below a folder that names a split, and train is one beside classes", async () => {
  const nested = { "train/train/1.png": 1, "train/bus/1.png": 2, "test/train/2.png": 3, "train/test/1.png": 4 };
  expect(brief(await read(await gathered(nested)))).toEqual([
    ["test/train/2.png", "train", "test", 3],
    ["train/bus/1.png", "bus", "train", 2],
    ["train/test/1.png", "test", "train", 4],
    ["train/train/1.png", "train", "train", 1],
  ]);
  expect(brief(await read(await gathered({ "all/bus/1.png": 1, "all/Train/1.png": 2 })))).toEqual([
    ["all/Train/1.png", "Train", undefined, 2],
    ["all/bus/1.png", "bus", undefined, 1],
  ]);
  const broken = await read(await gathered({ "bus/1.png": 1, "train/1.png": 255 }));
  expect(broken.emptyLabels).toEqual(["train"]);
});

test("pictures directly in a split are refused: in test beside classes, and in train with classes in it", async () => {
  await expect(read(await gathered({ "bus/1.png": 1, "test/1.png": 2 }))).rejects.toThrow(
    "source: test/1.png: expected a picture in a folder of its class, got one in test, which names a split",
  );
  const mixed = { "bus/1.png": 1, "train/1.png": 2, "train/bus/2.png": 3 };
  await expect(read(await gathered(mixed))).rejects.toThrow(/^source: train\/1\.png: .* which names a split$/);
  await expect(read(await gathered({ "train/1.png": 1, "test/1.png": 2 }))).rejects.toThrow(/folders of their classes/);
});

test("a path that comes twice is refused, and neither file is lost in silence", async () => {
  async function* twice() {
    for (const colour of [1, 2]) yield await Promise.resolve({ path: "cat/a.png", bytes: pictureBytes(colour) });
  }
  const refused = gather(twice(), colourCodec, { resolution: 2, where: "source" });
  await expect(refused).rejects.toThrow("source: cat/a.png: expected each path once, got it twice");
});

test("a description that is not UTF-8 is refused by its file, and another text is left out", async () => {
  const latin1 = new Uint8Array([0x4b, 0xe4, 0x73, 0x65]);
  const other = { "cat/a.png": 1, "cat/notes.txt": latin1, "annotations.json": latin1 };
  const reason = "no text in UTF-8";
  expect((await gathered(other)).leftOut).toEqual([
    { path: "cat/notes.txt", reason },
    { path: "annotations.json", reason },
  ]);
  for (const path of ["cat/a.txt", "cat/a.json", "cat/a.cls", "metadata.jsonl", "classes.txt", "classes.json"])
    await expect(gathered({ "cat/a.png": 1, [path]: latin1 })).rejects.toThrow(
      `source: ${path}: expected text in UTF-8, got other bytes`,
    );
  const utf16 = new Uint8Array([0xff, 0xfe, 0x61, 0x00]);
  await expect(gathered({ "a.png": 1, "a.txt": utf16 })).rejects.toThrow(/a\.txt: expected text in UTF-8, got UTF-16/);
  expect((await gathered({ "a.txt": new Uint8Array([0xef, 0xbb, 0xbf, 0x61]) })).texts.get("a.txt")).toBe("a");
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

test("a column that no line has is refused with the columns that there are, asked for or not", async () => {
  const line = (name: string): string => JSON.stringify({ file_name: name, art: "owl", text: "an owl" });
  const files = { "i/a.png": 1, "i/b.png": 2, "metadata.jsonl": `${line("i/a.png")}\n${line("i/b.png")}` };
  expect((await read(await gathered(files), "art")).pictures.map(({ label }) => label)).toEqual(["owl", "owl"]);
  await expect(read(await gathered(files), "arts")).rejects.toThrow(
    new ConfigError("source: --labels", "a field that the descriptions have (art, text), such as art", "arts"),
  );
  await expect(read(await gathered(files))).rejects.toThrow(
    new FormatError(
      "source: metadata.jsonl",
      "a column label, class or category, or --labels with another one",
      "art, text",
    ),
  );
  await expect(read(await gathered({ "owl/a.png": 1, "cat/b.png": 2 }), "art")).rejects.toThrow(
    new ConfigError("source: --labels", "descriptions of pictures with the field art", "none"),
  );
  // Captions beside pictures in folders of their classes.
  const folders = { "cat/a.png": 1, "dog/b.png": 2, "cat/metadata.jsonl": '{"file_name":"a.png","text":"my cat"}' };
  expect((await read(await gathered(folders))).layout).toBe("image folder");
});

test("a source of which no picture can be read says the first reason", async () => {
  const got = "none; 2 cannot be read, such as cat/a.png: premature end of the picture";
  const broken = { "cat/a.png": 255, "dog/b.png": 255 };
  const layouts = "pictures in folders of their classes, metadata.jsonl, .cls files or CIFAR";
  await expect(read(await gathered(broken))).rejects.toThrow(new FormatError("source", layouts, got));
  const webDataset = { ...broken, "cat/a.cls": "1", "metadata.jsonl": '{"file_name":"cat/a.png","label":1}' };
  await expect(read(await gathered(webDataset), "label")).rejects.toThrow(new FormatError("source", layouts, got));
  await expect(captioned(await gathered(broken), { where: "pool" })).rejects.toThrow(
    new FormatError("pool", "pictures (PNG, JPEG or WebP)", got),
  );
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

test("pictures that no line of metadata.jsonl names are left out with the reason", async () => {
  const lines = '{"file_name":"a.png","label":"x"}\n{"file_name":"b.png","label":"y"}';
  const files = { "train/a.png": 1, "train/b.png": 2, "train/c.png": 3, "train/metadata.jsonl": lines };
  const source = await read(await gathered({ ...files, "test/x/d.png": 4 }));
  expect(source.pictures.map(({ id }) => id)).toEqual(["train/a.png", "train/b.png"]);
  const reason = "no line of metadata.jsonl names it";
  expect(source.leftOut).toEqual(["test/x/d.png", "train/c.png"].map((path) => ({ path, reason })));
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
      "cifar/example.png": 1,
    }),
  );
  expect(source.layout).toBe("CIFAR binary");
  expect(brief(source)).toEqual([
    ["cifar/data_batch_1.bin#0", "automobile", "train", 7],
    ["cifar/data_batch_1.bin#1", "airplane", "train", 8],
    ["cifar/test_batch.bin#0", "automobile", "test", 9],
  ]);
  expect(source.leftOut).toEqual([{ path: "cifar/example.png", reason: "CIFAR's binary files hold the pictures" }]);
});

test("a source without labels says which layouts there are", async () => {
  await expect(read(await gathered({ "a.txt": "hello" }))).rejects.toThrow(/folders of their classes.*got none/);
});
