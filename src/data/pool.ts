import { z } from "zod";
import { FormatError, MissingError } from "../errors.ts";
import { imageBytes } from "./image.ts";
import { parseLines, readWorldFile, type ReadWorldFile, type WorldManifest } from "./world.ts";

/** What is known of one captioned picture. Methods may use `caption`; the rest is for measuring and credits. */
export interface PoolEntry {
  /** `<vendor>/<icon>#<n>` in the mini world; unique in the pool. */
  readonly id: string;
  readonly caption: string;
  /** Which template of the caption noise wrote it. */
  readonly captionKind: string;
  readonly icon: string;
  readonly vendor: string;
  /** Key of the target class that it truly shows, or null. */
  readonly class: string | null;
  /** Pictures of icons that look the same share a number; null when the icon has no double. */
  readonly nearDuplicateGroup: number | null;
  /** Its concept is kept out of pre-training, so that reconstruction can be measured on it. */
  readonly heldOut: boolean;
  /** A predicted score, about 1 to 10, where an imported pool has one. */
  readonly aesthetics?: number | undefined;
  /** A predicted probability of being unsafe, where an imported pool has one. */
  readonly unsafe?: number | undefined;
}

/** Captioned square pictures of one size, in which retrieval searches. Row i of `pixels` is `entries[i]`. */
export interface Pool {
  readonly name: string;
  readonly resolution: number;
  readonly entries: readonly PoolEntry[];
  /** [entries.length, resolution, resolution, 3] */
  readonly pixels: Uint8Array;
  /** Of another program, [entries.length, width]; without them a run embeds the pool itself. */
  readonly embeddings?: Float32Array;
}

/** Where an imported pool's embeddings lie in its world. */
export const poolEmbeddingsPath = "pool.embeddings.f32";

const entrySchema = z.strictObject({
  id: z.string(),
  caption: z.string(),
  captionKind: z.string(),
  icon: z.string(),
  vendor: z.string(),
  class: z.string().nullable(),
  nearDuplicateGroup: z.number().nullable(),
  heldOut: z.boolean(),
  aesthetics: z.number().optional(),
  unsafe: z.number().optional(),
});

/**
 * Reads the pool of a world, each file checked by its hash.
 *
 * @param where names the world in errors
 * @throws FormatError when rows and pixels do not belong together
 * @throws IntegrityError when a file is not what was built
 */
export const readPool = async (
  manifest: WorldManifest,
  read: ReadWorldFile,
  where = `world ${manifest.name}`,
): Promise<Pool> => {
  const [lines, pixels] = await Promise.all(
    ["pool.jsonl", "pool.rgb"].map((path) => readWorldFile(manifest, path, read, where)),
  );
  if (!lines || !pixels) throw new MissingError(where, "a pool file");
  const entries = parseLines<PoolEntry>(lines, entrySchema, `${where}: pool.jsonl`);
  const expected = entries.length * imageBytes(manifest.resolution, manifest.resolution);
  if (pixels.length !== expected) {
    throw new FormatError(`${where}: pool.rgb`, `${String(expected)} bytes`, `${String(pixels.length)} bytes`);
  }
  const pool = { name: manifest.name, resolution: manifest.resolution, entries, pixels };
  if (manifest.files[poolEmbeddingsPath] === undefined) return pool;
  const bytes = await readWorldFile(manifest, poolEmbeddingsPath, read, where);
  if (bytes.length % (4 * Math.max(1, entries.length)) !== 0)
    throw new FormatError(
      `${where}: ${poolEmbeddingsPath}`,
      `rows for ${String(entries.length)} pictures`,
      `${String(bytes.length)} bytes`,
    );
  return { ...pool, embeddings: new Float32Array(bytes.slice().buffer) };
};
