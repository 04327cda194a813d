/** What a word means, for methods that put it into prompts: the next higher term and a definition. */
import { MissingError } from "../errors.ts";

/** An entry, as WordNet has them: lower case, no article before the definition's noun where it reads well. */
export interface GlossaryEntry {
  readonly hypernym: string;
  readonly definition: string;
}

/** The classes of the mini world by key, in our own words after the manner of WordNet's glosses. */
const miniWorld: Readonly<Record<string, GlossaryEntry>> = {
  bird: { hypernym: "animal", definition: "warm-blooded animal with feathers, wings and a beak" },
  cat: { hypernym: "animal", definition: "furry animal with whiskers and soft paws, small or as big as a lion" },
  hoofed: { hypernym: "mammal", definition: "large animal that walks on hoofs and eats grass" },
  fish: { hypernym: "animal", definition: "animal that lives in the sea and swims" },
  bug: { hypernym: "animal", definition: "small animal with six or more legs that crawls or flies" },
  flower: { hypernym: "plant", definition: "coloured part of a plant from which fruit or seed grows" },
  tree: { hypernym: "nature", definition: "green living thing with leaves and often a trunk" },
  fruit: { hypernym: "food", definition: "sweet and fleshy part of a plant that is eaten" },
  vegetable: { hypernym: "food", definition: "root, leaf or stalk of a plant that is cooked or eaten raw" },
  drink: { hypernym: "food", definition: "liquid in a glass, cup or bottle that people swallow" },
  building: { hypernym: "place", definition: "structure with a roof and walls that stands in one place" },
  train: { hypernym: "vehicle", definition: "row of cars on rails that an engine pulls" },
  car: { hypernym: "vehicle", definition: "machine on four or more wheels that people drive on a road" },
  craft: { hypernym: "vehicle", definition: "thing that carries people over water or through the air" },
  moon: { hypernym: "sky", definition: "round light that is seen in the sky at night" },
  weather: { hypernym: "sky", definition: "sun, rain, snow or wind as it is outside" },
  ball: { hypernym: "sport", definition: "round object that is thrown, hit or kicked in games" },
  clothes: { hypernym: "clothing", definition: "things of cloth that people wear on the body" },
  book: { hypernym: "paper", definition: "pages with writing that are bound together along one side" },
  mail: { hypernym: "object", definition: "letters in envelopes that are sent from one person to another" },
  clock: { hypernym: "time", definition: "instrument with hands or digits that shows what time it is" },
  heart: { hypernym: "love", definition: "shape with two round lobes and a point that stands for love" },
  hand: { hypernym: "body", definition: "end of the arm with four fingers and a thumb" },
  face: { hypernym: "emotion", definition: "front of a head with eyes and a mouth that show a feeling" },
};

const glossaryHint =
  "`rog data import --names` takes a hypernym and a definition for each class, `--wordnet` finds those of ImageNet ids";

/**
 * The entry of a class.
 *
 * @param key the class's key in its dataset
 * @throws MissingError when no entry is known
 */
export function glossaryEntry(key: string): GlossaryEntry {
  const entry = miniWorld[key];
  if (!entry) throw new MissingError("the glossary of class words", `an entry for the class "${key}"`, glossaryHint);
  return entry;
}
