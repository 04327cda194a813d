/** Generation from the plainest prompt, with the class's name as it is and without white space. */
import { simplePrompt, simplePromptWithoutWhitespace } from "../prompts/templates.ts";
import { promptMethod } from "./prompting.ts";

/** Images of "A photo of tiger shark, Galeocerdo cuvieri.". Burg et al. 2023, section 3.1, method 1. */
export const simplePromptMethod = promptMethod({
  id: "simple-prompt",
  prompt: ({ fullName }) => simplePrompt(fullName),
});

/** Images of "A photo of tigershark,Galeocerdocuvieri.". Burg et al. 2023, section 3.1, method 2. */
export const simplePromptNoWhitespace = promptMethod({
  id: "simple-prompt-nows",
  prompt: ({ fullName }) => simplePromptWithoutWhitespace(fullName),
});
