import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { KeptRun } from "../../../../workers/lab-api.ts";
import type { SpecInput } from "../../../experiment/spec.ts";
import { timeText } from "../../format.ts";
import { goOnWith, isRunGoing, job } from "../../job.ts";
import { givenSpec } from "../../runs/given-spec.ts";
import { lab } from "../../state.ts";
import { t } from "../../strings.ts";
import { classesText } from "./classes-text.ts";

/** An unfinished run with the spec that it was given. */
interface OpenRun {
  readonly run: KeptRun;
  readonly spec: SpecInput;
}

const open = signal<readonly OpenRun[]>([]);

async function find(): Promise<void> {
  const found: OpenRun[] = [];
  for (const run of await lab.results()) {
    if (run.results !== null) continue;
    const spec = await givenSpec(run.id);
    if (spec) found.push({ run, spec });
  }
  open.value = found;
}

/** Runs that an earlier visit began. */
export const Unfinished = () => {
  useEffect(() => void find(), [job.value?.phase]);
  if (open.value.length === 0 || isRunGoing.value) return null;
  return (
    <>
      <h2>{t("start.unfinished")}</h2>
      <ul class="cards">
        {open.value.map(({ run, spec }) => (
          <li class="card" key={run.id}>
            <p id={`unfinished-${run.id}`}>{unfinishedText({ run, spec })}</p>
            <button type="button" aria-describedby={`unfinished-${run.id}`} onClick={() => void goOnWith(spec, run.id)}>
              {t("start.go-on", { name: spec.name ?? run.id })}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
};

/** Two runs may have one name: time and classes tell them apart. */
export function unfinishedText({ run: { id, state }, spec: { name = id, classes } }: OpenRun): string {
  return t("start.unfinished.one", { name, classes: classesText(classes), date: timeText(state.startedAt) });
}
