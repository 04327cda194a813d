import { useEffect } from "preact/hooks";
import type { Results } from "../../experiment/record.ts";
import { markResultSeen } from "../choices.ts";
import { dateText, durationText, listText, numberText, percentText } from "../format.ts";
import { NeedRun } from "../parts/need-run.tsx";
import { RunTag } from "../parts/source-tag.tsx";
import { DataTable } from "../parts/with-table.tsx";
import type { RunView } from "../runs/run-view.ts";
import { prediction } from "../state.ts";
import { t } from "../strings.ts";
import "./report.css";
import { answerText } from "./report/answer.ts";
import { Exports } from "./report/exports.tsx";
import { Figures } from "./report/figures.tsx";
import { notesOf } from "./report/notes.ts";
import { OpenBundle } from "./report/open-bundle.tsx";
import { OwnWords } from "./report/own-words.tsx";
import { auditTable, auditText, resultTable } from "./report/result-rows.ts";

const SetUp = ({ results }: { readonly results: Results }) => {
  const images = Object.entries(results.images).map(([split, count]) => `${numberText(count)} ${split}`);
  const values = {
    ...{ count: numberText(results.classes.length), chance: percentText(results.chance) },
    ...{ classes: results.classes.join(" · "), images: listText(images) },
    ...{ adapter: results.adapter, time: durationText(results.elapsedSeconds), date: dateText(results.startedAt) },
    ...{ spec: results.specHash.slice(0, 16), name: results.world.name, world: results.world.hash.slice(0, 16) },
  };
  return (
    <ul>
      {(["classes", "images", "device", "hashes"] as const).map((id) => (
        <li key={id}>{t(`report.set-up.${id}`, values)}</li>
      ))}
      {Object.entries(results.excluded).map(([name, reason]) => (
        <li key={name}>{t("report.set-up.excluded", { name, reason })}</li>
      ))}
    </ul>
  );
};

const Audit = ({ audit }: Pick<Results, "audit">) =>
  audit === null ? (
    <p>{t("report.no-audit")}</p>
  ) : (
    <>
      <p>{auditText(audit)}</p>
      <ul>
        {audit.measures.map(({ name, threshold, rule }) => (
          <li key={name}>{t("report.audit.measure", { name, threshold: numberText(threshold, 3), rule })}</li>
        ))}
      </ul>
      <DataTable caption={t("report.audit.caption")} {...auditTable(audit)} />
    </>
  );

const Deviations = ({ deviations }: Pick<Results, "deviations">) =>
  deviations.length === 0 ? (
    <p>{t("report.no-deviations")}</p>
  ) : (
    <ul>
      {deviations.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );

const Commands = ({ commands }: Pick<Results, "commands">) =>
  commands.length === 0 ? (
    <p>{t("report.no-commands")}</p>
  ) : (
    <pre class="scroll" tabIndex={0}>
      {commands.join("\n")}
    </pre>
  );

const Report = ({ view }: { readonly view: RunView }) => {
  const { source, results } = view;
  const own = notesOf(source.id).title.trim();
  useEffect(() => markResultSeen(source.id, prediction.value), [source.id]);
  return (
    <>
      <OwnWords id={source.id} byDefault={results.name} />
      <article class="report" aria-label={own === "" ? results.name : own}>
        <h2>{own === "" ? results.name : own}</h2>
        <p class="answer">{answerText(results)}</p>
        <p>
          <RunTag view={view} /> <span class="quiet">{source.id}</span>
        </p>
        <h3>{t("report.result")}</h3>
        <DataTable caption={t("report.table.caption")} {...resultTable(results.conditions)} />
        <h3>{t("report.figures")}</h3>
        <Figures view={view} />
        <h3>{t("report.set-up")}</h3>
        <SetUp results={results} />
        <h3>{t("report.deviations")}</h3>
        <Deviations deviations={results.deviations} />
        <h3>{t("report.audit")}</h3>
        <Audit audit={results.audit} />
        <h3>{t("report.commands")}</h3>
        <Commands commands={results.commands} />
      </article>
      <h2>{t("report.export")}</h2>
      <Exports view={view} />
    </>
  );
};

/** One page of the run, with the student's words, and everything to take away. */
export const ReportStep = () => (
  <>
    <h1>{t("report.question")}</h1>
    <p class="lead">{t("report.lead")}</p>
    <NeedRun>{(view) => <Report view={view} key={`${view.source.kind}/${view.source.id}`} />}</NeedRun>
    <OpenBundle />
  </>
);
