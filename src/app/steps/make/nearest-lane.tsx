import { conditionLabel } from "../../condition-label.ts";
import { StepLink } from "../../parts/step-link.tsx";
import { t } from "../../strings.ts";
import { laneLength } from "./lane.tsx";
import type { Lane, LanePicture } from "./lanes.ts";
import { NearestButton } from "./picture-button.tsx";
import { alikeText } from "./picture-words.ts";

/** Why there is nothing to show, or null where there is. */
function reasonFor(lane: Lane | null): string | null {
  if (!lane || lane.id === "target") return t("make.nearest.choose");
  if (typeof lane.source === "string") return t("make.nearest.later");
  return lane.pictures.some(({ nearest }) => nearest) ? null : t("make.nearest.unaudited");
}

/** How alike the picture and its nearest one are; what more is known stands in the details. */
const Alike = ({ picture: { nearest, flagged } }: { readonly picture: LanePicture }) => {
  if (!nearest) return <p>{t("make.nearest.unknown")}</p>;
  const key = flagged ? "make.nearest.short.flagged" : "make.nearest.short.clear";
  return <p data-similarity={nearest.similarity}>{t(key, { similarity: alikeText(nearest) })}</p>;
};

/** The held-out pictures that come nearest to those of the lane that is looked at, in its order. */
export const NearestLane = ({
  lane,
  picture,
}: {
  readonly lane: Lane | null;
  readonly picture: LanePicture | null;
}) => {
  const reason = reasonFor(lane);
  return (
    <section class="lane" aria-labelledby="lane-nearest" data-lane="nearest">
      <div class="lane-head">
        <h2 id="lane-nearest">{t("make.lane.nearest")}</h2>
        {lane && reason === null && (
          <span class="quiet">{t("make.nearest.to", { name: conditionLabel(lane.id) })}</span>
        )}
      </div>
      <ul class="lane-cells">
        {lane && reason === null
          ? lane.pictures.map((one, place) => (
              <li key={place}>
                {one.nearest ? (
                  <NearestButton lane={lane} picture={one} isLooked={one.key === picture?.key} />
                ) : (
                  <span class="cell-blank is-waiting" />
                )}
              </li>
            ))
          : Array.from({ length: laneLength }, (_, i) => (
              <li key={i} class="cell-blank is-waiting" aria-hidden="true" />
            ))}
      </ul>
      <div class="lane-foot">
        {reason === null ? picture && <Alike picture={picture} /> : <p>{reason}</p>}
        <p class="quiet">
          {t("make.nearest.what")} <StepLink to="why" />
        </p>
      </div>
    </section>
  );
};
