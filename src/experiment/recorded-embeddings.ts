/** A pool's embeddings as a file beside the networks' weights, so that texts are looked up where no device embeds the pool. */
import { FormatError, IntegrityError, MissingError, ShapeError } from "../errors.ts";
import { sameShape } from "../graph/tensor.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { fromFloat32 } from "../weights/dtypes.ts";
import { openSafetensors, type Safetensors } from "../weights/safetensors.ts";
import { writeSafetensors } from "../weights/safetensors-writer.ts";
import { recordedEmbeddingsPath } from "./lab-networks.ts";

const tensorName = "image_embeds";

/** What embeddings were made of. */
export interface EmbeddingsOrigin {
  /** The world's hash, as its manifest has it. */
  readonly world: string;
  /** SHA-256 of CLIP's weights, as their file holds them. */
  readonly clip: string;
}

/**
 * The file of a pool's embeddings. Half precision moves a cosine by less than 1e-3.
 *
 * @param embeddings [pool, width], rows of length 1
 */
export function writeRecordedEmbeddings(embeddings: Float32Array, width: number, origin: EmbeddingsOrigin): Uint8Array {
  const shape = [embeddings.length / width, width];
  const tensor = { dtype: "F16", shape, bytes: fromFloat32(embeddings, "F16") } as const;
  return writeSafetensors(new Map([[tensorName, tensor]]), new Map(Object.entries(origin)));
}

/** What the embeddings are to be of. */
export interface ExpectedEmbeddings extends EmbeddingsOrigin {
  /** Pictures of the pool. */
  readonly rows: number;
  /** Of the space that texts and images share. */
  readonly width: number;
}

/**
 * Reads a pool's embeddings, when they are of this world and by this CLIP.
 *
 * @param where names the file in errors
 * @returns [rows, width]
 * @throws IntegrityError when they are of another world or by another CLIP
 * @throws ShapeError when the pool has another number of pictures, or CLIP another width
 * @throws MissingError, FormatError when it is no such file
 */
export async function readRecordedEmbeddings(
  bytes: Uint8Array,
  expected: ExpectedEmbeddings,
  where = recordedEmbeddingsPath,
): Promise<Float32Array> {
  const file = await openSafetensors(bytesSource(where, bytes));
  checkOrigin(file, "world", expected.world);
  checkOrigin(file, "clip", expected.clip);
  const entry = file.entries.get(tensorName);
  if (!entry) throw new MissingError(where, `tensor ${tensorName}`);
  const shape = [expected.rows, expected.width];
  if (!sameShape(entry.shape, shape)) throw new ShapeError(`${where}: ${tensorName}`, shape, entry.shape);
  if (entry.dtype !== "F16") throw new FormatError(`${where}: ${tensorName}`, "F16", entry.dtype);
  return file.readFloat32(tensorName);
}

function checkOrigin({ name, metadata }: Safetensors, key: keyof EmbeddingsOrigin, expected: string): void {
  const actual = metadata.get(key);
  if (actual === undefined) throw new MissingError(name, `metadata ${key}`, "`rog index` makes the file");
  if (actual !== expected) throw new IntegrityError(`${name}: ${key}`, expected, actual);
}
