import type { RandomStream } from "../../src/random.ts";
import { classOf } from "./classes.ts";
import type { Concept } from "./concepts.ts";
import type { Icon } from "./icons.ts";
import { iconSources } from "./sources.ts";

/** How a caption came about. */
export type CaptionKind =
  "styled-tags" | "category-tags" | "styled" | "bare" | "tags" | "translated" | "file-name" | "junk" | "wrong";

/** How often each kind of caption is written; the noise of the world's alt text. Sums to 1. */
export type CaptionShares = Readonly<Record<CaptionKind, number>>;

/** The shares of the world. They are a property of it: changed before the first classifier is trained, then frozen. */
export const captionShares: CaptionShares = {
  "styled-tags": 0.2,
  "category-tags": 0.58,
  styled: 0.04,
  bare: 0.03,
  tags: 0.08,
  translated: 0.02,
  "file-name": 0.02,
  junk: 0.015,
  wrong: 0.015,
};

const junk = [
  "click to enlarge",
  "free download",
  "stock image",
  "untitled",
  "image not available",
  "best price online",
  "picture of the day",
  "home page",
  "thumbnail",
  "new arrival",
  "sale",
  "logo",
] as const;

const stems = ["img", "image", "icon", "photo", "pic", "dsc"] as const;

const styles = new Map(iconSources.map(({ vendor, style }) => [vendor, style]));

/** What a person would call the members of a Unicode subgroup, where its own words say it badly. */
const categories: Readonly<Record<string, readonly string[]>> = {
  "animal-bird": ["bird", "animal"],
  "animal-bug": ["insect", "bug"],
  "animal-mammal": ["animal", "mammal"],
  "animal-marine": ["sea animal", "fish"],
  "food-asian": ["asian food"],
  "food-prepared": ["meal", "food"],
  "food-sweet": ["dessert", "sweet food"],
  "place-building": ["place"],
  "plant-flower": ["flower", "plant"],
  "plant-other": ["plant"],
  "transport-air": ["aircraft", "travel"],
  "transport-ground": ["vehicle", "transport"],
  "transport-water": ["boat", "water"],
  "book-paper": ["paper"],
  "sky-weather": ["sky"],
  "face-costume": ["character"],
  time: ["clock", "time"],
};

/** What a concept is a kind of: its class's word if it has one, then its subgroup's. */
const hypernyms = (concept: Concept): readonly string[] => {
  const { subgroup } = concept;
  const own = classOf(concept)?.hypernym ?? "";
  if (/^hands?-/.test(`${subgroup}-`)) return ["hand", "finger", "gesture"];
  if (subgroup.startsWith("face-") && subgroup !== "face-costume") return ["smiley", "face"];
  const words = categories[subgroup] ?? subgroup.split("-").filter((word) => word !== "other");
  return [own, ...words].filter((word) => word !== "");
};

/** Two to four of the concept's keywords and hypernyms, in random order. */
const someTags = (concept: Concept, stream: RandomStream): string[] => {
  const words = new Set([...concept.tags, ...hypernyms(concept)]);
  words.delete(concept.label);
  return stream.shuffle([...words]).slice(0, 2 + stream.integer(3));
};

const styled = (icon: Icon, stream: RandomStream): string =>
  `${stream.choice(styles.get(icon.vendor)!)} ${icon.concept.label}`;

const fileName = (concept: Concept, stream: RandomStream): string => {
  const number = String(stream.integer(10000)).padStart(4, "0");
  const stem = stream.uniform() < 0.5 ? concept.label.replaceAll(/[^a-z0-9]+/g, "_") : stream.choice(stems);
  return `${stem}_${number}.${stream.choice(["jpg", "png"])}`;
};

const drawKind = (shares: CaptionShares, stream: RandomStream): CaptionKind => {
  const kinds = Object.keys(shares) as CaptionKind[];
  let rest = stream.uniform() * kinds.reduce((sum, kind) => sum + shares[kind], 0);
  return kinds.find((kind) => (rest -= shares[kind]) < 0) ?? "bare";
};

/**
 * Writes a picture's caption the way alt text is written: mostly apt, in many styles, sometimes useless.
 *
 * @param others icons from which a wrong label is taken
 */
export const writeCaption = (
  icon: Icon,
  others: readonly Icon[],
  stream: RandomStream,
  shares: CaptionShares = captionShares,
): { readonly caption: string; readonly kind: CaptionKind } => {
  const kind = drawKind(shares, stream);
  const { concept } = icon;
  const parts: Record<CaptionKind, () => readonly string[]> = {
    "styled-tags": () => [styled(icon, stream), ...someTags(concept, stream)],
    "category-tags": () => [concept.label, ...hypernyms(concept).slice(0, 2), ...someTags(concept, stream)],
    styled: () => [styled(icon, stream)],
    bare: () => [concept.label],
    tags: () => {
      const tags = someTags(concept, stream);
      return tags.length > 0 ? tags : [concept.label];
    },
    translated: () => [concept.translations.length > 0 ? stream.choice(concept.translations) : concept.label],
    "file-name": () => [fileName(concept, stream)],
    junk: () => [stream.choice(junk)],
    wrong: () => [stream.choice(others).concept.label],
  };
  return { caption: [...new Set(parts[kind]())].join(", "), kind };
};
