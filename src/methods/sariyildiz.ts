/** Generation from the prompts of Sarıyıldız et al.: names with hypernyms, definitions and backgrounds. */
import type { GlossaryEntry } from "../prompts/glossary.ts";
import { glossaryEntry } from "../prompts/glossary.ts";
import { places } from "../prompts/places365.ts";
import { RandomStream } from "../random.ts";
import type { Method, ProduceRequest } from "./method.ts";
import { promptMethod } from "./prompting.ts";

/** What fills a category's slots. */
interface Words extends GlossaryEntry {
  readonly name: string;
  /** A background, drawn for this image. */
  readonly place: string;
}

/** The six kinds of prompt. Sarıyıldız et al. 2022, arXiv:2212.08420, section 3; names keep their white space. */
const categories: readonly ((words: Words) => string)[] = [
  ({ name }) => name,
  ({ name, hypernym }) => `${name}, ${hypernym}`,
  ({ name, hypernym }) => `multiple ${name}, ${hypernym}`,
  ({ name, hypernym }) => `multiple different ${name}, ${hypernym}`,
  ({ name, definition }) => `${name}, ${definition}`,
  ({ name, hypernym, place }) => `${name}, ${hypernym} inside ${place}`,
];

/** What the dataset tells of a class, or else the glossary. */
const meaningOf = ({ key, meaning }: Pick<ProduceRequest, "key" | "meaning">): GlossaryEntry =>
  meaning ?? glossaryEntry(key);

/**
 * Images of six kinds of prompt in equal numbers: the kinds take turns, so that any first images hold them alike.
 *
 * Burg et al. 2023, section 3.1, method 4. @throws MissingError for a class whose meaning neither the dataset nor the
 * glossary tells
 */
export const sariyildiz: Method = {
  ...promptMethod({
    id: "sariyildiz",
    prompt: (request, seed, sample) => {
      const random = new RandomStream(seed, `sariyildiz/${request.key}/place/${String(sample)}`);
      const words = { name: request.fullName, ...meaningOf(request), place: random.choice(places) };
      return categories[sample % categories.length]!(words);
    },
  }),
  requireClass: (of) => void meaningOf(of),
};
