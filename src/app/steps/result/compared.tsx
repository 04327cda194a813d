import { useEffect } from "preact/hooks";
import type { ConditionResult } from "../../../experiment/record.ts";
import { markResultSeen } from "../../choices.ts";
import { paperSetting, type PaperNumber } from "../../content/paper.ts";
import { numberText, percentText, pointsText, withMinus } from "../../format.ts";
import { ConditionName } from "../../parts/mark.tsx";
import { RunTag, SourceTag, sourceMarks } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { prediction, reference } from "../../state.ts";
import { t } from "../../strings.ts";
import { comparedRows, orderLikePaper, type ComparedRow } from "./sources-compared.ts";

const paper = paperSetting("imagenet-10");

/** A source's mark before each of its numbers. */
const SourceMark = ({ kind }: { readonly kind: keyof typeof sourceMarks }) => (
  <span class="source-mark" aria-hidden="true">
    {sourceMarks[kind]}
  </span>
);

const Score = ({
  mean,
  se,
  n,
  gain,
}: Record<"mean" | "se" | "gain", string | null> & { readonly n: number | null }) => {
  const score = se === null ? mean! : t("result.score.se", { mean: mean!, se });
  const words = n === null ? score : t("result.compare.cell", { score, n: numberText(n) });
  return (
    <>
      {words} {gain !== null && <span class="quiet">{t("result.compare.gain", { gain })}</span>}
    </>
  );
};

const RunCell = ({
  result,
  view,
  isShown,
}: {
  readonly result: ConditionResult | null;
  readonly view: RunView;
  readonly isShown: boolean;
}) => {
  if (result === null) return <td>{t("result.none")}</td>;
  const { id, mean, standardError: se, n } = result;
  const real = view.results.conditions.find(({ id: other }) => other === "real-10")?.mean ?? null;
  const gain = real === null || id === "real-10" ? null : pointsText(mean - real);
  const numbers = isShown
    ? { "data-mean": mean, "data-se": se, "data-condition": id }
    : { "data-reference-mean": mean, "data-reference-se": se };
  return (
    <td data-source={view.source.kind} {...numbers}>
      <SourceMark kind={view.source.kind} />{" "}
      <Score mean={percentText(mean)} se={se === null ? null : percentText(se)} n={n} gain={gain} />
    </td>
  );
};

const PaperCell = ({ score, gain }: { readonly score: PaperNumber | null; readonly gain: number | null }) => {
  if (score === null) return <td>{t("result.none")}</td>;
  const { mean, standardError: se, n } = score;
  const values = { mean: numberText(mean, 1), se: se === null ? null : numberText(se, 1), n };
  return (
    <td data-source="paper" data-paper-percent={mean} data-paper-se={se}>
      <SourceMark kind="paper" /> <Score {...values} gain={gain === null ? null : pointsText(gain / 100)} />
    </td>
  );
};

const RunHead = ({ view }: { readonly view: RunView }) => (
  <th scope="col">
    <RunTag view={view} />
    <br />
    {t("result.compare.run", {
      classes: numberText(view.results.classes.length),
      world: view.results.world.name,
    })}
  </th>
);

const Row = ({
  row,
  view,
  other,
}: {
  readonly row: ComparedRow;
  readonly view: RunView;
  readonly other: RunView | null;
}) => (
  <tr data-row={row.id}>
    <th scope="row">
      <ConditionName id={row.id} />
    </th>
    <RunCell result={row.shown} view={view} isShown />
    {other && <RunCell result={row.reference} view={other} isShown={false} />}
    <PaperCell score={row.paper} gain={row.paperGain} />
  </tr>
);

const LikePaper = ({ conditions }: { readonly conditions: readonly ConditionResult[] }) => {
  const like = orderLikePaper(conditions);
  if (like === null) return null;
  const values = { tau: withMinus(numberText(like.tau, 2)), shared: numberText(like.shared) };
  return <p data-paper-tau={like.tau}>{t("result.compare.like", values)}</p>;
};

/** This run, the recorded run where it is another, and the paper: a column each, with its mark and word. */
export const Compared = ({ view }: { readonly view: RunView }) => {
  const { conditions } = view.results;
  const other = reference.value && reference.value.source.id !== view.source.id ? reference.value : null;
  const rows = comparedRows(conditions, other?.results.conditions ?? null);
  const values = { title: paper.title, classes: numberText(paper.classes), place: paper.baseline.place };
  // The step marks the shown run itself.
  useEffect(() => {
    if (other) markResultSeen(other.source.id, prediction.value);
  }, [other?.source.id]);
  return (
    <section>
      <h2>{t("result.compare")}</h2>
      <p>{t("result.compare.lead")}</p>
      <p class="quiet">{t("result.compare.caption")}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("result.compare")}>
        <table class="result-compared">
          <thead>
            <tr>
              <th scope="col">{t("result.head.condition")}</th>
              <RunHead view={view} />
              {other && <RunHead view={other} />}
              <th scope="col">
                <SourceTag kind="paper" />
                <br />
                {t("result.compare.paper", values)}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} view={view} other={other} />
            ))}
          </tbody>
        </table>
      </div>
      <LikePaper conditions={conditions} />
      {view.source.kind === "recorded" && <p class="quiet">{t("result.compare.paper-only")}</p>}
    </section>
  );
};
