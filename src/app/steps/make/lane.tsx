import type { ComponentChildren } from "preact";
import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { mostBlanks } from "../../parts/most-blanks.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { LiveTag } from "../../parts/which-run.tsx";
import { t } from "../../strings.ts";
import { openAll, showAllId } from "./all-pictures.ts";
import { countFlags, flagKinds, flagName, flags, type FlagCounts } from "./flags.ts";
import { hasMore, runIdOf, type Lane, type LanePicture, type NamedClass } from "./lanes.ts";
import { PictureButton } from "./picture-button.tsx";

/** Pictures of a lane at most, and squares of one that waits. */
export const laneLength = 10;

/** Where a lane's pictures come from. */
export const LaneTag = ({ lane: { source } }: { readonly lane: Lane }) =>
  typeof source === "string" ? <LiveTag /> : <RunTag view={source} />;

/** Empty squares, for eyes only: words beside them say what they stand for. */
const Blanks = ({ count, of }: { readonly count: number; readonly of: "waiting" | "rejected" }) => (
  <>
    {Array.from({ length: Math.min(count, mostBlanks) }, (_, i) => (
      <li key={`${of}-${String(i)}`} class={`cell-blank is-${of}`} aria-hidden="true" />
    ))}
  </>
);

function rejectedText(rejected: number): string {
  const counts = { count: numberText(rejected), squares: numberText(mostBlanks) };
  return t(rejected > mostBlanks ? "make.lane.rejected.more" : "make.lane.rejected", counts);
}

const kindsText = ({ kinds }: FlagCounts): string =>
  flagKinds
    .filter((kind) => kinds[kind] > 0)
    .map((kind) => t("make.flags.kind", { count: numberText(kinds[kind]), flag: t(`make.flag.${kind}`) }))
    .join(", ");

/** How many pictures of a lane the student flagged: of this class, and of all. */
const Flagged = ({ lane }: { readonly lane: Lane }) => {
  const of = (beginning: string): FlagCounts => countFlags(flags.value, runIdOf(lane), beginning);
  const [here, all] = [of(flagName(lane.id, lane.classKey, "")), of(`${lane.id}/`)];
  const elsewhere = all.pictures - here.pictures;
  return (
    <span class="lane-flags" data-flagged={here.pictures} data-flagged-all={all.pictures}>
      {here.pictures === 0 ? t("make.flags.none") : t("make.flags", { kinds: kindsText(here) })}
      {elsewhere > 0 && ` ${t("make.flags.elsewhere", { count: numberText(elsewhere) })}`}
    </span>
  );
};

const Counted = ({ lane }: { readonly lane: Lane }) => {
  if (lane.state !== "there") return <p role="status">{t(`make.lane.${lane.state}`)}</p>;
  const counts = { shown: numberText(lane.pictures.length), total: numberText(lane.total) };
  const kind = lane.id === "target" ? "target" : "added";
  return (
    <p>
      {t(lane.total > lane.pictures.length ? `make.lane.first.${kind}` : `make.lane.all.${kind}`, counts)}{" "}
      {lane.rejected > 0 && `${rejectedText(lane.rejected)} `}
      <Flagged lane={lane} />
    </p>
  );
};

/** Opens all pictures of a lane that shows the first ones. */
const ShowAll = ({ lane, of }: { readonly lane: Lane; readonly of: NamedClass }) => {
  const total = numberText(lane.total);
  return (
    <button
      type="button"
      id={showAllId(lane.id)}
      aria-haspopup="dialog"
      aria-label={t("make.all.show.what", { total, name: conditionLabel(lane.id), class: of.name })}
      onClick={() => void openAll(lane, of)}
    >
      {t("make.all.show", { total })}
    </button>
  );
};

/** A lane's pictures in squares of one size, with a square for each that is still to come or was left out. */
const Cells = ({
  lane,
  of,
  looked,
}: {
  readonly lane: Lane;
  readonly of: NamedClass;
  readonly looked: LanePicture | null;
}) => (
  <ul class="lane-cells">
    {lane.pictures.map((picture, place) => (
      // By its place: another class's picture takes it, and the keyboard stays where it was.
      <li key={place}>
        <PictureButton {...{ lane, picture }} className={of.name} isLooked={looked?.key === picture.key} />
      </li>
    ))}
    {lane.state !== "there" && <Blanks count={laneLength} of="waiting" />}
    <Blanks count={lane.rejected} of="rejected" />
  </ul>
);

/** A class's pictures of one origin. */
export const LaneView = ({
  name,
  title,
  lane,
  of,
  looked,
}: {
  readonly name: "target" | "generated" | "retrieved";
  /** Its heading, and what chooses its method. */
  readonly title: ComponentChildren;
  /** Null where the run has none. */
  readonly lane: Lane | null;
  readonly of: NamedClass;
  /** The picture that is looked at, where it is of this lane. */
  readonly looked: LanePicture | null;
}) => (
  <section
    class="lane"
    aria-labelledby={`lane-${name}`}
    data-lane={name}
    data-method={lane?.id}
    data-state={lane?.state}
  >
    <div class="lane-head">
      {title}
      {lane && <LaneTag lane={lane} />}
    </div>
    {lane ? <Cells {...{ lane, of, looked }} /> : <p class="quiet">{t(`make.lane.none.${name}`)}</p>}
    <div class="lane-foot">
      {lane && <Counted lane={lane} />}
      {lane && hasMore(lane) && <ShowAll lane={lane} of={of} />}
    </div>
  </section>
);
