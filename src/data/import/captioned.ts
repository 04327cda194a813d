/** Captioned pictures in the layouts that pools come in. */
import { FormatError } from "../../errors.ts";
import { parseStrictJson, type StrictJson } from "../../weights/strict-json.ts";
import { embeddedRows, rowsByPicture } from "./clip-retrieval.ts";
import { endingOf, noneText, stemOf, type Gathered } from "./gather.ts";
import { failField, fieldOf, metadataRows, objectOf } from "./metadata.ts";

/** Where a caption stood. */
export type CaptionKind = "parquet" | "metadata.jsonl" | "text file" | "json file" | "file name";

/** A picture that retrieval may find. */
export interface CaptionedPicture {
  /** Its path in the source. */
  readonly id: string;
  /** [resolution, resolution, 3] */
  readonly pixels: Uint8Array;
  readonly caption: string;
  readonly captionKind: CaptionKind;
  /** [width], length 1, where the source brings embeddings */
  readonly embedding?: Float32Array;
  /** Scores that the source's descriptions bring. */
  readonly scores: Scores;
}

/** Predicted scores of a picture, where they are known. */
export interface Scores {
  readonly aesthetics?: number;
  readonly unsafe?: number;
}

/** Fields that may hold a caption, in the order of preference. */
const captionFields = ["caption", "text", "alt", "title"];

/** Characters of a caption that are kept. */
const mostCharacters = 2000;

/**
 * Every picture with a caption: from `metadata.jsonl`, from a `.txt` or `.json` file of the same name beside it (as
 * WebDataset and img2dataset write them), else from its file's name. Where clip-retrieval's embeddings lie beside them,
 * their metadata's captions come first.
 *
 * @param column of the descriptions that holds the caption, before a `.txt` file; `caption`, `text`, `alt` or `title` without it
 * @throws ConfigError when no description has the column
 * @throws FormatError when there is no picture, a description is broken, or embeddings lack a picture's row
 */
export async function captioned(
  source: Gathered,
  { where, column }: { readonly where: string; readonly column?: string },
): Promise<readonly CaptionedPicture[]> {
  const fields = column === undefined ? captionFields : [column];
  const rows = await embeddedRows(source, where);
  const embedded = rowsByPicture(rows, source.pictures.keys(), where);
  const lines = new Map(metadataRows(source, where).map((row) => [row.path, row.values]));
  const all: Values[] = [];
  const found = [...source.pictures].map(([id, pixels]): CaptionedPicture => {
    const row = embedded.get(id);
    if (rows[0] && !row) {
      const none = embedded.size > 0 ? "none" : `none for any picture; the first row is of ${rows[0].imagePath}`;
      throw new FormatError(`${where}: ${id}`, "a row of the embeddings", none);
    }
    const descriptions = descriptionsOf(id, row?.values, lines.get(id), source, where);
    all.push(...descriptions.map(([, values]) => values));
    const [caption, captionKind] = captionOf(id, descriptions, source, fields, column !== undefined);
    return {
      ...{ id, pixels, caption: caption.trim().slice(0, mostCharacters), captionKind, scores: scoresOf(descriptions) },
      ...(row ? { embedding: row.embedding } : {}),
    };
  });
  if (found.length === 0) throw new FormatError(where, "pictures (PNG, JPEG or WebP)", noneText(source));
  if (column !== undefined && !all.some((values) => fieldOf(values, fields) !== undefined))
    failField(column, all, `${where}: --captions`);
  return found;
}

/** What is said of a picture, by where it is said; the first place with a caption gives it. */
type Descriptions = readonly (readonly [Exclude<CaptionKind, "text file" | "file name">, Values])[];
type Values = ReadonlyMap<string, StrictJson>;

function descriptionsOf(
  path: string,
  row: Values | undefined,
  line: Values | undefined,
  { texts }: Gathered,
  where: string,
): Descriptions {
  const file = `${stemOf(path)}json`;
  const text = texts.get(file);
  const place = `${where}: ${file}`;
  return [
    ...(row ? [["parquet", row] as const] : []),
    ...(line ? [["metadata.jsonl", line] as const] : []),
    ...(text === undefined ? [] : [["json file", objectOf(parseStrictJson(text, place), place)] as const]),
  ];
}

function captionOf(
  path: string,
  descriptions: Descriptions,
  { texts }: Gathered,
  fields: readonly string[],
  isAskedFor: boolean,
): [string, CaptionKind] {
  const said = descriptions.map(([kind, values]) => [fieldOf(values, fields), kind] as const);
  const [before, after] = [said.filter(([, kind]) => isAskedFor || kind !== "json file"), said.slice(-1)];
  const text = texts.get(`${stemOf(path)}txt`);
  for (const [caption, kind] of [...before, [text?.trim() === "" ? undefined : text, "text file"] as const, ...after])
    if (caption !== undefined) return [caption, kind];
  return [captionOfName(path), "file name"];
}

/** Fields of LAION's metadata and of others that hold the two scores. */
const scoreFields = {
  aesthetics: ["aesthetics", "aesthetic", "aesthetic_score", "AESTHETIC_SCORE"],
  unsafe: ["unsafe", "punsafe"],
} as const;

function scoresOf(descriptions: Descriptions): Scores {
  const number = (fields: readonly string[]): number | undefined =>
    descriptions
      .flatMap(([, values]) => fields.map((field) => values.get(field)))
      .find((value): value is number => typeof value === "number" && Number.isFinite(value));
  const [aesthetics, unsafe] = [number(scoreFields.aesthetics), number(scoreFields.unsafe)];
  return { ...(aesthetics === undefined ? {} : { aesthetics }), ...(unsafe === undefined ? {} : { unsafe }) };
}

/** "red-panda_02.jpg" as "red panda": separators are spaces, a number at the end says nothing. */
export function captionOfName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1, -(endingOf(path).length + 1));
  const words = name.split(/[\s_\-.]+/).filter(Boolean);
  while (words.length > 1 && /^\d+$/.test(words.at(-1)!)) words.pop();
  return words.join(" ");
}
