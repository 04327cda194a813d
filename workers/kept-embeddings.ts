/** A pool's embeddings by a device's networks: made once, kept in the store. */
import { IntegrityError, QuotaError } from "../src/errors.ts";
import { embedWholePool } from "../src/experiment/pool-embeddings.ts";
import type { RunPool } from "../src/experiment/run-data.ts";
import type { RunNetworks } from "../src/experiment/run-networks.ts";
import type { Store } from "../src/storage/store.ts";
import type { LiveProgress } from "./redraw-api.ts";

/** Raised when the embeddings change for the same inputs. */
const embeddingsVersion = 1;

/** How keys begin that stand for a pool's embeddings in the store. */
export const embeddingsKey = "pool embeddings ";

/** How embeddings are made and kept. */
export interface KeptEmbeddingsOptions {
  readonly networks: RunNetworks;
  /** False leaves no trace of what is made. */
  readonly keeps: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LiveProgress) => void;
}

/**
 * The embeddings of a pool, from the store where they are kept.
 *
 * @returns [pool, width]; undefined when the signal stopped it
 * @throws ConfigError when the pool brings embeddings of another network
 */
export async function keptEmbeddings(
  store: Store,
  { pool, hash }: RunPool,
  { networks, keeps, signal, onProgress }: KeptEmbeddingsOptions,
): Promise<Float32Array | undefined> {
  const key = `${embeddingsKey}${JSON.stringify([embeddingsVersion, hash, networks.hash, networks.adapter])}`;
  const kept = await find(store, key);
  if (kept) return kept;
  const total = pool.entries.length;
  const made = await embedWholePool(pool, networks, {
    signal,
    onProgress: (done) => {
      onProgress({ kind: "embed", done, total });
    },
  });
  if (made && keeps) await keep(store, key, made);
  return made;
}

async function find(store: Store, key: string): Promise<Float32Array | undefined> {
  const name = await store.find(key);
  if (name === undefined) return undefined;
  try {
    return new Float32Array((await store.get(name)).slice().buffer);
  } catch (error) {
    // The store has let go of what is damaged; it is made again.
    if (error instanceof IntegrityError) return undefined;
    throw error;
  }
}

async function keep(store: Store, key: string, embeddings: Float32Array): Promise<void> {
  try {
    const { name } = await store.put(new Uint8Array(embeddings.buffer, embeddings.byteOffset, embeddings.byteLength));
    await store.link(key, name);
  } catch (error) {
    // Without room they are made again at the next visit.
    if (!(error instanceof QuotaError)) throw error;
  }
}
