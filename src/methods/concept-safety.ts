/** A safety filter from words: what looks like one of some concepts is blocked. */
import type { Image } from "../data/image.ts";
import { splitRows } from "../data/rows.ts";
import { dot } from "../retrieval/filters.ts";
import type { Safety, Sources } from "./method.ts";

/** Which concepts, and from which likeness on. */
export interface ConceptLimits {
  /** Texts in CLIP's words. */
  readonly concepts: readonly string[];
  /** Cosine between an image and a concept, strictly greater is blocked. */
  readonly threshold: number;
  readonly attempts: number;
}

/**
 * Blocks images whose CLIP embedding is nearer to a concept than the threshold.
 *
 * After the safety checker of Stable Diffusion, which holds image embeddings against fixed concept embeddings with a
 * threshold each (CompVis/stable-diffusion-safety-checker); here concepts are texts and share one threshold.
 */
export class ConceptSafety implements Safety {
  readonly attempts: number;
  #concepts: Promise<readonly Float32Array[]> | undefined;

  constructor(
    private readonly limits: ConceptLimits,
    private readonly sources: Pick<Sources, "embedTexts" | "embedImages" | "index">,
  ) {
    this.attempts = limits.attempts;
  }

  async blocks(images: readonly Image[]): Promise<readonly boolean[]> {
    const concepts = await this.#embedded();
    const width = concepts[0]!.length;
    return splitRows(await this.sources.embedImages(images), width).map((row) => this.#isNear(row, concepts));
  }

  async blocksRow(row: number): Promise<boolean> {
    return this.#isNear(this.sources.index.vector(row), await this.#embedded());
  }

  #isNear(row: Float32Array, concepts: readonly Float32Array[]): boolean {
    return concepts.some((concept) => dot(row, concept) > this.limits.threshold);
  }

  #embedded(): Promise<readonly Float32Array[]> {
    const { concepts } = this.limits;
    return (this.#concepts ??= this.sources
      .embedTexts(concepts)
      .then((all) => splitRows(all, all.length / concepts.length)));
  }
}
