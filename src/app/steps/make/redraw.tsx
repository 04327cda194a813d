import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Spec } from "../../../experiment/spec.ts";
import { isRunGoing, job } from "../../job.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { chosenClass, device } from "../../state.ts";
import { t } from "../../strings.ts";
import { looked, methodShown } from "./choices.ts";
import { DrawAgain } from "./draw-again.tsx";
import { byOrigin, finishedClasses } from "./lanes.ts";
import { readKeptFiles } from "./kept-files.ts";
import { drawing, looking } from "./live-work.ts";
import { LookAgain } from "./look-again.tsx";
import { drawSource, lookSource } from "./redraw-source.ts";
import "./redraw.css";
import { areNetworksOf, isPoolOf, networksOfRun, readServed, served } from "../../served.ts";

/** Drawing and looking up again, live, for the chosen class of a finished run. */
export const Redraw = ({ view }: { readonly view: RunView }) => {
  const { resolution } = (view.results.spec as Spec).world;
  const networks = useSignal<string | null>(null);
  useEffect(() => void readServed(resolution), [resolution]);
  // What a drawing, look-up or run downloaded is there from then on.
  useEffect(() => void readKeptFiles(), [drawing.value?.phase, looking.value?.phase, job.value?.phase]);
  useEffect(() => {
    let isLooked = true;
    networks.value = null;
    void networksOfRun(view).then((hash) => {
      if (isLooked) networks.value = hash;
    });
    return () => {
      isLooked = false;
    };
  }, [view]);
  const of = finishedClasses(view)?.[chosenClass.value];
  if (!of) return null;
  const found = device.value;
  if (found.kind === "checking") return null;
  const { generated } = byOrigin(view.results.production.map(({ id }) => id));
  const draw = drawSource(view, of, methodShown("generated", generated), looked.value);
  // Other settings to begin with are another form.
  const place = `${view.source.id}/${draw.stream}/${draw.sample}`;
  return (
    <section class="redraw" aria-labelledby="redraw-title" data-device={found.kind}>
      <h2 id="redraw-title">{t("redraw.title")}</h2>
      {found.kind === "none" ? (
        <p class="quiet">{t("redraw.none", { reason: found.reason })}</p>
      ) : (
        <>
          <p>{t("redraw.lead", { class: of.name })}</p>
          {found.kind === "software" && <p class="quiet">{t("redraw.software")}</p>}
          {isRunGoing.value && <p class="quiet">{t("redraw.going")}</p>}
          <DrawAgain
            key={place}
            place={place}
            source={draw}
            isSameModel={areNetworksOf(networks.value, served.value)}
            tag={<RunTag view={view} />}
          />
        </>
      )}
      <LookAgain
        key={`${view.source.id}/${of.key}`}
        place={`${view.source.id}/${of.key}`}
        className={of.name}
        source={lookSource(view, of)}
        isSamePool={isPoolOf(view, served.value)}
        tag={<RunTag view={view} />}
      />
    </section>
  );
};
