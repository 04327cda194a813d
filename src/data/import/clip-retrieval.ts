/** Folders as clip-retrieval writes them: `img_emb_<n>.npy` with the rows that `metadata_<n>.parquet` describes. */
import { FormatError } from "../../errors.ts";
import type { StrictJson } from "../../weights/strict-json.ts";
import type { Gathered } from "./gather.ts";
import { readNpy } from "./npy.ts";
import { parquetRows } from "./parquet.ts";

/** What a folder of embeddings says of one picture. */
export interface EmbeddedRow {
  /** As the metadata name it: relative, absolute or on another machine. */
  readonly imagePath: string;
  /** Its columns of texts and numbers. */
  readonly values: ReadonlyMap<string, StrictJson>;
  /** [width], length 1 */
  readonly embedding: Float32Array;
}

/**
 * All rows of all parts, in the order of their numbers.
 *
 * @returns empty where the source holds no embeddings
 * @throws FormatError when a part lacks its metadata, their rows do not agree, or widths differ
 */
export async function embeddedRows({ binaries }: Gathered, where: string): Promise<EmbeddedRow[]> {
  const parts = [...binaries].flatMap(([path, bytes]) => {
    const number = /(?:^|\/)img_emb_(\d+)\.npy$/.exec(path)?.[1];
    return number === undefined ? [] : [{ path, bytes, number: Number(number) }];
  });
  const rows: EmbeddedRow[] = [];
  for (const { path, bytes, number } of parts.sort((a, b) => a.number - b.number)) {
    const { rows: count, columns: width, values } = readNpy(bytes, `${where}: ${path}`);
    const described = await metadataOf(binaries, number, where);
    if (described.length !== count)
      throw new FormatError(
        `${where}: ${path}`,
        `${String(described.length)} rows, as its metadata have`,
        String(count),
      );
    const before = rows[0]?.embedding.length ?? width;
    if (width !== before) throw new FormatError(`${where}: ${path}`, `${String(before)} columns`, String(width));
    described.forEach((row, i) => {
      rows.push({ ...row, embedding: unit(values.subarray(i * width, (i + 1) * width)) });
    });
  }
  return rows;
}

type Described = Omit<EmbeddedRow, "embedding">;

async function metadataOf(binaries: Gathered["binaries"], number: number, where: string): Promise<Described[]> {
  const name = `metadata_${String(number)}.parquet`;
  const found = [...binaries].find(([path]) => path === name || path.endsWith(`/${name}`));
  if (!found) throw new FormatError(where, `${name} beside img_emb_${String(number)}.npy`, "none");
  const [path, bytes] = found;
  const place = `${where}: ${path}`;
  return (await parquetRows(bytes, place)).map((row, i) => {
    const values = new Map(Object.entries(row).flatMap(([name, value]) => plain(name, value)));
    const imagePath = values.get("image_path");
    if (typeof imagePath !== "string")
      throw new FormatError(`${place}: row ${String(i)}`, "image_path, a text", JSON.stringify(imagePath ?? null));
    return { imagePath, values };
  });
}

/** A column's value as JSON has it; nothing for dates, bytes and groups. */
function plain(name: string, value: unknown): [string, StrictJson][] {
  if (typeof value === "bigint") return [[name, Number(value)]];
  return typeof value === "string" || typeof value === "number" ? [[name, value]] : [];
}

function unit(row: Float32Array): Float32Array {
  const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  return row.map((value) => (length > 0 ? value / length : value));
}

/**
 * Rows by the path of the picture in the source: the same path, or the longest ending of it that is a path here.
 *
 * @param paths of the pictures
 */
export function rowsByPicture(rows: readonly EmbeddedRow[], paths: Iterable<string>): Map<string, EmbeddedRow> {
  const known = new Set(paths);
  const found = new Map<string, EmbeddedRow>();
  for (const row of rows) {
    const parts = row.imagePath.split(/[\\/]+/);
    for (let start = 0; start < parts.length; start++) {
      const path = parts.slice(start).join("/");
      if (!known.has(path)) continue;
      found.set(path, row);
      break;
    }
  }
  return found;
}
