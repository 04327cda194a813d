import { NeedRun } from "../parts/need-run.tsx";
import { RunTag } from "../parts/source-tag.tsx";
import { WhichRun } from "../parts/which-run.tsx";
import { showsLive } from "../live-run.ts";
import type { RunView } from "../runs/run-view.ts";
import { chosenClass } from "../state.ts";
import { t } from "../strings.ts";
import "./make.css";
import { AllPictures } from "./make/all-pictures-dialog.tsx";
import { Board } from "./make/board.tsx";
import { methodShown, orderedOrigins, firstOrigin } from "./make/choices.ts";
import { Funnels } from "./make/funnel.tsx";
import { byOrigin, finishedClasses, finishedLane } from "./make/lanes.ts";
import { LiveBoard } from "./make/live-board.tsx";
import { Redraw } from "./make/redraw.tsx";
import { useSameCell } from "./make/same-place.ts";

const Finished = ({ view }: { readonly view: RunView }) => {
  const classes = finishedClasses(view);
  const conditions = byOrigin(view.results.production.map(({ id }) => id));
  const ids = orderedOrigins(firstOrigin.value).flatMap((origin) => methodShown(origin, conditions[origin]) ?? []);
  return (
    <>
      {classes === null ? (
        <p class="problem">
          {t("make.no-gallery")} <RunTag view={view} />
        </p>
      ) : (
        <Board
          {...{ classes, conditions }}
          chosen={Math.min(chosenClass.value, classes.length - 1)}
          choose={(index) => (chosenClass.value = index)}
          laneOf={(id, key) => finishedLane(view, id, key)}
        />
      )}
      {ids.length > 0 && <Funnels view={view} ids={ids} />}
      <Redraw view={view} />
    </>
  );
};

/** A class's real, generated and retrieved pictures beside each other, and what became of those that were asked for. */
export const MakeStep = () => {
  useSameCell(showsLive.value);
  return (
    <>
      <h1>{t("make.question")}</h1>
      <p class="lead">{t("make.lead")}</p>
      <WhichRun />
      {showsLive.value ? <LiveBoard /> : <NeedRun>{(view) => <Finished view={view} />}</NeedRun>}
      <AllPictures />
    </>
  );
};
