/** DA-Fusion: real pictures noised part of the way and denoised again with the class's learned word. */
import { unpackLearned } from "./adapted.ts";
import { generateDrafts, imageId, severalForEachReal, type TracedDraft } from "./generated.ts";
import type { Method, Produced } from "./method.ts";
import { wordDraft } from "./pseudo-words.ts";
import { textualInversion } from "./textual-inversion.ts";

const id = "da-fusion";

/**
 * The words of `textual-inversion`; each image starts from a real picture, noised to one of several strengths. The pictures
 * take turns, so that all are varied before one is varied again, and the strengths too, so that each picture meets all of them.
 *
 * Beyond the paper. Trabucco et al. 2023, arXiv:2302.07944: strengths 0.25, 0.5, 0.75 and 1.
 */
export const daFusion: Method = {
  id,
  version: 2,
  draws: ["generator"],
  adaptsAs: "textual-inversion",
  adapt: textualInversion.adapt!,
  amount: severalForEachReal,
  produce: async (request, sources, options) => {
    const { rows } = await unpackLearned(request.adapted!);
    const { strengths } = sources.settings[id];
    const real = sources.realImages(request.classIndex);
    const drafts = Array.from({ length: request.count }, (_, sample) => {
      const { id: from, image: start } = real[sample % real.length]!;
      return { ...wordDraft(id, request, options.seed, sample, rows.get(request.key)!), from, start };
    });
    const turnOf = (sample: number): number =>
      ((sample % real.length) + Math.floor(sample / real.length)) % strengths.length;
    const made: Produced[] = [];
    for (const [turn, noiseLevel] of strengths.entries()) {
      const part = drafts.filter(({ sample }) => turnOf(sample) === turn);
      const asked = { ...request, count: part.length };
      const before = made.reduce((sum, { images }) => sum + images.length, 0);
      const onProgress = (done: number): void => options.onProgress?.(before + done, request.count);
      const produced = await generateDrafts(id, asked, part, sources, { ...options, onProgress }, { noiseLevel });
      if (produced === undefined) return undefined;
      made.push(produced);
    }
    return merged(drafts, made);
  },
};

/** The parts as one production, in the order of the drafts; a part may lack images that a filter blocked. */
function merged(drafts: readonly TracedDraft[], parts: readonly Produced[]): Produced {
  const byId = new Map(parts.flatMap(({ images }) => images.map((image) => [image.id, image])));
  const funnel: Record<string, number> = {};
  for (const part of parts)
    for (const [step, count] of Object.entries(part.funnel)) funnel[step] = (funnel[step] ?? 0) + count;
  return {
    images: drafts.flatMap(({ sample }) => byId.get(imageId(id, sample)) ?? []),
    funnel,
    shortfall: parts.reduce((sum, { shortfall }) => sum + shortfall, 0),
  };
}
