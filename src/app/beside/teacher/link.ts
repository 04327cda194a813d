/** The link that a teacher makes: what its form holds, and the address that says it. */
import { emptyHash, formatHash, type PageHash } from "../../hash.ts";
import { presets, type PresetId } from "../../presets.ts";
import type { StepId } from "../../route.ts";

/** Letters of an address that every mail program and chat carries whole. */
export const longestAddress = 2048;

/** What the form holds; empty text is "as the preset has it". */
export interface LinkForm {
  readonly lesson: PageHash["lesson"];
  readonly hide: readonly StepId[];
  readonly start: StepId | null;
  readonly lock: boolean;
  /** Null: the link names no run. */
  readonly preset: PresetId | null;
  readonly name: string;
  readonly seed: string;
  /** A number, or `all`. */
  readonly classes: string;
  readonly n: string;
  /** Null: as the preset has them. */
  readonly conditions: readonly string[] | null;
}

/** A link that says nothing. */
export const emptyForm: LinkForm = {
  ...{ lesson: null, hide: [], start: null, lock: false, preset: null },
  ...{ name: "", seed: "", classes: "", n: "", conditions: null },
};

/** A number where the text is one; else the text, which the schema then names in its complaint. */
const valueOf = (text: string): number | string => {
  const value = Number(text);
  return Number.isFinite(value) ? value : text.trim();
};

/** The spec's fields that the link carries: the preset's with the changed ones; null without a preset. Nothing is checked. */
export function configOf({
  preset,
  name,
  seed,
  classes,
  n,
  conditions,
}: LinkForm): Readonly<Record<string, unknown>> | null {
  const found = presets.find(({ id }) => id === preset);
  if (found === undefined) return null;
  const { spec } = found;
  return {
    ...spec,
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(seed.trim() === "" ? {} : { seed: valueOf(seed) }),
    ...(classes.trim() === "" ? {} : { classes: valueOf(classes) }),
    ...(n.trim() === "" ? {} : { sets: { ...spec.sets, n: valueOf(n) } }),
    ...(conditions === null ? {} : { conditions }),
  };
}

/** What the link says. A start that is hidden is left out. */
export function hashOf(form: LinkForm): PageHash {
  const { lesson, hide, start, lock } = form;
  const shownStart = start !== null && hide.includes(start) ? null : start;
  return { ...emptyHash, lesson, hide, lock, start: shownStart, config: configOf(form) };
}

/**
 * The whole address.
 *
 * @param page the page's own, without `?` and `#`
 * @throws FormatError when the configuration is too large for a link
 */
export function addressOf(form: LinkForm, page: string): string {
  const hash = formatHash(hashOf(form));
  return hash === "#" ? page : `${page}${hash}`;
}
