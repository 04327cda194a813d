/** What every method that generates does with its drafts. */
import type { Image } from "../data/image.ts";
import type {
  Amounts,
  Draft,
  Produced,
  ProducedImage,
  ProduceOptions,
  ProduceRequest,
  Sampling,
  Sources,
} from "./method.ts";

/**
 * Images of a class for methods that generate: `factor` for each real one, or more where a set asks for it.
 *
 * Burg et al. 2023, sections 3 and 3.2: of ImageNet 390 for every class, three times the largest of 74 to 130 (`per` is
 * `largest`); of Caltech256 three times the class's own size (`class`).
 */
export const severalForEachReal = ({ real, largest, ratio, factor, per }: Amounts): number =>
  Math.ceil((per.production === "largest" ? largest : real) * Math.max(ratio, factor));

/** A draft, and the id of the real picture that it starts from. */
export interface TracedDraft extends Draft {
  readonly from?: string;
}

/** The id of a method's image, by the number of its draft. */
export const imageId = (method: string, sample: number): string => `${method}#${String(sample)}`;

/** Samples of one draw; a redraw's are past those of any draw before it. */
const samplesPerDraw = 2 ** 24;

/**
 * Generates the drafts of a class. What a safety filter blocks is drawn again with other noise, as often as the filter
 * says; the class is short of what is blocked even then.
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
  const { safety } = sources;
  const made = new Map<number, ProducedImage>();
  let open = drafts.map((draft, place) => ({ draft, place }));
  let blocked = 0;
  for (let draw = 0; open.length > 0 && draw <= (safety?.attempts ?? 0); draw++) {
    const drawn = open.map(({ draft }) => ({ ...draft, sample: draft.sample + draw * samplesPerDraw }));
    const images = await sources.generate(drawn, `${id}/${key}`, { seed, signal, onImages, ...sampling });
    if (images.length < open.length) return undefined;
    const blocks = (await safety?.blocks(images)) ?? [];
    images.forEach((image, i) => {
      const { draft, place } = open[i]!;
      if (blocks[i] !== true) made.set(place, producedImage(id, draft, drawn[i]!.sample, image, seed));
    });
    open = open.filter(({ place }) => !made.has(place));
    blocked += open.length;
  }
  const images = drafts.flatMap((_, place) => made.get(place) ?? []);
  const funnel = { asked: count, ...(safety ? { blocked } : {}), kept: images.length };
  return { images, funnel, shortfall: count - images.length };
}

/** @param sample the noise that it was made of: the draft's own unless it was drawn again */
function producedImage(id: string, draft: TracedDraft, sample: number, image: Image, seed: number): ProducedImage {
  const { prompt, from } = draft;
  const origin = from === undefined ? {} : { from };
  return {
    id: imageId(id, draft.sample),
    image,
    provenance: { kind: "generated", prompt, sample, seed, ...origin },
  };
}
