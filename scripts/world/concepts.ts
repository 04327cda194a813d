import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** What an icon shows: one emoji, whatever its skin tone or gender. */
export interface Concept {
  /** Code points in capitals without variation selectors, or a name for what is no emoji. */
  readonly key: string;
  /** CLDR label, lower case. */
  readonly label: string;
  /** CLDR keywords. */
  readonly tags: readonly string[];
  /** Unicode subgroup such as `animal-bird`, or "" for what is no emoji. */
  readonly subgroup: string;
  /** Labels in other languages. */
  readonly translations: readonly string[];
}

/** Where a code point or a name leads: to a concept, or to a reason why such icons are left out. */
export type ConceptMatch =
  | { readonly concept: Concept; /** 0 neutral, 1 a gendered variant */ readonly rank: number }
  | "skin tone"
  | "flag"
  | "component";

/** Emoji by code point and by name. */
export interface ConceptTable {
  readonly byCode: ReadonlyMap<string, ConceptMatch>;
  readonly byName: ReadonlyMap<string, ConceptMatch>;
}

/** Languages whose labels captions may use. */
const languages = ["de", "es", "fr", "it", "nl", "pt"] as const;

const emojiSchema = z.object({
  label: z.string(),
  hexcode: z.string(),
  tags: z.array(z.string()).optional(),
  group: z.number().optional(),
  subgroup: z.number().optional(),
  skins: z.array(z.object({ hexcode: z.string(), label: z.string() })).optional(),
});
type Emoji = z.infer<typeof emojiSchema>;

const COMPONENTS_GROUP = 2;
const FLAGS_GROUP = 9;

/** Code points in capitals without variation selectors: `1f3f3-fe0f` → `1F3F3`. */
export const normalizeCode = (code: string): string =>
  code
    .toUpperCase()
    .split("-")
    .filter((point) => point !== "FE0F" && point !== "FE0E")
    .map((point) => point.replace(/^0+(?=[0-9A-F]{4})/, "").padStart(4, "0"))
    .join("-");

/** A name as icon sets write it: `Woman’s clothes` → `womans-clothes`. */
export const slug = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/[\u0300-\u036f’'.“”!:,()]/g, "")
    .replace(/&/g, "and")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

const readJson = <T>(path: string, schema: z.ZodType<T>): T => schema.parse(JSON.parse(readFileSync(path, "utf8")));

/** The neutral form of a gendered code, when it has the shape of one. */
const neutralCodes = (code: string): string[] => {
  const withoutSign = code.replace(/-200D-264[02](?=-200D-27A1$|$)/, "");
  const person = code.replace(/^1F46[89](?=-200D)/, "1F9D1");
  return [withoutSign, person].filter((candidate) => candidate !== code);
};

/**
 * Builds the tables from emojibase-data.
 *
 * @param folder the installed package
 * @param named names by code point from icon packages that have both
 */
export const buildConceptTable = (folder: string, named: ReadonlyMap<string, readonly string[]>): ConceptTable => {
  const emojis = readJson(join(folder, "en/data.json"), z.array(emojiSchema));
  const { subgroups } = readJson(
    join(folder, "meta/groups.json"),
    z.object({ subgroups: z.record(z.string(), z.string()) }),
  );
  const translations = readTranslations(folder);
  const codes = new Set(emojis.map(({ hexcode }) => normalizeCode(hexcode)));
  const concepts = new Map<string, Concept>();
  for (const emoji of emojis) {
    const key = normalizeCode(emoji.hexcode);
    concepts.set(key, {
      key,
      label: emoji.label.toLowerCase().replaceAll("’", "'"),
      tags: (emoji.tags ?? []).map((tag) => tag.toLowerCase().replaceAll("’", "'")),
      subgroup: subgroups[String(emoji.subgroup)] ?? "",
      translations: translations.get(key) ?? [],
    });
  }
  const codeOfLabel = new Map(emojis.map(({ label, hexcode }) => [label, normalizeCode(hexcode)]));
  const byCode = new Map<string, ConceptMatch>();
  for (const emoji of emojis) {
    if (emoji.group === undefined) continue;
    const code = normalizeCode(emoji.hexcode);
    const couple = codeOfLabel.get(/^(.*): (?:wo)?man\b/.exec(emoji.label)?.[1] ?? "");
    const neutral = couple ?? neutralCodes(code).find((candidate) => codes.has(candidate));
    const concept = concepts.get(neutral ?? code)!;
    if (emoji.group === FLAGS_GROUP) byCode.set(code, "flag");
    else if (emoji.group === COMPONENTS_GROUP) byCode.set(code, "component");
    else byCode.set(code, { concept, rank: neutral === undefined ? 0 : 1 });
    for (const skin of emoji.skins ?? []) byCode.set(normalizeCode(skin.hexcode), "skin tone");
  }
  return { byCode, byName: nameTable(folder, emojis, byCode, named) };
};

const readTranslations = (folder: string): Map<string, string[]> => {
  const labels = new Map<string, string[]>();
  for (const language of languages) {
    for (const { hexcode, label } of readJson(join(folder, language, "data.json"), z.array(emojiSchema))) {
      const key = normalizeCode(hexcode);
      const list = labels.get(key);
      if (list) list.push(label.toLowerCase());
      else labels.set(key, [label.toLowerCase()]);
    }
  }
  return labels;
};

/** Names in order of trust: of packages that map them, CLDR labels, Unicode names, shortcodes; then all without hyphens. */
const nameTable = (
  folder: string,
  emojis: readonly Emoji[],
  byCode: ReadonlyMap<string, ConceptMatch>,
  named: ReadonlyMap<string, readonly string[]>,
): Map<string, ConceptMatch> => {
  const byName = new Map<string, ConceptMatch>();
  const add = (name: string, code: string): void => {
    const match = byCode.get(normalizeCode(code));
    if (match !== undefined && name !== "" && !byName.has(name)) byName.set(name, match);
  };
  for (const [code, names] of named) for (const name of names) add(name, code);
  for (const emoji of emojis) {
    add(slug(emoji.label), emoji.hexcode);
    for (const skin of emoji.skins ?? []) add(slug(skin.label), skin.hexcode);
  }
  const unicodeNames = readJson(join(folder, "meta/unicode-names.json"), z.record(z.string(), z.string()));
  for (const [code, name] of Object.entries(unicodeNames)) add(slug(name), code);
  const shortcodesSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
  for (const set of ["cldr", "emojibase", "github", "iamcal", "joypixels"]) {
    const shortcodes = readJson(join(folder, `en/shortcodes/${set}.json`), shortcodesSchema);
    for (const [code, names] of Object.entries(shortcodes)) for (const name of [names].flat()) add(slug(name), code);
  }
  for (const [name, match] of [...byName]) {
    const joined = name.replaceAll("-", "");
    if (!byName.has(joined)) byName.set(joined, match);
  }
  return byName;
};
