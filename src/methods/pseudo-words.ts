/** What textual inversion, its joint training with the denoiser and DA-Fusion share: they learn a word for a class. */
import { textualInversionTemplates } from "../prompts/template-lists.ts";
import { RandomStream } from "../random.ts";
import type { AdaptedClass, Lesson } from "./adapted.ts";
import { classGroups, learnAndPack, unpackLearned } from "./adapted.ts";
import { generateDrafts, severalForEachReal } from "./generated.ts";
import type { Method, Produced, ProduceOptions, ProduceRequest, Sources } from "./method.ts";

/** One token of the class, in templates. */
const wordLesson: Lesson = { learns: "pseudo-word", templates: textualInversionTemplates };

/** Where a pseudo-word begins: the last word of the class's first name. Burg et al. 2023, section 3.2. */
export function firstWord({ fullName }: Pick<AdaptedClass, "fullName">): string {
  return fullName.split(",")[0]!.trim().split(/\s+/).at(-1)!;
}

/** A draft of image `sample`: a template at random with the class's word. */
export function wordDraft(
  id: string,
  { key }: Pick<ProduceRequest, "key">,
  seed: number,
  sample: number,
  word: Float32Array,
) {
  const random = new RandomStream(seed, `${id}/${key}/template ${String(sample)}`);
  const prompt = textualInversionTemplates[Math.floor(random.uniform() * textualInversionTemplates.length)]!;
  return { prompt, word, sample };
}

/** Learns a word for each class, and the denoiser with them where its settings have a rate for it. */
export function wordMethod(id: "textual-inversion" | "pseudoword-dm"): Method {
  return {
    id,
    draws: ["generator"],
    amount: severalForEachReal,
    adapt: (classes, sources, options) => {
      const groups = classGroups(classes, sources, firstWord);
      return learnAndPack(id, groups, sources.settings[id], wordLesson, sources, options);
    },
    produce: (request, sources, options) => produceWords(id, request, sources, options),
  };
}

async function produceWords(
  id: string,
  request: ProduceRequest,
  sources: Sources,
  options: ProduceOptions,
): Promise<Produced | undefined> {
  const { rows, denoiser } = await unpackLearned(request.adapted!);
  const word = rows.get(request.key)!;
  const drafts = Array.from({ length: request.count }, (_, sample) =>
    wordDraft(id, request, options.seed, sample, word),
  );
  return await generateDrafts(id, request, drafts, sources, options, { denoiser });
}
