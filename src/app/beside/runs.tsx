import { useEffect } from "preact/hooks";
import { conditionLabel } from "../condition-label.ts";
import { dateText, listText, numberText } from "../format.ts";
import { goOnWith, isRunGoing, job } from "../job.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { SourceTag } from "../parts/source-tag.tsx";
import { reasonOf } from "../reason.ts";
import { recorded, recordedProblem, shown } from "../state.ts";
import { t } from "../strings.ts";
import "./beside.css";
import { Compare } from "./runs/compare.tsx";
import type { RunEntry } from "./runs/entries.ts";
import { entries, entriesProblem, readEntries, removeEntry, showEntry } from "./runs/load.ts";

/** Whether a run is the one that goes on in this page. */
const isGoing = (id: string): boolean => isRunGoing.value && job.value?.id === id;

const isShown = ({ id, kind }: RunEntry): boolean => shown.value?.source.id === id && shown.value.source.kind === kind;

/** Forgets a run; one that another tab may be at stays, and that is said. */
async function remove(entry: RunEntry): Promise<void> {
  try {
    await removeEntry(entry);
  } catch (error) {
    entriesProblem.value = reasonOf(error);
  }
}

const Acts = ({ entry }: { readonly entry: RunEntry }) => {
  const { id, name, spec } = entry;
  return (
    <div class="buttons">
      {entry.state === "done" && !isShown(entry) && (
        <button type="button" aria-label={t("runs.show.one", { id })} onClick={() => void showEntry(entry)}>
          {t("runs.show")}
        </button>
      )}
      {spec !== null && (
        <button type="button" disabled={isRunGoing.value} onClick={() => void goOnWith(spec, id)}>
          {t("start.go-on", { name })}
        </button>
      )}
      {entry.kind !== "recorded" && (
        <AskFirst
          label={t("runs.remove", { name })}
          question={t("runs.remove.question", { id })}
          yes={t("runs.remove.yes")}
          disabled={isGoing(id)}
          act={() => void remove(entry)}
        />
      )}
    </div>
  );
};

const stateText = (entry: RunEntry): string => {
  if (entry.state === "unfinished") return t(isGoing(entry.id) ? "job.running" : "runs.unfinished");
  return t(isShown(entry) ? "runs.done.shown" : "job.done");
};

const conditionsText = ({ conditions }: RunEntry): string => {
  if (conditions === null) return t("runs.unknown");
  if (conditions.length > 4) return t("runs.conditions.many", { count: numberText(conditions.length) });
  return listText(conditions.map(conditionLabel));
};

const Row = ({ entry }: { readonly entry: RunEntry }) => (
  <tr data-run={entry.id} data-kind={entry.kind}>
    <th scope="row">
      {entry.name}
      <br />
      <span class="quiet run-id">{entry.id}</span>
    </th>
    <td>
      <SourceTag kind={entry.kind} />
    </td>
    <td>{dateText(entry.startedAt)}</td>
    <td>{conditionsText(entry)}</td>
    <td>{entry.n === null ? t("runs.unknown") : numberText(entry.n)}</td>
    <td>{stateText(entry)}</td>
    <td>
      <Acts entry={entry} />
    </td>
  </tr>
);

const columns = ["name", "kind", "date", "conditions", "n", "state", "acts"] as const;

const RunsTable = ({ list }: { readonly list: readonly RunEntry[] }) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={t("runs.caption")}>
    <table class="runs">
      <caption>{t("runs.caption")}</caption>
      <thead>
        <tr>
          {columns.map((id) => (
            <th scope="col" key={id}>
              {t(`runs.${id}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {list.map((entry) => (
          <Row entry={entry} key={entry.key} />
        ))}
      </tbody>
    </table>
  </div>
);

/** The runs that there are, and two of them held against each other. */
export const Runs = () => {
  useEffect(() => void readEntries(), [job.value?.phase, recorded.value]);
  const list = entries.value;
  return (
    <>
      <h1>{t("runs.question")}</h1>
      <p class="lead">{t("runs.lead")}</p>
      {recordedProblem.value !== null && (
        <p class="problem" role="alert">
          {t("recorded-unread", { reason: recordedProblem.value })}
        </p>
      )}
      {entriesProblem.value !== null && (
        <p class="problem" role="alert">
          {entriesProblem.value}
        </p>
      )}
      {list === null && entriesProblem.value === null && <p class="quiet">{t("loading")}</p>}
      {list?.length === 0 && <p>{t("runs.none")}</p>}
      {list !== null && list.length > 0 && <RunsTable list={list} />}
      {list !== null && <Compare finished={list.filter(({ state }) => state === "done")} />}
    </>
  );
};
