import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { t } from "../../strings.ts";
import { flagKinds, flagName, flags, flagsOf, toggled } from "./flags.ts";
import { runIdOf, type Lane, type LanePicture, type NamedClass, type Provenance } from "./lanes.ts";
import { buttonId } from "./picture-button.tsx";
import { nearestWords } from "./picture-words.ts";
import { Picture } from "./picture.tsx";

/** Terms and what they are for a picture, those that are known. */
function facts(lane: Lane, { key, provenance }: LanePicture): readonly (readonly [string, string])[] {
  const { kind, prompt, from, sample, seed, similarity, rank, pool }: Provenance = provenance;
  const words = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
  const whole = (value: unknown): string | null => (typeof value === "number" ? String(value) : null);
  const known = [
    ["from", lane.id === "target" ? t("make.details.real") : conditionLabel(lane.id)],
    ["prompt", words(prompt)],
    ["start", words(from)],
    ["sample", whole(sample)],
    ["seed", whole(seed)],
    ["similarity", typeof similarity === "number" ? numberText(similarity, 3) : null],
    ["rank", typeof rank === "number" ? numberText(rank + 1) : null],
    ["id", kind === "generated" ? null : (words(pool) ?? key)],
  ] as const;
  return known.flatMap(([term, text]) => (text === null ? [] : [[t(`make.details.${term}`), text] as const]));
}

/** What is known of a picture, in terms and words. */
export const PictureFacts = ({ lane, picture }: { readonly lane: Lane; readonly picture: LanePicture }) => (
  <dl data-picture={picture.key}>
    {facts(lane, picture).map(([term, text]) => (
      <div key={term}>
        <dt>{term}</dt>
        <dd>{text}</dd>
      </div>
    ))}
    {picture.nearest && (
      <div class="details-nearest">
        <dt>{t("make.details.nearest")}</dt>
        <dd>{nearestWords(picture)}</dd>
      </div>
    )}
  </dl>
);

/** The flags of a picture, to put on and take off. */
export const FlagButtons = ({ lane, picture }: { readonly lane: Lane; readonly picture: LanePicture }) => {
  const [runId, name] = [runIdOf(lane), flagName(lane.id, lane.classKey, picture.key)];
  const found = flagsOf(flags.value, runId, name);
  return (
    <div class="buttons" role="group" aria-label={t("make.flags.label")}>
      {flagKinds.map((kind) => (
        <button
          type="button"
          key={kind}
          class="flag-button"
          aria-pressed={found.includes(kind)}
          onClick={() => (flags.value = toggled(flags.value, runId, name, kind))}
        >
          <span aria-hidden="true">{found.includes(kind) ? "⚑" : "⚐"}</span> {t(`make.flag.${kind}`)}
        </button>
      ))}
    </div>
  );
};

/** All that is known of the picture that is looked at, and its flags. Esc goes back to it. */
export const Details = ({
  lane,
  picture,
  of,
}: {
  readonly lane: Lane;
  readonly picture: LanePicture;
  readonly of: NamedClass;
}) => {
  const goBack = (event: KeyboardEvent): void => {
    if (event.key === "Escape") document.getElementById(buttonId(lane.id, picture.key))?.focus();
  };
  return (
    <section class="picture-details card" aria-labelledby="picture-details" onKeyDown={goBack}>
      <Picture lane={lane} picture={picture} size={128} />
      <div>
        <h2 id="picture-details">{t("make.details", { class: of.name })}</h2>
        <PictureFacts lane={lane} picture={picture} />
        <FlagButtons lane={lane} picture={picture} />
        <p class="quiet">{t("make.details.keys")}</p>
      </div>
    </section>
  );
};
