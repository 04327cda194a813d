/** The pool's pictures that are nearest to a text. */
import { joinBytes } from "../src/data/bytes.ts";
import { imageAt } from "../src/data/image.ts";
import type { Pool } from "../src/data/pool.ts";
import { choosePool, type RunPool } from "../src/experiment/run-data.ts";
import type { RunNetworks } from "../src/experiment/run-networks.ts";
import { ExactIndex } from "../src/retrieval/exact.ts";
import { dropDuplicates } from "../src/retrieval/filters.ts";
import { grow } from "../src/retrieval/grow.ts";
import type { LookedUp, LookUpRequest } from "./redraw-api.ts";

/** What a look-up works with: networks on a device, or what was recorded of them. */
export interface LookUpInputs {
  /** Reads the text; `hash` and `adapter` name what the embeddings are by. */
  readonly networks: Pick<RunNetworks, "embedTexts" | "embeddingWidth" | "hash" | "adapter">;
  readonly computedOn: LookedUp["computedOn"];
  /** Of what decides the pool. */
  readonly poolKey: string;
  readonly pool: () => Promise<RunPool>;
  /** Those of as much of the pool as is searched, [pool, width]; undefined when it was stopped. */
  readonly embeddings: (pool: RunPool) => Promise<Float32Array | undefined>;
}

/** A pool with its embeddings, ready to be searched. */
interface Searched {
  readonly key: string;
  readonly pool: Pool;
  readonly index: ExactIndex;
}

/** Looks texts up; the pool that was searched last stays in memory. */
export class LookUps {
  #last: Searched | undefined;

  /**
   * The pictures nearest to a text.
   *
   * @returns null when it was stopped
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
      ...{ asked: found.asked, duplicates: found.duplicates, computedOn: inputs.computedOn },
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
    const chosen = choosePool(await inputs.pool(), request.pool ?? "all");
    const embeddings = await inputs.embeddings(chosen);
    if (!embeddings) return undefined;
    this.#last = { key, pool: chosen.pool, index: new ExactIndex(embeddings, networks.embeddingWidth) };
    return this.#last;
  }
}
