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
 * @throws FormatError when a part lacks its metadata or comes twice, their rows do not agree, widths differ, or an embedding
 * is not finite
 */
export async function embeddedRows({ binaries }: Gathered, where: string): Promise<EmbeddedRow[]> {
  const parts = partsOf(binaries, /(?:^|\/)img_emb_(\d+)\.npy$/, where);
  if (parts.length === 0) return [];
  const metadata = new Map(
    partsOf(binaries, /(?:^|\/)metadata_(\d+)\.parquet$/, where).map((part) => [part.number, part]),
  );
  const rows: EmbeddedRow[] = [];
  for (const { path, bytes, number, digits } of parts) {
    const place = `${where}: ${path}`;
    const { rows: count, columns: width, values } = readNpy(bytes, place);
    const beside = metadata.get(number);
    if (!beside) throw new FormatError(where, `metadata_${digits}.parquet beside ${path}`, "none");
    const described = await describedRows(beside.bytes, `${where}: ${beside.path}`);
    if (described.length !== count)
      throw new FormatError(place, `${String(described.length)} rows, as its metadata have`, String(count));
    const before = rows[0]?.embedding.length ?? width;
    if (width !== before) throw new FormatError(place, `${String(before)} columns`, String(width));
    described.forEach((row, i) => {
      const embedding = unit(values.subarray(i * width, (i + 1) * width), `${place}: row ${String(i)}`);
      rows.push({ ...row, embedding });
    });
  }
  return rows;
}

/** A file of one part. */
interface Part {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly number: number;
  /** The number as it is written: padded with zeros where there are ten parts or more. */
  readonly digits: string;
}

/** The files of one kind by number. @throws FormatError when two have the same */
function partsOf(binaries: Gathered["binaries"], kind: RegExp, where: string): Part[] {
  const parts = new Map<number, Part>();
  for (const [path, bytes] of binaries) {
    const digits = kind.exec(path)?.[1];
    if (digits === undefined) continue;
    const number = Number(digits);
    const earlier = parts.get(number);
    if (earlier)
      throw new FormatError(`${where}: ${path}`, `one such file of part ${digits}`, `${earlier.path} before it`);
    parts.set(number, { path, bytes, number, digits });
  }
  return [...parts.values()].sort((a, b) => a.number - b.number);
}

async function describedRows(bytes: Uint8Array, where: string): Promise<Omit<EmbeddedRow, "embedding">[]> {
  return (await parquetRows(bytes, where)).map((row, i) => {
    const values = new Map(Object.entries(row).flatMap(([name, value]) => plain(name, value)));
    const imagePath = values.get("image_path");
    if (typeof imagePath !== "string")
      throw new FormatError(`${where}: row ${String(i)}`, "image_path, a text", JSON.stringify(imagePath ?? null));
    return { imagePath, values };
  });
}

/** A column's value as JSON has it; nothing for dates, bytes and groups. */
function plain(name: string, value: unknown): [string, StrictJson][] {
  if (typeof value === "bigint") return [[name, Number(value)]];
  return typeof value === "string" || typeof value === "number" ? [[name, value]] : [];
}

/** @throws FormatError when a number is not finite */
function unit(row: Float32Array, where: string): Float32Array {
  const wrong = row.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new FormatError(where, "finite numbers", String(wrong));
  const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  return row.map((value) => (length > 0 ? value / length : value));
}

/**
 * Rows by the path of the picture in the source: the longest ending of the row's path that is a picture's path, else the
 * picture whose path the row's is an ending of. Of WebDataset, clip-retrieval writes the key in the place of a path: the
 * member's path up to the first dot of its name, without the shard, which is a folder here.
 *
 * @param paths of the pictures
 * @throws FormatError when a row may be of several pictures, or a picture has rows of different embeddings
 */
export function rowsByPicture(
  rows: readonly EmbeddedRow[],
  paths: Iterable<string>,
  where: string,
): Map<string, EmbeddedRow> {
  const found = new Map<string, EmbeddedRow>();
  if (rows.length === 0) return found;
  const known = new KnownPaths(paths);
  for (const row of rows) {
    const [path, other] = known.picturesOf(row.imagePath);
    if (path === undefined) continue;
    const place = `${where}: embeddings: ${row.imagePath}`;
    if (other !== undefined) throw new FormatError(place, "one picture", `${path} and ${other}`);
    const earlier = found.get(path);
    if (earlier && !isEqual(earlier.embedding, row.embedding))
      throw new FormatError(place, `the only row of ${path}`, `another one as ${earlier.imagePath}`);
    found.set(path, row);
  }
  return found;
}

const isEqual = (a: Float32Array, b: Float32Array): boolean => a.every((value, i) => value === b[i]);

/** Pictures by their paths and keys, and by all endings of those. */
class KnownPaths {
  readonly #wholes = new Map<string, string[]>();
  readonly #endings = new Map<string, string[]>();

  constructor(paths: Iterable<string>) {
    for (const path of paths)
      for (const name of [path, path.replace(/\.[^/]*$/, "")]) {
        add(this.#wholes, name, path);
        const parts = name.split("/");
        parts.forEach((_, start) => {
          add(this.#endings, parts.slice(start).join("/"), path);
        });
      }
  }

  /** None, one, or all that it may be. */
  picturesOf(imagePath: string): readonly string[] {
    const parts = imagePath.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
    const endings = parts.map((_, start) => parts.slice(start).join("/"));
    const whole = endings.map((ending) => this.#wholes.get(ending)).find(Boolean);
    return whole ?? this.#endings.get(parts.join("/")) ?? [];
  }
}

function add(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
