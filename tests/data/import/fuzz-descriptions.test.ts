import { readFile } from "node:fs/promises";
import { parquetWriteBuffer } from "hyparquet-writer";
import { parquetMetadata } from "hyparquet";
import { describe, test } from "vitest";
import { captioned } from "../../../src/data/import/captioned.ts";
import { labelled } from "../../../src/data/import/labelled.ts";
import { parquetRows } from "../../../src/data/import/parquet.ts";
import { utf8 } from "./archives.ts";
import { fuzz, seed } from "./fuzzing.ts";
import { colourCodec, gathered } from "./sources.ts";

const pictures = { "a.png": 1, "s/b.png": 2, "s/c.png": 255 };

const lines = (...rows: readonly object[]): Uint8Array => utf8(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

const metadata = [
  lines({ file_name: "a.png", label: 1, split: "test" }, { file_name: "s/b.png", label: "größer" }),
  lines(
    { file_name: "./a.png", label: "x", text: "a caption" },
    { file_name: "s/c.png" },
    { file_name: "s/b.png", class: 0 },
  ),
];

/** A source with one file that may hold anything, as labelled pictures. */
async function readLabelled(
  path: string,
  bytes: Uint8Array,
  others: Readonly<Record<string, string>> = {},
): Promise<void> {
  const source = await gathered({ ...pictures, ...others, [path]: bytes });
  const found = await labelled(source, colourCodec, { resolution: 2, where: "fuzz" });
  for (const { id, label, pixels } of found.pictures)
    if (source.pictures.get(id) !== pixels || typeof label !== "string") throw new Error(`another picture: ${id}`);
}

async function readCaptioned(path: string, bytes: Uint8Array): Promise<void> {
  const source = await gathered({ ...pictures, [path]: bytes });
  const found = await captioned(source, { where: "fuzz" });
  if (found.length !== source.pictures.size) throw new Error("another number of pictures");
  for (const { caption, scores } of found) {
    if (caption.length > 2000) throw new Error("a long caption");
    if (Object.values(scores).some((score) => !Number.isFinite(score))) throw new Error("a score that is no number");
  }
}

describe(`on any description, pictures or FormatError (ROG_FUZZ_SEED=${String(seed)})`, () => {
  test("labels of metadata.jsonl", () => fuzz(metadata, 4000, (bytes) => readLabelled("metadata.jsonl", bytes)));

  test("captions of metadata.jsonl", () => fuzz(metadata, 3000, (bytes) => readCaptioned("metadata.jsonl", bytes)));

  test("captions of a json file", () => {
    const valid = [
      lines({ caption: "a wolf", aesthetic: 5.5, punsafe: 1e-3 }),
      lines({ alt: "x", title: null, n: [{}] }),
    ];
    return fuzz(valid, 3000, (bytes) => readCaptioned("s/b.json", bytes));
  });

  test("labels of .cls files", () => {
    const others = { "a.cls": "0", "classes.txt": "cat\ndog\n" };
    return fuzz([utf8("1\n"), utf8(" dog"), utf8("")], 3000, (bytes) => readLabelled("s/b.cls", bytes, others));
  });

  test("names of classes.json", () => {
    const others = { "a.cls": "0", "s/b.cls": "1" };
    const valid = [utf8('["cat", "dog"]'), utf8('[1, {"a": 2}]'), utf8("{}")];
    return fuzz(valid, 3000, (bytes) => readLabelled("classes.json", bytes, others));
  });
});

const small = (codec: "UNCOMPRESSED" | "SNAPPY"): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "image_path", data: ["a.png", "s/b.png", "s/c.png"], type: "STRING" },
        { name: "caption", data: ["x", null, "x"], type: "STRING" },
        { name: "similarity", data: [0.1, 0.2, 0.3], type: "DOUBLE" },
      ],
      codec,
    }),
  );

test(`on any Parquet file, as many rows as it says or FormatError (ROG_FUZZ_SEED=${String(seed)})`, async () => {
  const fixture = (name: string) => readFile(new URL(`../../fixtures/parquet/${name}.parquet`, import.meta.url));
  const byArrow = await Promise.all(["snappy-v2", "groups"].map(fixture));
  // Small ones mostly, where an edit falls into pages as often as into the footer.
  const smalls = [small("UNCOMPRESSED"), small("SNAPPY")];
  const valid = [...smalls, ...smalls, ...byArrow.map((bytes) => new Uint8Array(bytes))];
  await fuzz(valid, 5000, async (bytes) => {
    const rows = await parquetRows(bytes, "fuzz");
    if (BigInt(rows.length) !== parquetMetadata(bytes).num_rows) throw new Error("another number of rows");
  });
});
