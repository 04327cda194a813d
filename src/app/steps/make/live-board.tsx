import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { liveConditions, liveId, liveSpec, liveUnit, liveUnits } from "../../live-run.ts";
import { LiveTag } from "../../parts/which-run.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { chosenClass, liveClass, reference, shown } from "../../state.ts";
import { t } from "../../strings.ts";
import { Board } from "./board.tsx";
import { methodShown, type Origin } from "./choices.ts";
import { Funnels } from "./funnel.tsx";
import { byOrigin, finishedClasses, finishedLane, liveClasses, liveLane, type LiveUnits } from "./lanes.ts";
import { askForPictures, livePictures, picturesProblem } from "./live-pictures.ts";

/** The class that the student chose while the run went on. */
const chosenKey = signal<string | null>(null);

/** A run on a user's own pictures shares no class with others. */
const isOwn = (id: string): boolean => /-own-[0-9a-f]{8}_/.test(id);

/** A finished run that has the live one's real pictures; null where none has. */
function runWithTarget(id: string): RunView | null {
  if (isOwn(id)) return null;
  return [shown.value, reference.value].find((view) => view?.gallery && !isOwn(view.source.id)) ?? null;
}

const Opened = ({ id }: { readonly id: string }) => {
  const run: LiveUnits = { id, finished: liveUnits.value, making: liveUnit.value };
  const view = runWithTarget(id);
  const named = (view && finishedClasses(view)) ?? [];
  const classes = liveClasses(liveSpec.value?.classes, run, new Map(named.map(({ key, name }) => [key, name])));
  const wanted = chosenKey.value ?? named[chosenClass.value]?.key;
  const chosen = Math.max(
    0,
    classes.findIndex(({ key }) => key === wanted),
  );
  const classKey = classes[chosen]?.key;
  const conditions = byOrigin(liveConditions.value);
  const ids = (["generated", "retrieved"] satisfies Origin[]).flatMap(
    (origin) => methodShown(origin, conditions[origin]) ?? [],
  );
  useEffect(() => {
    for (const condition of ids)
      if (classKey !== undefined && run.finished.includes(`produce/${condition}/${classKey}`))
        void askForPictures(id, condition, classKey);
  }, [id, classKey, ids.join(), run.finished]);
  useEffect(() => {
    liveClass.value = classKey ?? null;
    return () => (liveClass.value = null);
  }, [classKey]);
  const choose = (index: number): void => {
    const key = classes[index]!.key;
    chosenKey.value = key;
    const inShown = named.findIndex((one) => one.key === key);
    if (view === shown.value && inShown >= 0) chosenClass.value = inShown;
  };
  if (classes.length === 0) return <p role="status">{t("make.live.before")}</p>;
  return (
    <>
      {picturesProblem.value !== null && <p class="problem">{picturesProblem.value}</p>}
      <Board
        {...{ classes, chosen, choose, conditions }}
        isOpen={!run.finished.some((unit) => unit.startsWith("audit/"))}
        laneOf={(lane, key) =>
          lane === "target"
            ? view && finishedLane(view, lane, key)
            : liveLane(run, lane, key, livePictures(id, lane, key))
        }
      />
      <Funnels view={null} ids={ids} />
    </>
  );
};

/** The lanes of the run that goes on: they fill as its units finish. */
export const LiveBoard = () => (
  <>
    <p>
      {t("make.live")} <LiveTag />
    </p>
    {liveId.value === null ? <p role="status">{t("make.live.before")}</p> : <Opened id={liveId.value} />}
  </>
);
