import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Comparison } from "../../../experiment/compare.ts";
import { markResultSeen } from "../../choices.ts";
import { conditionLabel } from "../../condition-label.ts";
import { numberText, percentText, pointsText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { DataTable } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { prediction } from "../../state.ts";
import { t } from "../../strings.ts";
import { ComparePictures } from "./compare-pictures.tsx";
import type { RunEntry } from "./entries.ts";
import { viewOf } from "./load.ts";
import { reasonOf } from "../../reason.ts";

interface Pair {
  readonly first: RunView;
  readonly second: RunView;
  readonly comparison: Comparison;
}

/** Keys of the two entries; empty as long as nothing is chosen. */
const chosen = signal<readonly [string, string]>(["", ""]);
const pair = signal<Pair | null>(null);
const problem = signal<string | null>(null);

/** Reads both runs and compares them; what compares specs is loaded only here. */
async function read(a: RunEntry, b: RunEntry): Promise<void> {
  try {
    const [first, second, { compareResults }] = await Promise.all([
      viewOf(a),
      viewOf(b),
      import("../../../experiment/compare.ts"),
    ]);
    if (chosen.value[0] !== a.key || chosen.value[1] !== b.key) return;
    pair.value = { first, second, comparison: compareResults(first.results, second.results) };
    problem.value = null;
  } catch (error) {
    problem.value = reasonOf(error);
  }
}

const Choice = ({ at, finished }: { readonly at: 0 | 1; readonly finished: readonly RunEntry[] }) => (
  <label>
    {t(at === 0 ? "runs.first" : "runs.second")}{" "}
    <select
      value={chosen.value[at]}
      onChange={({ currentTarget: { value } }) => {
        chosen.value = at === 0 ? [value, chosen.value[1]] : [chosen.value[0], value];
      }}
    >
      <option value="">{t("runs.choose")}</option>
      {finished.map(({ key, id, kind }) => (
        <option value={key} key={key}>
          {t(`tag.${kind}`)}: {id}
        </option>
      ))}
    </select>
  </label>
);

/** A spec's value as its file would have it. */
const valueText = (value: unknown): string => (value === undefined ? t("runs.absent") : JSON.stringify(value));

const scoreText = (score: Comparison["conditions"][number]["first"]): string => {
  if (score === null) return t("runs.absent");
  const { mean, standardError, n } = score;
  const values = { mean: percentText(mean), n: numberText(n) };
  if (standardError === null) return t("runs.score.one", values);
  return t("runs.score", { ...values, error: percentText(standardError) });
};

const differenceText = ({ difference, standardError }: Comparison["conditions"][number]): string => {
  if (difference === null) return t("runs.absent");
  if (standardError === null) return pointsText(difference);
  return t("runs.difference", { points: pointsText(difference), error: percentText(standardError) });
};

const Sameness = ({ first, second, comparison: { sameWorld, samePool, sameClasses, sameAdapter } }: Pair) => (
  <ul>
    <li>{t(!sameWorld ? "runs.other-world" : samePool ? "runs.same-world" : "runs.other-pool")}</li>
    {!sameClasses && <li>{t("runs.other-classes")}</li>}
    <li>
      {sameAdapter
        ? t("runs.same-adapter", { adapter: first.results.adapter })
        : t("runs.other-adapter", { first: first.results.adapter, second: second.results.adapter })}
    </li>
  </ul>
);

const Config = ({ comparison: { spec } }: Pair) =>
  spec.length === 0 ? (
    <p>{t("runs.same-config")}</p>
  ) : (
    <DataTable
      caption={t("runs.config.caption")}
      head={[t("runs.field"), t("runs.first"), t("runs.second")]}
      rows={spec.map(({ path, first, second }) => [path, valueText(first), valueText(second)])}
    />
  );

const Metrics = ({ comparison: { conditions } }: Pair) => (
  <DataTable
    caption={t("runs.metrics.caption")}
    head={[t("runs.condition"), t("runs.first"), t("runs.second"), t("runs.second-minus-first")]}
    rows={conditions.map((condition) => [
      conditionLabel(condition.id),
      scoreText(condition.first),
      scoreText(condition.second),
      differenceText(condition),
    ])}
  />
);

const Compared = (both: Pair) => {
  const { first, second } = both;
  useEffect(() => {
    for (const { source } of [first, second]) markResultSeen(source.id, prediction.value);
  }, [first.source.id, second.source.id]);
  return (
    <>
      <p>
        {t("runs.first")}: <RunTag view={first} /> {first.source.id}
        <br />
        {t("runs.second")}: <RunTag view={second} /> {second.source.id}
      </p>
      <Sameness {...both} />
      <h3>{t("runs.config")}</h3>
      <Config {...both} />
      <h3>{t("runs.metrics")}</h3>
      <Metrics {...both} />
      <h3>{t("runs.pictures")}</h3>
      <ComparePictures first={first} second={second} />
    </>
  );
};

/** Two runs side by side: their set-ups, their results and their pictures. */
export const Compare = ({ finished }: { readonly finished: readonly RunEntry[] }) => {
  const [a, b] = chosen.value.map((key) => finished.find((entry) => entry.key === key));
  useEffect(() => {
    pair.value = null;
    if (a && b) void read(a, b);
  }, [a?.key, b?.key]);
  return (
    <section aria-labelledby="compare-title">
      <h2 id="compare-title">{t("runs.compare")}</h2>
      {finished.length < 2 && <p>{t("runs.compare.few")}</p>}
      {finished.length > 1 && (
        <div class="fields">
          <Choice at={0} finished={finished} />
          <Choice at={1} finished={finished} />
        </div>
      )}
      {problem.value !== null && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      {pair.value !== null && <Compared {...pair.value} />}
    </section>
  );
};
