import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { buildConceptTable, normalizeCode, type Concept, type ConceptMatch, type ConceptTable } from "./concepts.ts";
import { iconSources, type IconSource } from "./sources.ts";

/** One drawing of one concept by one vendor. */
export interface Icon {
  /** `<vendor>/<name>` */
  readonly id: string;
  readonly vendor: string;
  readonly role: "target" | "pool";
  readonly concept: Concept;
  /** SVG text, or the path of a raster file. */
  readonly drawing: { readonly svg: string } | { readonly file: string };
}

/** What became of one package's icons. */
export interface SourceReport {
  readonly source: IconSource;
  readonly version: string;
  readonly icons: number;
  /** Icons left out, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Names that no emoji has. */
  readonly unmapped: readonly string[];
}

/** Icons with the account of where they come from. */
export interface IconCollection {
  readonly icons: readonly Icon[];
  readonly reports: readonly SourceReport[];
}

/** A name in a package with what it may be. */
interface Candidate {
  readonly name: string;
  readonly match: ConceptMatch | undefined;
  readonly drawing: Icon["drawing"];
}

const iconSetSchema = z.object({
  icons: z.record(
    z.string(),
    z.object({
      body: z.string(),
      left: z.number().optional(),
      top: z.number().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
    }),
  ),
  aliases: z.record(z.string(), z.object({ parent: z.string() })).optional(),
  width: z.number().optional(),
  height: z.number().optional(),
});
type IconSet = z.infer<typeof iconSetSchema>;

const readJson = <T>(path: string, schema: z.ZodType<T>): T => schema.parse(JSON.parse(readFileSync(path, "utf8")));

/**
 * Reads all icon packages: skin tones and flags left out, gendered variants merged, one icon a vendor and concept.
 *
 * @param modules the `node_modules` folder that holds the packages
 */
export const readIcons = (modules: string): IconCollection => {
  const sets = new Map<string, IconSet>();
  const codesByVendor = new Map<string, Map<string, string>>();
  const named = new Map<string, string[]>();
  for (const source of iconSources) {
    if (source.format !== "iconify") continue;
    const folder = join(modules, source.package);
    sets.set(source.vendor, readJson(join(folder, "icons.json"), iconSetSchema));
    const codes = readCodes(folder);
    codesByVendor.set(source.vendor, codes);
    for (const [name, code] of codes) named.set(code, [...(named.get(code) ?? []), name]);
  }
  const table = buildConceptTable(join(modules, "emojibase-data"), named);
  const icons: Icon[] = [];
  const reports: SourceReport[] = [];
  for (const source of iconSources) {
    const set = sets.get(source.vendor);
    const folder = join(modules, source.package);
    const codes = codesByVendor.get(source.vendor) ?? new Map<string, string>();
    const candidates = set
      ? readIconSet(set, codes, readFlags(folder), table)
      : readFolder(join(folder, "assets"), table);
    const { kept, skipped, unmapped } = dedupe(source, candidates);
    icons.push(...kept);
    const { version } = readJson(join(folder, "package.json"), z.object({ version: z.string() }));
    reports.push({ source, version, icons: kept.length, skipped, unmapped });
  }
  return { icons, reports };
};

/** Normalised code points by icon name, from the packages that list them. */
const readCodes = (folder: string): Map<string, string> => {
  const path = join(folder, "chars.json");
  const chars = existsSync(path) ? readJson(path, z.record(z.string(), z.string())) : {};
  return new Map(Object.entries(chars).map(([code, name]) => [name, normalizeCode(code)]));
};

/** Names that the package itself files under flags. */
const readFlags = (folder: string): Set<string> => {
  const path = join(folder, "metadata.json");
  const schema = z.object({ categories: z.record(z.string(), z.array(z.string())).optional() });
  return new Set(existsSync(path) ? readJson(path, schema).categories?.["Flags"] : []);
};

const svgText = (set: IconSet, icon: IconSet["icons"][string]): string => {
  const box = [icon.left ?? 0, icon.top ?? 0, icon.width ?? set.width ?? 16, icon.height ?? set.height ?? 16];
  const namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  return `<svg ${namespaces} viewBox="${box.join(" ")}">${icon.body}</svg>`;
};

const readIconSet = (
  set: IconSet,
  codes: ReadonlyMap<string, string>,
  flags: ReadonlySet<string>,
  table: ConceptTable,
): Candidate[] => {
  const aliases = new Map<string, string[]>();
  for (const [alias, { parent }] of Object.entries(set.aliases ?? {})) {
    aliases.set(parent, [...(aliases.get(parent) ?? []), alias]);
  }
  return Object.entries(set.icons).map(([name, icon]) => {
    const names = [name, ...(aliases.get(name) ?? [])];
    const code = names.map((candidate) => codes.get(candidate)).find((found) => found !== undefined);
    const byName = names.map((candidate) => matchName(candidate, table)).find((found) => found !== undefined);
    const match = flags.has(name) ? "flag" : code === undefined ? byName : table.byCode.get(code);
    return { name, match, drawing: { svg: svgText(set, icon) } };
  });
};

/** Names differ between sets in a trailing number, in `flag-for-` and in hyphens. */
const matchName = (name: string, { byName }: ConceptTable): ConceptMatch | undefined => {
  const plain = name.replace(/^flag-for-(flag-)?/, "flag-");
  const unnumbered = plain.replace(/-\d$/, "");
  return [plain, unnumbered, plain.replaceAll("-", ""), unnumbered.replaceAll("-", "")]
    .map((candidate) => byName.get(candidate))
    .find((found) => found !== undefined);
};

/** One raster file a code point, as `1f413.webp`. */
const readFolder = (folder: string, table: ConceptTable): Candidate[] =>
  readdirSync(folder)
    .sort()
    .map((file) => {
      const name = file.replace(/\.[a-z0-9]+$/, "");
      return { name, match: table.byCode.get(normalizeCode(name)), drawing: { file: join(folder, file) } };
    });

/** A concept for a drawing that is no emoji: its name is its label. */
const namedConcept = (source: IconSource, name: string): Concept => ({
  key: `${source.vendor}:${name}`,
  label: name.replaceAll("-", " "),
  tags: [],
  subgroup: "",
  translations: [],
});

const dedupe = (
  source: IconSource,
  candidates: readonly Candidate[],
): { kept: Icon[]; skipped: Record<string, number>; unmapped: string[] } => {
  const best = new Map<string, { icon: Icon; rank: number }>();
  const skipped: Record<string, number> = {};
  const unmapped: string[] = [];
  const skip = (reason: string): void => {
    skipped[reason] = (skipped[reason] ?? 0) + 1;
  };
  for (const { name, match, drawing } of candidates) {
    if (match === undefined && !source.keepsUnmapped) {
      unmapped.push(name);
    } else if (typeof match === "string") {
      skip(match);
    } else {
      const { concept, rank } = match ?? { concept: namedConcept(source, name), rank: 0 };
      const key = source.keepsUnmapped || source.keepsDoubles ? name : concept.key;
      const other = best.get(key);
      if (other) skip("double");
      if (other && other.rank <= rank) continue;
      const { vendor, role } = source;
      best.set(key, { icon: { id: `${vendor}/${name}`, vendor, role, concept, drawing }, rank });
    }
  }
  return { kept: [...best.values()].map(({ icon }) => icon), skipped, unmapped };
};
