/** What is known of how a picture came about, in words; never what it shows. */
import { numberText } from "../../format.ts";
import { t } from "../../strings.ts";

const count = (value: unknown): string => (typeof value === "number" ? String(value) : "?");

/**
 * The prompt, or else the picture that it started from, with sample and seed of a generated picture; or rank, counted from 1,
 * and similarity of a retrieved one.
 *
 * @param provenance as the gallery has it
 */
export function provenanceWords(provenance: Readonly<Record<string, unknown>>): string {
  const { prompt, from, sample, seed, similarity, rank } = provenance;
  if (typeof similarity === "number" && typeof rank === "number")
    return t("sources.picture.found", { rank: numberText(rank + 1), similarity: numberText(similarity, 2) });
  const drawn = { sample: count(sample), seed: count(seed) };
  if (typeof prompt === "string" && prompt !== "") return t("sources.picture.prompt", { prompt, ...drawn });
  if (typeof from === "string") return t("sources.picture.from", { from, ...drawn });
  return sample === undefined ? t("sources.picture.unknown") : t("sources.picture.sample", drawn);
}

/** A time for a single thing, from fractions of a millisecond up: "0.5 ms", "258 ms", "3.4 s". */
export function shortTimeText(seconds: number): string {
  const [value, key] =
    seconds < 1
      ? ([1000 * seconds, "sources.milliseconds.unit"] as const)
      : ([seconds, "sources.seconds.unit"] as const);
  return t(key, { value: numberText(value, value < 10 ? 1 : 0) });
}
