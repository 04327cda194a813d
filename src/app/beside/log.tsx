import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { numberText } from "../format.ts";
import { events } from "../job.ts";
import { RunTag } from "../parts/source-tag.tsx";
import type { RunView } from "../runs/run-view.ts";
import { saveFile } from "../save-file.ts";
import { shown } from "../state.ts";
import { t } from "../strings.ts";
import "./beside.css";
import {
  detailsOf,
  filterLines,
  linesOf,
  readLines,
  stagesOf,
  toJsonl,
  type LogFilter,
  type LogLine,
} from "./log/lines.ts";
import { reasonOf } from "../reason.ts";

const eventsPath = "events.jsonl";

/** Rows that are shown at first, and that each press adds: a long list makes the page slow. */
const page = 200;

/** `page`: what happened since the page was opened; `run`: what the shown run wrote down. */
const source = signal<"page" | "run">("page");
const filter = signal<LogFilter>({ stage: "", text: "" });
const most = signal(page);
const runLines = signal<readonly LogLine[]>([]);
const problem = signal<string | null>(null);

const lines = computed(() => (source.value === "page" ? linesOf(events.value) : runLines.value));
const found = computed(() => filterLines(lines.value, filter.value));

const hasEvents = (view: RunView | null): view is RunView => view?.paths.includes(eventsPath) ?? false;

async function readRunLines(view: RunView): Promise<void> {
  // Another run may be chosen while this one's lines are read.
  const isShown = (): boolean => shown.value === view;
  try {
    const read = readLines(new TextDecoder().decode(await view.bytes(eventsPath)));
    if (!isShown()) return;
    runLines.value = read;
    problem.value = null;
  } catch (error) {
    if (isShown()) problem.value = reasonOf(error);
  }
}

const Sources = ({ view }: { readonly view: RunView | null }) => (
  <fieldset>
    <legend>{t("log.source")}</legend>
    <p>
      <label>
        <input type="radio" name="log" checked={source.value === "page"} onChange={() => (source.value = "page")} />{" "}
        {t("log.source.page")}
      </label>
    </p>
    <p>
      <label>
        <input
          type="radio"
          name="log"
          disabled={!hasEvents(view)}
          checked={source.value === "run"}
          onChange={() => (source.value = "run")}
        />{" "}
        {t("log.source.run")} {view && <RunTag view={view} />}
      </label>
      {!hasEvents(view) && (
        <>
          <br />
          <span class="quiet">{t("log.no-events")}</span>
        </>
      )}
    </p>
  </fieldset>
);

const Filters = () => (
  <div class="fields">
    <label>
      {t("log.stage")}{" "}
      <select
        value={filter.value.stage}
        onChange={({ currentTarget }) => (filter.value = { ...filter.value, stage: currentTarget.value })}
      >
        <option value="">{t("log.all")}</option>
        {stagesOf(lines.value).map((stage) => (
          <option value={stage} key={stage}>
            {stage}
          </option>
        ))}
      </select>
    </label>
    <label>
      {t("log.text")}{" "}
      <input
        type="search"
        value={filter.value.text}
        onInput={({ currentTarget }) => (filter.value = { ...filter.value, text: currentTarget.value })}
      />
    </label>
    <button
      type="button"
      disabled={found.value.length === 0}
      onClick={() => saveFile(eventsPath, toJsonl(found.value))}
    >
      {t("log.download", { count: numberText(found.value.length) })}
    </button>
  </div>
);

const columns = ["time", "event", "stage", "unit", "details"] as const;

const Lines = () => (
  <>
    <div class="scroll" tabIndex={0} role="region" aria-label={t("log.caption")}>
      <table class="log">
        <caption>{t("log.caption")}</caption>
        <thead>
          <tr>
            {columns.map((id) => (
              <th scope="col" key={id}>
                {t(`log.${id}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.value.slice(0, most.value).map((line, i) => (
            <tr key={i}>
              <td>{line.t}</td>
              <td>{line.event}</td>
              <td>{line.stage}</td>
              <td>{line.unit}</td>
              <td>{detailsOf(line)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    {found.value.length > most.value && (
      <button type="button" onClick={() => (most.value += page)}>
        {t("log.more", { shown: numberText(most.value), count: numberText(found.value.length) })}
      </button>
    )}
  </>
);

/** Every event of a run, filtered, and as a file. */
export const Log = () => {
  const view = shown.value;
  useEffect(() => {
    runLines.value = [];
    if (hasEvents(view)) void readRunLines(view);
    else source.value = "page";
  }, [view]);
  return (
    <>
      <h1>{t("log.question")}</h1>
      <p class="lead">{t("log.lead")}</p>
      <Sources view={view} />
      {problem.value !== null && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      <Filters />
      <p role="status">
        {t("log.found", { found: numberText(found.value.length), all: numberText(lines.value.length) })}
      </p>
      {found.value.length > 0 && <Lines />}
    </>
  );
};
