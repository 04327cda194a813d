/** `manifest.json` of a models' folder: sizes and hashes of its files, so that no byte of them is taken on trust. */
import { z } from "zod";
import { checked } from "../checked.ts";
import { parseJson } from "../parse-json.ts";
import { sha256 } from "../storage/hash.ts";
import type { FileHashes, ReadFile } from "../storage/kept-files.ts";
import { modelFiles, recordedEmbeddingsPath } from "./lab-networks.ts";

/** The file's name in the folder. */
export const modelManifestName = "manifest.json";

const schema = z.strictObject({
  format: z.literal("model-files/1"),
  files: z.record(
    z.string(),
    z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/**
 * Reads a manifest.
 *
 * @param where names it in errors
 * @throws FormatError when it is no manifest of this version
 */
export function parseModelManifest(bytes: Uint8Array, where: string): FileHashes {
  return checked(parseJson(new TextDecoder().decode(bytes), where), schema, where, "a manifest of models").files;
}

/**
 * The files that the networks are loaded from: a manifest's, without the pool's embeddings. These are no part of what decides
 * the networks, and only a look-up without a device reads them.
 */
export function networkFiles(files: FileHashes): FileHashes {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path !== recordedEmbeddingsPath));
}

/**
 * The text of the manifest of a folder's files.
 *
 * @param read gives each file that the networks are loaded from
 * @param withEmbeddings whether the pool's embeddings lie among them
 */
export async function modelManifestText(read: ReadFile, withEmbeddings = false): Promise<string> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  const paths = [...Object.values(modelFiles), ...(withEmbeddings ? [recordedEmbeddingsPath] : [])];
  for (const path of paths.sort()) {
    const bytes = await read(path);
    files[path] = { bytes: bytes.length, sha256: await sha256(bytes) };
  }
  return `${JSON.stringify({ format: "model-files/1", files }, null, 2)}\n`;
}
