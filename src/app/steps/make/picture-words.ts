/** Pictures in words: where they come from, and what is said of them; never what they show. */
import { methodLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { t } from "../../strings.ts";
import { provenanceWords } from "../sources/provenance-words.ts";
import type { FlagKind } from "./flags.ts";
import type { LanePicture } from "./lanes.ts";

/** Whether a picture is real, made or found, how, and for which class. @param lane `target`, or a condition */
export function pictureWords(
  lane: string,
  className: string,
  { key, provenance }: Pick<LanePicture, "key" | "provenance">,
): string {
  if (lane === "target") return t("picture.real", { class: className, id: key });
  const values = { class: className, condition: methodLabel(lane), detail: provenanceWords(provenance) };
  return t(provenance["kind"] === "retrieved" ? "picture.retrieved" : "picture.generated", values);
}

/** The same with what the audit and the student flagged. */
export function fullWords(lane: string, className: string, picture: LanePicture, flags: readonly FlagKind[]): string {
  const flagged = flags.map((kind) => t("make.flagged", { flag: t(`make.flag.${kind}`) }));
  return [pictureWords(lane, className, picture), ...(picture.flagged ? [t("make.audit.short")] : []), ...flagged].join(
    "; ",
  );
}

/** How alike a picture and its nearest held-out one are; by which measure where that is not the first. */
export function alikeText({ similarity, measure }: NonNullable<LanePicture["nearest"]>): string {
  const text = numberText(similarity, 3);
  return measure === undefined ? text : `${text} (${measure})`;
}

/** The held-out picture that is nearest to one. */
export function nearestWords({ nearest, flagged }: LanePicture): string {
  if (!nearest) return t("make.nearest.unknown");
  const values = { id: nearest.id, similarity: alikeText(nearest) };
  return t(flagged ? "make.nearest.flagged" : "make.nearest.clear", values);
}
