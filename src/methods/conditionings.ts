/** What FT conditioning and Imagic share: they learn the whole conditioning of a class. */
import { simplePromptWithoutWhitespace } from "../prompts/templates.ts";
import type { AdaptedClass } from "./adapted.ts";
import { classGroups, packLearned, recipeOf, unpackLearned } from "./adapted.ts";
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
    adapt: async (classes, sources, { seed, signal, onProgress }) => {
      const own = sources.settings[id];
      const recipe = recipeOf(own, { learns: "conditioning", templates: [], stream: id, seed });
      const groups = classGroups(classes, sources, firstPrompt);
      const onShare = (share: number): void => onProgress?.(share, 1);
      const adapted = await sources.learn(groups, recipe, { signal, onProgress: onShare });
      return (
        adapted &&
        packLearned(
          id,
          groups.map(({ key }) => key),
          adapted,
          own,
        )
      );
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
