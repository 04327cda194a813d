import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { UnitPictures } from "../../../../workers/lab-api.ts";
import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { WindowedGrid } from "../../parts/windowed-grid.tsx";
import { t } from "../../strings.ts";
import { allShown, closeAll, showAllId, type AllShown } from "./all-pictures.ts";
import "./all-pictures.css";
import { FlagButtons, PictureFacts } from "./details.tsx";
import { flagName, flags, flagsOf, type FlagKind } from "./flags.ts";
import { LaneTag } from "./lane.tsx";
import { runIdOf, unitPicture, type Lane, type LanePicture, type NamedClass } from "./lanes.ts";
import { PictureMarks, thumbnail } from "./picture-button.tsx";
import { fullWords } from "./picture-words.ts";
import { Picture } from "./picture.tsx";

interface UnitProps {
  readonly lane: Lane;
  readonly of: NamedClass;
  readonly unit: UnitPictures;
}

const flagsIn = (lane: Lane, { key }: LanePicture): readonly FlagKind[] =>
  flagsOf(flags.value, runIdOf(lane), flagName(lane.id, lane.classKey, key));

/** A cell of the grid, for eyes only. */
const CellPicture = ({ lane, unit, index }: Omit<UnitProps, "of"> & { readonly index: number }) => {
  // The same object as long as it is in the page, so that it is drawn once.
  const picture = useMemo(() => unitPicture(unit, index, lane.pictures), [unit, index]);
  const found = flagsIn(lane, picture);
  return (
    <span class={found.length > 0 ? "all-picture is-flagged" : "all-picture"} data-flags={found.join(" ")}>
      <Picture lane={lane} picture={picture} size={thumbnail} />
      <PictureMarks flags={found} flagged={picture.flagged} />
    </span>
  );
};

/** The grid, and what is known of the picture that was chosen in it. */
const Unit = ({ lane, of, unit }: UnitProps) => {
  const chosen = useSignal(0);
  const details = useRef<HTMLElement>(null);
  const count = unit.provenance.length;
  const pictureAt = (index: number): LanePicture => unitPicture(unit, index, lane.pictures);
  const picture = useMemo(() => pictureAt(chosen.value), [unit, chosen.value]);
  const wordsAt = (index: number): string => {
    const at = pictureAt(index);
    return fullWords(lane.id, of.name, at, flagsIn(lane, at));
  };
  return (
    <>
      <WindowedGrid
        label={titleOf({ lane, of })}
        count={count}
        size={thumbnail}
        active={chosen.value}
        choose={(index) => (chosen.value = index)}
        enter={() => details.current?.querySelector("button")?.focus()}
        labelOf={wordsAt}
      >
        {(index) => <CellPicture lane={lane} unit={unit} index={index} />}
      </WindowedGrid>
      <section class="all-details" ref={details} aria-labelledby="all-place">
        <Picture lane={lane} picture={picture} size={128} />
        <div>
          <h3 id="all-place">
            {t("make.all.place", { place: numberText(chosen.value + 1), total: numberText(count) })}
          </h3>
          <PictureFacts lane={lane} picture={picture} />
          <FlagButtons lane={lane} picture={picture} />
          <p class="quiet">{t("make.all.keys")}</p>
        </div>
      </section>
    </>
  );
};

const titleOf = ({ lane, of }: Pick<AllShown, "lane" | "of">): string =>
  t("make.all.title", { total: numberText(lane.total), name: conditionLabel(lane.id), class: of.name });

/** All pictures of the lane that was asked for, over the page; Esc closes them, and the focus goes back to the lane's button. */
export const AllPictures = () => {
  const shown = allShown.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = shown !== null;
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);
  // Whoever leaves the step has closed them.
  useEffect(() => closeAll, []);
  const onClose = (): void => {
    const lane = allShown.value?.lane.id;
    closeAll();
    // The browser gives the focus back to an element; the lane's button may be another one since its run is finished.
    if (lane !== undefined) document.getElementById(showAllId(lane))?.focus();
  };
  return (
    <dialog class="all-pictures" ref={dialog} aria-labelledby="all-title" onClose={onClose}>
      {shown && (
        <>
          <div class="all-head">
            <h2 id="all-title">{titleOf(shown)}</h2>
            <LaneTag lane={shown.lane} />
            <button type="button" onClick={() => dialog.current?.close()}>
              {t("make.all.close")}
            </button>
          </div>
          {shown.problem !== null ? (
            <p class="problem" role="alert">
              {shown.problem}
            </p>
          ) : shown.unit === null ? (
            <p role="status">{t("make.all.reading")}</p>
          ) : (
            <Unit lane={shown.lane} of={shown.of} unit={shown.unit} />
          )}
        </>
      )}
    </dialog>
  );
};
