/** Descriptions of pictures beside them: Hugging Face's `metadata.jsonl`, and lists of names. */
import { ConfigError, FormatError } from "../../errors.ts";
import { nearestName } from "../../nearest-name.ts";
import { parseStrictJson, type StrictJson } from "../../weights/strict-json.ts";
import type { Gathered } from "./gather.ts";
import { safePath } from "./safe-path.ts";

/** A picture and what a line says of it. */
export interface MetadataRow {
  /** The picture's path in the source. */
  readonly path: string;
  /** [resolution, resolution, 3] */
  readonly pixels: Uint8Array;
  readonly values: ReadonlyMap<string, StrictJson>;
  /** File and line, for errors. */
  readonly where: string;
}

/** The path of a description of a folder's pictures. */
export const metadataFile = /(?:^|\/)metadata\.jsonl$/;

/**
 * The lines of all `metadata.jsonl` files; their `file_name` is relative to the file's own folder. Lines of pictures that
 * could not be read are left out with them.
 *
 * @throws FormatError when a line is no object, or names a picture that is not there
 */
export function metadataRows({ pictures, texts, leftOut }: Gathered, where: string): MetadataRow[] {
  const unread = new Set(leftOut.map(({ path }) => path));
  const files = [...texts].filter(([path]) => metadataFile.test(path));
  return files.flatMap(([file, text]) => {
    const folder = file.slice(0, -"metadata.jsonl".length);
    return text.split("\n").flatMap((line, i): MetadataRow[] => {
      if (line.trim() === "") return [];
      const place = `${where}: ${file}:${String(i + 1)}`;
      const values = objectOf(parseStrictJson(line, place), place);
      const name = values.get("file_name");
      if (typeof name !== "string") throw new FormatError(place, "file_name", name === undefined ? "none" : "no text");
      const path = folder + safePath(name, place);
      const pixels = pictures.get(path);
      if (pixels) return [{ path, pixels, values, where: place }];
      if (unread.has(path)) return [];
      throw new FormatError(place, `the picture ${path}`, "no such file");
    });
  });
}

/** The first of some columns that a row has a text or number in, as text. */
export function fieldOf(values: ReadonlyMap<string, StrictJson>, columns: readonly string[]): string | undefined {
  const found = columns.map((column) => values.get(column)).find(isFilled);
  return found === undefined ? undefined : String(found);
}

const isFilled = (value: StrictJson | undefined): value is string | number =>
  typeof value === "number" ? Number.isFinite(value) : typeof value === "string" && value.trim() !== "";

/** The fields of descriptions, but the one that names the picture, as an error lists them. */
export function fieldsText(descriptions: readonly ReadonlyMap<string, StrictJson>[]): string {
  return fieldsOf(descriptions).join(", ");
}

/**
 * For a field that was asked for and that no description has a text or number in.
 *
 * @param where names the source and the flag
 * @throws ConfigError naming the fields that there are
 */
export function failField(
  field: string,
  descriptions: readonly ReadonlyMap<string, StrictJson>[],
  where: string,
): never {
  const fields = fieldsOf(descriptions);
  if (fields.length === 0) throw new ConfigError(where, `descriptions of pictures with the field ${field}`, "none");
  if (fields.includes(field)) throw new ConfigError(where, "a field of texts or numbers", field);
  const near = nearestName(field, fields);
  const expected = `a field that the descriptions have (${fields.join(", ")})${near === null ? "" : `, such as ${near}`}`;
  throw new ConfigError(where, expected, field);
}

function fieldsOf(descriptions: readonly ReadonlyMap<string, StrictJson>[]): string[] {
  const fields = new Set(descriptions.flatMap((values) => [...values.keys()]));
  return [...fields].filter((field) => field !== "file_name");
}

/** A JSON object. @throws FormatError when it is anything else */
export function objectOf(value: StrictJson, where: string): ReadonlyMap<string, StrictJson> {
  if (value instanceof Map) return value;
  throw new FormatError(where, "an object", Array.isArray(value) ? "a list" : JSON.stringify(value));
}

/** The lines of a text that hold anything. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
