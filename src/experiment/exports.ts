/** What a run made, in the forms that other programs read. */
import { imageAt } from "../data/image.ts";
import { encodePng } from "../data/png.ts";
import { FormatError } from "../errors.ts";
import { unpackLearned } from "../methods/adapted.ts";
import type { ProducedImage, Provenance } from "../methods/method.ts";
import { fromFloat32 } from "../weights/dtypes.ts";
import { writeSafetensors } from "../weights/safetensors-writer.ts";

/** A file of an export by its path. */
export interface ExportedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A unit of `produce` as its JSON has it. */
export interface ProducedRecord {
  readonly images: readonly Pick<ProducedImage, "id" | "provenance">[];
}

/** What is told of an image beside its pixels: label, id and provenance. */
export function imageRecord(key: string, { id, provenance }: ProducedRecord["images"][number]): object {
  return { label: key, id, ...flat(provenance) };
}

/**
 * The images of one class as an image folder with Hugging Face's `metadata.jsonl` lines.
 *
 * @param record the unit's JSON: ids and provenance
 * @param pixels the unit's bytes, [n, resolution, resolution, 3]
 * @returns PNG files below `<key>/`, and a line for each
 */
export function imageFolderFiles(
  key: string,
  record: ProducedRecord,
  pixels: Uint8Array,
  resolution: number,
): { readonly files: ExportedFile[]; readonly lines: readonly object[] } {
  const paths = record.images.map(({ id }, i) => `${key}/${fileName(id, i)}.png`);
  return {
    files: paths.map((path, i) => ({ path, bytes: encodePng(imageAt(pixels, resolution, i)) })),
    lines: record.images.map((image, i) => ({ file_name: paths[i]!, ...imageRecord(key, image) })),
  };
}

/** Characters of an id that a name keeps: file systems allow a name 255 bytes. */
const keptCharacters = 100;

/** Endings of an id that is a picture's own file name: what is exported is a PNG. */
const pictureEnding = /\.(png|jpe?g|webp|gif|bmp)$/i;

/** A name that every file system takes. The number keeps ids apart that differ by other characters only. */
const fileName = (id: string, i: number): string => {
  const name = id.replace(pictureEnding, "").replaceAll(/[^\w.-]+/g, "-");
  return `${String(i).padStart(4, "0")}-${name.slice(0, keptCharacters)}`;
};

const flat = ({ kind, ...rest }: Provenance): object => ({ origin: kind, ...rest });

/**
 * Learned words as diffusers' `load_textual_inversion` takes them: one safetensors file a class, its only key the token.
 *
 * @param bytes what `adapt` of textual-inversion or pseudoword-dm kept
 * @throws FormatError when it holds no words
 */
export async function learnedEmbeds(bytes: Uint8Array): Promise<ExportedFile[]> {
  const { rows, notes } = await unpackLearned(bytes);
  const method = notes.get("method") ?? "none";
  if (method !== "textual-inversion" && method !== "pseudoword-dm")
    throw new FormatError("learned embeds", "words of textual-inversion or pseudoword-dm", method);
  return [...rows].map(([key, row]) => ({
    path: `${key}.safetensors`,
    bytes: writeSafetensors(
      new Map([[`<${key}>`, { dtype: "F32", shape: [1, row.length], bytes: fromFloat32(row, "F32") }]]),
      new Map([["method", method]]),
    ),
  }));
}
