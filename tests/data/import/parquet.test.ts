import { readFile } from "node:fs/promises";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { defaultLimits } from "../../../src/data/import/limits.ts";
import { parquetRows } from "../../../src/data/import/parquet.ts";
import { FormatError } from "../../../src/errors.ts";
import { concat } from "./archives.ts";

const folder = new URL("../../fixtures/parquet/", import.meta.url);
const fixture = async (name: string): Promise<Uint8Array> => new Uint8Array(await readFile(new URL(name, folder)));

/** Rows as JSON has them: a 64-bit integer as a number. */
const plain = (rows: readonly Record<string, unknown>[]): unknown =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, typeof value === "bigint" ? Number(value) : value]),
    ),
  );

test.each(["snappy", "snappy-v2", "plain", "plain-v2", "groups", "split"])(
  "%s: texts and numbers are those that Arrow wrote (parquet.py)",
  async (name) => {
    const rows = JSON.parse(await readFile(new URL("rows.json", folder), "utf8")) as unknown;
    expect(plain(await parquetRows(await fixture(`${name}.parquet`), "file"))).toEqual(rows);
  },
);

const refusal = async (bytes: Uint8Array, limits = defaultLimits): Promise<string> => {
  const error: unknown = await parquetRows(bytes, "file", limits).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FormatError);
  return (error as FormatError).message;
};

test("declared sizes over the limit are refused before a page is looked at", async () => {
  const bytes = await fixture("snappy.parquet");
  const metadata = parquetMetadata(bytes);
  const kept = metadata.row_groups[0]!.columns.filter(({ meta_data: meta }) =>
    /^(image_path|caption|NSFW|nothing|similarity|punsafe|width|height)$/.test(meta!.path_in_schema[0]!),
  );
  const declared = kept.reduce((sum, { meta_data: meta }) => sum + Number(meta!.total_uncompressed_size), 0);
  expect(await parquetRows(bytes, "file", { ...defaultLimits, inflatedBytes: declared })).toHaveLength(60);
  // No page is whole: all bytes before the footer are gone.
  const end = bytes.length - 8 - metadata.metadata_length;
  const hollow = concat(new Uint8Array(end), bytes.subarray(end));
  expect(await refusal(hollow, { ...defaultLimits, inflatedBytes: declared - 1 })).toBe(
    `file: expected columns of at most ${String(declared - 1)} bytes unpacked, got ${String(declared)}`,
  );
});

/** A file of one column of texts that rows may lack. */
const written = (codec: "UNCOMPRESSED" | "SNAPPY"): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [{ name: "a", data: ["x", null, "y", "z"], type: "STRING" }],
      codec,
      statistics: false,
    }),
  );

/** An I32 of Thrift's compact protocol. */
function i32(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) return bytes;
  }
}

/** A page of plain values: its header says how long it is unpacked and packed, and how many values it has. */
const page = (unpacked: number, packed: number, values: number, ...content: number[]): Uint8Array =>
  Uint8Array.of(
    ...[0x15, 0, 0x15, ...i32(unpacked), 0x15, ...i32(packed)],
    ...[0x2c, 0x15, ...i32(values), 0x15, 0, 0x15, 6, 0x15, 6, 0, 0, ...content],
  );

/** The file with another page in the place of its own, its footer as it was. */
function withPage(bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const meta = parquetMetadata(bytes).row_groups[0]!.columns[0]!.meta_data!;
  const changed = bytes.slice();
  const start = Number(meta.data_page_offset);
  changed.fill(0, start, start + Number(meta.total_compressed_size));
  changed.set(other, start);
  return changed;
}

test("pages that say more than they can hold are refused before anything is allocated for it", async () => {
  const [plainFile, packedFile] = [written("UNCOMPRESSED"), written("SNAPPY")];
  for (const file of [plainFile, packedFile])
    expect(await parquetRows(file, "file")).toEqual([{ a: "x" }, { a: null }, { a: "y" }, { a: "z" }]);
  const many = 2 ** 30;
  expect(await refusal(withPage(plainFile, page(many, many, 4)))).toMatch(/expected a page of at most \d+ bytes, got/);
  expect(await refusal(withPage(packedFile, page(many, 4, 4)))).toMatch(/expected at most 88 bytes out of 4, got/);
  const levels = page(12, 12, many, ...[2, 0, 0, 0], ...[8, 1]);
  expect(await refusal(withPage(plainFile, levels))).toMatch(/expected at most 4 values in a column, got 1073741824/);
  // A run of 2^28 values in five bytes, where the reader would put them all down.
  const run = page(12, 12, 4, ...[6, 0, 0, 0], ...[0x80, 0x80, 0x80, 0x80, 2, 1]);
  expect(await refusal(withPage(plainFile, run))).toMatch(/runs of at most 4 values, got 268435456/);
});

test("a footer with any other byte gives as many rows, or a FormatError", async () => {
  const bytes = await fixture("snappy.parquet");
  const start = bytes.length - 8 - parquetMetadata(bytes).metadata_length;
  for (let at = start; at < bytes.length; at += 3) {
    const changed = bytes.slice();
    changed[at]! ^= 0x7f;
    const rows = await parquetRows(changed, "file").catch((error: unknown) => error);
    if (Array.isArray(rows)) expect(rows).toHaveLength(60);
    else expect(rows, `byte ${String(at)}`).toBeInstanceOf(FormatError);
  }
});
