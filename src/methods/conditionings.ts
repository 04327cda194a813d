/** What FT conditioning and Imagic share: they learn the whole conditioning of a class. */
import { simplePromptWithoutWhitespace } from "../prompts/templates.ts";
import type { AdaptedClass } from "./adapted.ts";
import { classGroups, conditioningLesson, learnAndPack, unpackLearned } from "./adapted.ts";
import { generateDrafts, severalForEachReal } from "./generated.ts";
import type { Method } from "./method.ts";

/** Where a conditioning begins: the simple prompt without white space. Burg et al. 2023, section 3.2. */
export const firstPrompt = ({ fullName }: Pick<AdaptedClass, "fullName">): string =>
  simplePromptWithoutWhitespace(fullName);

/** Learns conditionings, and the denoiser with them where its settings have a rate for it. */
export function conditioningMethod(id: "ft-conditioning" | "imagic"): Method {
  return {
    id,
    draws: ["generator"],
    amount: severalForEachReal,
    adapt: (classes, sources, options) => {
      const groups = classGroups(classes, sources, firstPrompt);
      return learnAndPack(id, groups, sources.settings[id], conditioningLesson, sources, options);
    },
    produce: async (request, sources, options) => {
      const { rows, denoiser } = await unpackLearned(request.adapted!);
      const drafts = Array.from({ length: request.count }, (_, sample) => {
        return { prompt: firstPrompt(request), conditioning: rows.get(request.key)!, sample };
      });
      return await generateDrafts(id, request, drafts, sources, options, { denoiser });
    },
  };
}
