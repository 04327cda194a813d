import { conditionLabel, methodLabel } from "../../condition-label.ts";
import { Mark } from "../../parts/mark.tsx";
import { t } from "../../strings.ts";
import { firstOrigin, looked, methods, methodShown, orderedOrigins, type Origin } from "./choices.ts";
import { ClassPicker } from "./class-picker.tsx";
import { Comparison } from "./comparison.tsx";
import { Details } from "./details.tsx";
import { LaneView } from "./lane.tsx";
import type { Lane, LanePicture, NamedClass } from "./lanes.ts";
import { NearestLane } from "./nearest-lane.tsx";
import { pictureAt, useSameCell } from "./same-place.ts";

/** What the lanes show, wherever it comes from. */
export interface BoardProps {
  readonly classes: readonly NamedClass[];
  readonly chosen: number;
  readonly choose: (index: number) => void;
  /** Whether more classes may come. */
  readonly isOpen?: boolean;
  /** Conditions of each origin. */
  readonly conditions: Readonly<Record<Origin, readonly string[]>>;
  /** The lane of `target` or of a condition; null where there is none. */
  readonly laneOf: (id: string, classKey: string) => Lane | null;
}

const OriginTitle = ({ origin, ids }: { readonly origin: Origin; readonly ids: readonly string[] }) => {
  const id = methodShown(origin, ids);
  return (
    <>
      <h2 id={`lane-${origin}`}>
        {id !== null && <Mark id={id} />} {t(`make.lane.${origin}`)}
      </h2>
      {ids.length > 1 && (
        <select
          aria-label={t(`make.method.${origin}`)}
          value={id ?? ""}
          onChange={({ currentTarget }) => (methods[origin].value = currentTarget.value)}
        >
          {ids.map((one) => (
            <option value={one} key={one}>
              {methodLabel(one)}
            </option>
          ))}
        </select>
      )}
      {ids.length === 1 && <span class="lane-method">{conditionLabel(ids[0]!)}</span>}
    </>
  );
};

/** The picture that is looked at and its lane; without a choice among those that are there, the first added one. */
function lookedAt(lanes: readonly (Lane | null)[]): { readonly lane: Lane; readonly picture: LanePicture } | null {
  const there = lanes.filter((lane) => lane !== null);
  const lane = there.find(({ id }) => id === looked.value?.lane);
  const picture = lane?.pictures.find(({ key }) => key === looked.value?.key);
  if (lane && picture) return { lane, picture };
  const byDefault = there.find(({ id, pictures }) => id !== "target" && pictures.length > 0) ?? there[0];
  const first = byDefault?.pictures[0];
  return byDefault && first ? { lane: byDefault, picture: first } : null;
}

/** The lanes of a class side by side, and the picture that is looked at. */
export const Board = ({ classes, chosen, choose, isOpen = false, conditions, laneOf }: BoardProps) => {
  const of = classes[chosen];
  useSameCell(of?.key);
  if (!of) return null;
  const order = orderedOrigins(firstOrigin.value);
  const target = laneOf("target", of.key);
  const added = order.map((origin) => {
    const id = methodShown(origin, conditions[origin]);
    return { origin, lane: id === null ? null : laneOf(id, of.key) };
  });
  const lanes = [target, ...added.map(({ lane }) => lane)];
  const at = lookedAt(lanes);
  const pictureIn = (lane: Lane | null): LanePicture | null => (at?.lane === lane ? at.picture : null);
  const chooseInPlace = (index: number): void => {
    // As of now: the focus may have moved since this was drawn.
    const before = looked.value && lookedAt(lanes);
    const lane = before && laneOf(before.lane.id, classes[index]!.key);
    const picture = lane && pictureAt(lane, before.lane.pictures.indexOf(before.picture));
    if (picture) looked.value = { lane: lane.id, key: picture.key };
    choose(index);
  };
  return (
    <>
      <ClassPicker {...{ classes, chosen, isOpen }} choose={chooseInPlace} />
      <div class="lanes" data-order={order.join(" ")}>
        <LaneView
          name="target"
          title={
            <h2 id="lane-target">
              <Mark id="real-10" /> {t("make.lane.target")}
            </h2>
          }
          {...{ lane: target, of }}
          looked={pictureIn(target)}
        />
        {added.map(({ origin, lane }) => (
          <LaneView
            key={origin}
            name={origin}
            title={<OriginTitle origin={origin} ids={conditions[origin]} />}
            {...{ lane, of }}
            looked={pictureIn(lane)}
          />
        ))}
        <NearestLane lane={at?.lane ?? null} picture={at?.picture ?? null} />
      </div>
      {at && <Details {...at} of={of} />}
      <Comparison order={order} />
    </>
  );
};
