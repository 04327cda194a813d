/** Prompts of a class: a template with the class's name in its slot. */
import { FormatError } from "../errors.ts";
import type { RandomStream } from "../random.ts";

/** The paper's plainest prompt; its slot takes the name as it is or without white space. */
export const simpleTemplate = "A photo of {}.";

/**
 * A class name without any white space: "tiger shark, Galeocerdo cuvieri" → "tigershark,Galeocerdocuvieri".
 *
 * Burg et al. 2023, section 3.1, w(n). The blank after a comma goes too: the literal reading.
 */
export function withoutWhitespace(name: string): string {
  return name.replace(/\s+/gu, "");
}

/**
 * A template with its `{}` replaced by the name, taken literally.
 *
 * @throws FormatError when the template does not have exactly one `{}`
 */
export function fillTemplate(template: string, name: string): string {
  const parts = template.split("{}");
  if (parts.length !== 2) throw new FormatError("prompt template", "exactly one {}", JSON.stringify(template));
  return parts.join(name);
}

/** "A photo of tiger shark, Galeocerdo cuvieri." */
export function simplePrompt(name: string): string {
  return fillTemplate(simpleTemplate, name);
}

/** "A photo of tigershark,Galeocerdocuvieri.": also the query that retrieval searches with. */
export function simplePromptWithoutWhitespace(name: string): string {
  return fillTemplate(simpleTemplate, withoutWhitespace(name));
}

/**
 * One prompt from a list of templates, each equally likely, drawn anew for every image.
 *
 * @param name what goes into the slot: `withoutWhitespace(n)` for CLIP's templates, the pseudo-word for textual
 *   inversion's
 * @throws RangeError when there are no templates
 */
export function drawPrompt(templates: readonly string[], name: string, random: RandomStream): string {
  return fillTemplate(random.choice(templates), name);
}
