import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { captioned } from "../../../src/data/import/captioned.ts";
import { embeddedRows, rowsByPicture } from "../../../src/data/import/clip-retrieval.ts";
import { gathered } from "./sources.ts";

/** A `.npy` file of f4. */
function npy(rows: readonly (readonly number[])[]): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${String(rows.length)}, ${String(rows[0]!.length)}), }`;
  const padded = `${header.padEnd(117)}\n`;
  const head = [
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    padded.length,
    0,
    ...new TextEncoder().encode(padded),
  ];
  return new Uint8Array([...head, ...new Uint8Array(Float32Array.from(rows.flat()).buffer)]);
}

const parquet = (columns: Readonly<Record<string, readonly (string | null)[]>>): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: Object.entries(columns).map(([name, data]) => ({ name, data: [...data], type: "STRING" as const })),
    }),
  );

const folder = {
  "images/00001.png": 1,
  "images/00002.png": 2,
  "img_emb/img_emb_0.npy": npy([
    [3, 4],
    [0, 2],
  ]),
  "metadata/metadata_0.parquet": parquet({
    image_path: ["/data/web/images/00002.png", "images/00001.png"],
    caption: ["a wolf", null],
  }),
};

test("rows of embeddings find the picture that their path ends in, whatever folder it had elsewhere", async () => {
  const pictures = await captioned(await gathered(folder), { where: "pool" });
  expect(
    pictures.map(({ id, caption, captionKind, embedding }) => [id, caption, captionKind, [...embedding!]]),
  ).toEqual([
    ["images/00001.png", "00001", "file name", [0, 1]],
    ["images/00002.png", "a wolf", "parquet", [Math.fround(0.6), Math.fround(0.8)]],
  ]);
});

test("parts are read in the order of their numbers", async () => {
  const one = (path: string): Uint8Array => parquet({ image_path: [path] });
  const source = await gathered({
    ...{ "img_emb_10.npy": npy([[1, 0]]), "metadata_10.parquet": one("last.png") },
    ...{ "img_emb_2.npy": npy([[0, 1]]), "metadata_2.parquet": one("first.png") },
  });
  const rows = await embeddedRows(source, "pool");
  expect(rows.map(({ imagePath }) => imagePath)).toEqual(["first.png", "last.png"]);
  expect(rowsByPicture(rows, ["other.png"], "pool").size).toBe(0);
});

test("numbers of parts may be padded with zeros, as the writer does from ten parts on", async () => {
  const one = (path: string): Uint8Array => parquet({ image_path: [path] });
  const source = await gathered({
    ...{ "img_emb_00.npy": npy([[1, 0]]), "metadata_00.parquet": one("first.png") },
    ...{ "img_emb_01.npy": npy([[0, 1]]), "metadata_1.parquet": one("second.png") },
  });
  expect((await embeddedRows(source, "pool")).map(({ imagePath }) => imagePath)).toEqual(["first.png", "second.png"]);
});

test("two files of one part are refused by their names", async () => {
  const again = { "other/metadata_00.parquet": parquet({ image_path: ["a", "b"] }) };
  await expect(embeddedRows(await gathered({ ...folder, ...again }), "pool")).rejects.toThrow(
    "pool: other/metadata_00.parquet: expected one such file of part 00, got metadata/metadata_0.parquet before it",
  );
  const more = { "other/img_emb_0.npy": npy([[1, 0]]) };
  await expect(embeddedRows(await gathered({ ...folder, ...more }), "pool")).rejects.toThrow(
    /one such file of part 0,/,
  );
});

/** As img2dataset and then clip-retrieval write them: pictures in shards, rows by the members' keys. */
const shards = (...keys: readonly string[]) => ({
  ...{ "00000/000000001.png": 1, "00001/000010001.png": 2, "00001/deep/000010002.a.png": 3 },
  "img_emb/img_emb_0.npy": npy(keys.map((_, i) => [i, 1])),
  "metadata/metadata_0.parquet": parquet({ image_path: keys, caption: keys.map((_, i) => `caption ${String(i)}`) }),
});

test("rows that name WebDataset's keys find the pictures in their shards", async () => {
  const keys = ["deep/000010002", "./000010001", "000000001", "000000009"];
  const pictures = await captioned(await gathered(shards(...keys)), { where: "pool" });
  expect(pictures.map(({ id, caption, captionKind, embedding }) => [id, caption, captionKind, embedding?.[0]])).toEqual(
    [
      ["00000/000000001.png", "caption 2", "parquet", Math.fround(2 / Math.sqrt(5))],
      ["00001/000010001.png", "caption 1", "parquet", Math.fround(Math.SQRT1_2)],
      ["00001/deep/000010002.a.png", "caption 0", "parquet", 0],
    ],
  );
});

test("rows of which none is a picture's, a key of two pictures and two rows of one picture are refused", async () => {
  const refused = async (files: Parameters<typeof gathered>[0]): Promise<unknown> =>
    captioned(await gathered(files), { where: "pool" }).catch((thrown: unknown) => String(thrown));
  expect(await refused(shards("7", "8"))).toBe(
    "FormatError: pool: 00000/000000001.png: expected a row of the embeddings, got none for any picture; " +
      "the first row is of 7",
  );
  expect(await refused({ ...shards("000000001"), "00001/000000001.png": 4 })).toBe(
    "FormatError: pool: embeddings: 000000001: expected one picture, got 00000/000000001.png and 00001/000000001.png",
  );
  expect(await refused(shards("000000001", "x/00000/000000001.png"))).toBe(
    "FormatError: pool: embeddings: x/00000/000000001.png: expected the only row of 00000/000000001.png, " +
      "got another one as 000000001",
  );
});

test("an embedding that is not finite is refused by file and row", async () => {
  for (const wrong of [NaN, Infinity, -Infinity]) {
    const rows = [
      [0, 1],
      [wrong, 1],
    ];
    const source = await gathered({ ...folder, "img_emb/img_emb_0.npy": npy(rows) });
    await expect(embeddedRows(source, "pool")).rejects.toThrow(
      `pool: img_emb/img_emb_0.npy: row 1: expected finite numbers, got ${String(wrong)}`,
    );
  }
});

test("counts that do not agree, other widths, no metadata and pictures without a row are refused by name", async () => {
  const refused = async (change: Readonly<Record<string, number | string | Uint8Array>>): Promise<string> => {
    const error: unknown = await gathered({ ...folder, ...change })
      .then((source) => captioned(source, { where: "pool" }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    return (error as FormatError).message;
  };
  expect(await refused({ "img_emb/img_emb_0.npy": npy([[1, 0]]) })).toMatch(/img_emb_0\.npy: expected 2 rows.*got 1/);
  expect(await refused({ "images/00003.png": 3 })).toBe(
    "pool: images/00003.png: expected a row of the embeddings, got none",
  );
  const more = { "img_emb_1.npy": npy([[1, 0, 0]]), "metadata_1.parquet": parquet({ image_path: ["x.png"] }) };
  expect(await refused(more)).toMatch(/img_emb_1\.npy: expected 2 columns, got 3/);
  expect(await refused({ "img_emb_1.npy": npy([[1, 0]]) })).toMatch(/expected metadata_1\.parquet/);
  expect(await refused({ "metadata/metadata_0.parquet": new Uint8Array(50) })).toMatch(/expected a Parquet file/);
  expect(await refused({ "metadata/metadata_0.parquet": parquet({ url: ["a", "b"] }) })).toMatch(
    /row 0: expected image_path/,
  );
});

test("a Parquet file that was cut anywhere gives a FormatError, nothing else", async () => {
  const whole = folder["metadata/metadata_0.parquet"];
  for (let at = 0; at < whole.length; at++) {
    const source = await gathered({ ...folder, "metadata/metadata_0.parquet": whole.slice(0, at) });
    await expect(embeddedRows(source, "pool"), `cut at ${String(at)}`).rejects.toThrow(FormatError);
  }
});
