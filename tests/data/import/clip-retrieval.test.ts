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
  expect(rowsByPicture(rows, ["other.png"]).size).toBe(0);
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
