/** What every method that generates does with its drafts. */
import type { Amounts, Draft, Produced, ProduceOptions, ProduceRequest, Sampling, Sources } from "./method.ts";

/** Images of a class for methods that generate: `factor` for each real one, or more where a set asks for it. */
export const severalForEachReal = ({ real, ratio, factor }: Amounts): number =>
  Math.ceil(real * Math.max(ratio, factor));

/** A draft, and the id of the real picture that it starts from. */
export interface TracedDraft extends Draft {
  readonly from?: string;
}

/**
 * Generates the drafts of a class, all of which are kept.
 *
 * @param id of the method: part of the noise's stream and of every image's id
 * @returns undefined when the signal stopped it
 */
export async function generateDrafts(
  id: string,
  { key, count }: ProduceRequest,
  drafts: readonly TracedDraft[],
  sources: Sources,
  { seed, signal, onProgress }: ProduceOptions,
  sampling: Pick<Sampling, "noiseLevel" | "denoiser"> = {},
): Promise<Produced | undefined> {
  const onImages = (made: number): void => onProgress?.(made, count);
  const images = await sources.generate(drafts, `${id}/${key}`, { seed, signal, onImages, ...sampling });
  if (images.length < count) return undefined;
  return {
    images: images.map((image, i) => {
      const { prompt, sample, from } = drafts[i]!;
      const origin = from === undefined ? {} : { from };
      return {
        id: `${id}#${String(sample)}`,
        image,
        provenance: { kind: "generated", prompt, sample, seed, ...origin },
      };
    }),
    funnel: { asked: count, kept: count },
    shortfall: 0,
  };
}
