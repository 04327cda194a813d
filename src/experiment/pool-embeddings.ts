/** The stage that embeds the pool. */
import { imageAt } from "../data/image.ts";
import type { Pool } from "../data/pool.ts";
import { ConfigError } from "../errors.ts";
import { dot } from "../retrieval/filters.ts";
import type { RunWatch } from "./production.ts";
import type { RunNetworks } from "./run-networks.ts";

/** Raised when the embeddings change for the same inputs. */
const poolVersion = 1;

/** Pool pictures of one unit. */
const poolChunk = 2048;

/** Pictures that are embedded between two looks at the signal. */
const embedChunk = 256;

/** Units of the pool's embedding. */
export function poolUnits(pool: Pool): number {
  return Math.ceil(pool.entries.length / poolChunk);
}

/** Pictures by which embeddings that a pool brings are held against the network's own, and the least cosine. */
const comparedPictures = 16;
const leastAgreement = 0.98;

/**
 * CLIP embeddings of the whole pool: those that it brings, when they are this network's, else made here.
 *
 * @returns [pool, width]; undefined when it was stopped
 * @throws ConfigError when the pool brings embeddings of another network
 */
export async function embedPool(
  pool: Pool,
  worldHash: string,
  networks: RunNetworks,
  { stages, signal, onEvent }: RunWatch,
): Promise<Float32Array | undefined> {
  const width = networks.embeddingWidth;
  if (pool.embeddings) await checkEmbeddings(pool, pool.embeddings, networks);
  const all = new Float32Array(pool.entries.length * width);
  for (let chunk = 0; chunk < poolUnits(pool); chunk++) {
    const start = chunk * poolChunk;
    const count = Math.min(poolChunk, pool.entries.length - start);
    const name = `pool-${String(chunk)}`;
    const decidedBy = [poolVersion, worldHash, networks.hash, networks.adapter, poolChunk];
    const unit = await stages.unit("world", name, decidedBy, async () => {
      const onProgress = (done: number): Promise<void> =>
        onEvent({ event: "progress", stage: "world", unit: name, share: done / count });
      const rows = await embedRange(pool, start, count, networks, { signal, onProgress });
      return rows && { value: { embeddings: count, width }, blob: new Uint8Array(rows.buffer) };
    });
    if (unit === undefined) return undefined;
    all.set(new Float32Array(unit.blob.slice().buffer), start * width);
  }
  return all;
}

/** What embeds pictures. */
export type ImageTower = Pick<RunNetworks, "embeddingWidth" | "embedImages">;

/**
 * The same embeddings outside a run, which keeps them in units.
 *
 * @returns [pool, width]; undefined when it was stopped
 * @throws ConfigError when the pool brings embeddings of another network
 */
export async function embedWholePool(
  pool: Pool,
  networks: ImageTower,
  watch: EmbeddingWatch,
): Promise<Float32Array | undefined> {
  if (pool.embeddings) await checkEmbeddings(pool, pool.embeddings, networks);
  return embedRange(pool, 0, pool.entries.length, networks, watch);
}

/** How an embedding is stopped and watched. */
export interface EmbeddingWatch {
  readonly signal: AbortSignal;
  /** Told how many pictures are done. */
  readonly onProgress: (done: number) => void | Promise<void>;
}

/** Embeddings of so many pictures from one on, [count, width]; undefined when it was stopped. */
async function embedRange(
  pool: Pool,
  first: number,
  count: number,
  networks: ImageTower,
  { signal, onProgress }: EmbeddingWatch,
): Promise<Float32Array<ArrayBuffer> | undefined> {
  const width = networks.embeddingWidth;
  const rows = new Float32Array(count * width);
  for (let at = 0; at < count; at += embedChunk) {
    if (signal.aborted) return undefined;
    await onProgress(at);
    const size = Math.min(embedChunk, count - at);
    rows.set(await poolEmbeddings(pool, first + at, size, networks), at * width);
  }
  return rows;
}

function poolEmbeddings(pool: Pool, first: number, count: number, networks: ImageTower): Promise<Float32Array> {
  const width = networks.embeddingWidth;
  if (pool.embeddings) return Promise.resolve(pool.embeddings.subarray(first * width, (first + count) * width));
  const image = (index: number) => imageAt(pool.pixels, pool.resolution, first + index);
  return networks.embedImages({ count, image });
}

async function checkEmbeddings(pool: Pool, embeddings: Float32Array, networks: ImageTower): Promise<void> {
  const where = `pool ${pool.name}: embeddings`;
  const width = networks.embeddingWidth;
  const given = embeddings.length / pool.entries.length;
  if (given !== width) throw new ConfigError(where, `${String(width)} columns, as the network gives`, String(given));
  const count = Math.min(comparedPictures, pool.entries.length);
  const rows = Array.from({ length: count }, (_, i) => Math.floor((i * pool.entries.length) / count));
  const image = (index: number) => imageAt(pool.pixels, pool.resolution, rows[index]!);
  const own = await networks.embedImages({ count, image });
  const cosines = rows.map((row, i) =>
    dot(own.subarray(i * width, (i + 1) * width), embeddings.subarray(row * width, (row + 1) * width)),
  );
  const worst = Math.min(...cosines);
  if (!(worst >= leastAgreement))
    throw new ConfigError(
      `${where} of ${pool.entries[rows[cosines.indexOf(worst)]!]!.id}`,
      `a cosine of at least ${String(leastAgreement)} with this network's own`,
      worst.toFixed(3),
    );
}
