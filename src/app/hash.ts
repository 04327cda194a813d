/** The page's state in its URL: `#step=result&lesson=45&hide=why&lock=1&c=…`. */
import { FormatError } from "../errors.ts";
import { decodeConfig, encodeConfig } from "./config-code.ts";
import { isPlace, isStep, stepIds, type PlaceId, type StepId } from "./route.ts";

/** What a link says. */
export interface PageHash {
  /** Where one is; null for where the lesson, or the story, begins. */
  readonly place: PlaceId | null;
  /** A spec's fields, as given; null where the link has none. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** A lesson plan's length in minutes. */
  readonly lesson: 10 | 45 | 90 | null;
  /** Steps that are left out. */
  readonly hide: readonly StepId[];
  /** Whether the configuration can be changed on the page. */
  readonly lock: boolean;
  /** The step that a link without a place opens. */
  readonly start: StepId | null;
  /** What later versions of the page may know: kept as it is. */
  readonly others: Readonly<Record<string, string>>;
}

/** A link that says nothing. */
export const emptyHash: PageHash = {
  place: null,
  config: null,
  lesson: null,
  hide: [],
  lock: false,
  start: null,
  others: {},
};

const lessons = [10, 45, 90] as const;
const known = new Set(["v", "step", "c", "lesson", "hide", "lock", "start"]);

/**
 * Reads the part of a URL after `#`.
 *
 * @returns what it says, and a sentence for each part that it says wrongly; those parts are left out
 */
export function parseHash(text: string): { readonly hash: PageHash; readonly problems: readonly string[] } {
  const fields = new URLSearchParams(text.replace(/^#/, ""));
  const problems: string[] = [];
  const wrong = (name: string, expected: string): null => {
    problems.push(`link: ${name}: expected ${expected}, got "${fields.get(name) ?? ""}"`);
    return null;
  };
  const read = <T>(name: string, of: (value: string) => T | null): T | null => {
    const value = fields.get(name);
    return value === null ? null : of(value);
  };
  if (fields.get("v") !== null && fields.get("v") !== "1") wrong("v", "1");
  const hidden = read("hide", (value) => value.split(",").filter((word) => word !== "")) ?? [];
  if (!hidden.every(isStep)) wrong("hide", "names of steps with commas between them");
  const hidesAll = stepIds.every((id) => hidden.includes(id));
  if (hidesAll) wrong("hide", "fewer than all steps");
  const hash: PageHash = {
    place: read("step", (value) => (isPlace(value) ? value : wrong("step", "a step of the story"))),
    config: read("c", (value) => readConfig(value, problems)),
    lesson: read(
      "lesson",
      (value) => lessons.find((minutes) => String(minutes) === value) ?? wrong("lesson", "10, 45 or 90"),
    ),
    hide: hidesAll ? [] : hidden.filter(isStep),
    lock: read("lock", (value) => (["0", "1"].includes(value) ? value === "1" : wrong("lock", "0 or 1"))) ?? false,
    start: read("start", (value) => (isStep(value) ? value : wrong("start", "a step of the story"))),
    others: Object.fromEntries([...fields].filter(([name]) => !known.has(name))),
  };
  return { hash, problems };
}

function readConfig(code: string, problems: string[]): Readonly<Record<string, unknown>> | null {
  try {
    const config = decodeConfig(code);
    if (typeof config === "object" && config !== null && !Array.isArray(config))
      return config as Record<string, unknown>;
    throw new FormatError("link: c", "the fields of a spec", typeof config);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    problems.push(error.message);
    return null;
  }
}

/**
 * The part of a URL after `#` that says this.
 *
 * @throws FormatError when the configuration is too large for a link
 */
export function formatHash(hash: PageHash): string {
  const fields = new URLSearchParams();
  if (hash.place !== null) fields.set("step", hash.place);
  if (hash.lesson !== null) fields.set("lesson", String(hash.lesson));
  if (hash.hide.length > 0) fields.set("hide", hash.hide.join(","));
  if (hash.lock) fields.set("lock", "1");
  if (hash.start !== null) fields.set("start", hash.start);
  for (const [name, value] of Object.entries(hash.others)) fields.set(name, value);
  if (hash.config !== null) {
    fields.set("v", "1");
    fields.set("c", encodeConfig(hash.config));
  }
  return `#${fields.toString().replaceAll("%2C", ",")}`;
}
