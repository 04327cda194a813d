/** What a run's methods draw on. */
import type { Dataset } from "../data/dataset.ts";
import { imageAt } from "../data/image.ts";
import type { Pool } from "../data/pool.ts";
import { ConceptSafety } from "../methods/concept-safety.ts";
import type { Sources } from "../methods/method.ts";
import { ExactIndex } from "../retrieval/exact.ts";
import type { Calibrations } from "./audit.ts";
import { realPictures, validationPictures } from "./run-data.ts";
import type { Generator, RunNetworks } from "./run-networks.ts";
import type { Spec } from "./spec.ts";

/**
 * The sources of a run.
 *
 * @param pooled embeddings of the pool, [n, width]
 * @param calibrations for a threshold of duplicates that the spec leaves to them
 */
export function sourcesOf(
  run: {
    readonly spec: Spec;
    readonly dataset: Dataset;
    readonly pool: Pool;
    readonly networks: RunNetworks;
    readonly generator: LazyGenerator;
  },
  pooled: Float32Array,
  calibrations: Calibrations,
): Sources {
  const { spec, dataset, pool, networks, generator } = run;
  const { factor, rounds, duplicates, minAesthetics, maxUnsafe } = spec.retrieval;
  const sources: Sources = {
    generate: async (...given) => (await generator.ready()).generate(...given),
    embedTexts: (texts) => networks.embedTexts(texts),
    embedImages: (images) => networks.embedImages({ count: images.length, image: (i) => images[i]! }),
    learn: (...given) => networks.learn(...given),
    index: new ExactIndex(pooled, networks.embeddingWidth),
    poolImage: (row) => {
      const { id, aesthetics, unsafe } = pool.entries[row]!;
      const columns = {
        ...(aesthetics === undefined ? {} : { aesthetics }),
        ...(unsafe === undefined ? {} : { unsafe }),
      };
      return { id, image: imageAt(pool.pixels, pool.resolution, row), columns };
    },
    retrieval: {
      ...{ factor, rounds, duplicates: duplicates === "calibrate" ? calibrations[0].threshold : duplicates },
      ...(minAesthetics === "off" ? {} : { minAesthetics }),
      ...(maxUnsafe === "off" ? {} : { maxUnsafe }),
    },
    realImages: (classIndex) => realPictures(dataset, classIndex),
    validationImages: (classIndex) => validationPictures(dataset, classIndex),
    settings: spec.methods,
  };
  return spec.safety.concepts.length === 0 ? sources : { ...sources, safety: new ConceptSafety(spec.safety, sources) };
}

/** A generator that is compiled when the first unit needs it. */
export class LazyGenerator {
  #generator: Promise<Generator> | undefined;

  constructor(
    private readonly networks: RunNetworks,
    private readonly settings: Spec["generator"],
  ) {}

  ready(): Promise<Generator> {
    return (this.#generator ??= this.networks.generator(this.settings));
  }

  async dispose(): Promise<void> {
    await (await this.#generator)?.dispose();
  }
}
