/** Generation from CLIP's prompt templates: the paper's best prompting method. */
import { clipTemplates } from "../prompts/template-lists.ts";
import { drawPrompt } from "../prompts/templates.ts";
import { RandomStream } from "../random.ts";
import { promptMethod } from "./prompting.ts";

/**
 * Images of prompts that are drawn, each anew and with replacement, from CLIP's 80 templates.
 *
 * Burg et al. 2023, section 3.1; 390 images a class there, three for each real one.
 */
export const clipPrompts = promptMethod({
  id: "clip-prompts",
  prompt: ({ key, name }, seed, sample) =>
    drawPrompt(clipTemplates, name, new RandomStream(seed, `clip-prompts/${key}/prompt/${String(sample)}`)),
});
