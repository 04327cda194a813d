/** The pool's pictures that are nearest to a text. */
import { joinBytes } from "../src/data/bytes.ts";
import { imageAt } from "../src/data/image.ts";
import type { Pool } from "../src/data/pool.ts";
import { IntegrityError, QuotaError } from "../src/errors.ts";
import { embedWholePool } from "../src/experiment/pool-embeddings.ts";
import { choosePool, type RunPool } from "../src/experiment/run-data.ts";
import type { RunNetworks } from "../src/experiment/run-networks.ts";
import { ExactIndex } from "../src/retrieval/exact.ts";
import { dropDuplicates } from "../src/retrieval/filters.ts";
import { grow } from "../src/retrieval/grow.ts";
import type { Store } from "../src/storage/store.ts";
import type { LiveProgress, LookedUp, LookUpRequest } from "./redraw-api.ts";

/** Raised when the embeddings change for the same inputs. */
const embeddingsVersion = 1;

/** What a look-up works with. */
export interface LookUpInputs {
  readonly networks: RunNetworks;
  /** Of what decides the pool. */
  readonly poolKey: string;
  readonly pool: () => Promise<RunPool>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LiveProgress) => void;
}

/** A pool with its embeddings, ready to be searched. */
interface Searched {
  readonly key: string;
  readonly pool: Pool;
  readonly index: ExactIndex;
}

/** Looks texts up; the pool that was searched last stays in memory, and its embeddings in the store. */
export class LookUps {
  #last: Searched | undefined;

  constructor(private readonly store: Store) {}

  /**
   * The pictures nearest to a text.
   *
   * @returns null when the signal stopped it
   * @throws ConfigError when k is not a whole number >= 1
   */
  async lookUp(request: LookUpRequest, inputs: LookUpInputs): Promise<LookedUp | null> {
    const { query, k, duplicates } = request;
    const searched = await this.#searched(request, inputs);
    if (!searched) return null;
    const { pool, index } = searched;
    const vector = await inputs.networks.embedTexts([query]);
    const found = await grow({
      target: k,
      search: async (count) => (await index.search(vector, count))[0] ?? [],
      // Rounding puts the cosine of a picture with itself now and then above 1.
      ...(duplicates >= 1 ? {} : { deduplicate: (hits) => dropDuplicates(hits, index, duplicates) }),
    });
    const entries = found.kept.map(({ id }) => pool.entries[id]!);
    return {
      ...{ width: pool.resolution, height: pool.resolution },
      images: joinBytes(found.kept.map(({ id }) => imageAt(pool.pixels, pool.resolution, id).data)),
      similarities: found.kept.map(({ similarity }) => similarity),
      captions: entries.map(({ caption }) => caption),
      ids: entries.map(({ id }) => id),
      ...{ asked: found.asked, duplicates: found.duplicates },
    };
  }

  /** Lets go of what is in memory. */
  forget(): void {
    this.#last = undefined;
  }

  async #searched(request: LookUpRequest, inputs: LookUpInputs): Promise<Searched | undefined> {
    const { networks, poolKey } = inputs;
    const key = JSON.stringify([poolKey, request.pool ?? "all", networks.hash, networks.adapter]);
    if (this.#last?.key === key) return this.#last;
    const { pool, hash } = choosePool(await inputs.pool(), request.pool ?? "all");
    const embeddings = await this.#embeddings(pool, hash, inputs, request.inMemory !== true);
    if (!embeddings) return undefined;
    this.#last = { key, pool, index: new ExactIndex(embeddings, networks.embeddingWidth) };
    return this.#last;
  }

  async #embeddings(
    pool: Pool,
    hash: string,
    { networks, signal, onProgress }: LookUpInputs,
    keeps: boolean,
  ): Promise<Float32Array | undefined> {
    const key = `pool embeddings ${JSON.stringify([embeddingsVersion, hash, networks.hash, networks.adapter])}`;
    const kept = await this.#kept(key);
    if (kept) return kept;
    const total = pool.entries.length;
    const made = await embedWholePool(pool, networks, {
      signal,
      onProgress: (done) => {
        onProgress({ kind: "embed", done, total });
      },
    });
    if (made && keeps) await this.#keep(key, made);
    return made;
  }

  async #kept(key: string): Promise<Float32Array | undefined> {
    const name = await this.store.find(key);
    if (name === undefined) return undefined;
    try {
      return new Float32Array((await this.store.get(name)).slice().buffer);
    } catch (error) {
      // The store has let go of what is damaged; it is made again.
      if (error instanceof IntegrityError) return undefined;
      throw error;
    }
  }

  async #keep(key: string, embeddings: Float32Array): Promise<void> {
    try {
      const { name } = await this.store.put(
        new Uint8Array(embeddings.buffer, embeddings.byteOffset, embeddings.byteLength),
      );
      await this.store.link(key, name);
    } catch (error) {
      // Without room they are made again at the next visit.
      if (!(error instanceof QuotaError)) throw error;
    }
  }
}
