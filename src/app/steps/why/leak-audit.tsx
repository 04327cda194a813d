import type { Audit, AuditMeasure } from "../../../experiment/record.ts";
import { conditionLabel } from "../../condition-label.ts";
import { listText, numberText, percentText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { Tile } from "../../parts/tile.tsx";
import { DataTable } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { pictureWords } from "../make/picture-words.ts";
import { nameInSentence, spokenLabel } from "../result/spoken-label.ts";
import { auditPairs, pairsToShow, type ShownPair } from "./audit-pairs.ts";

/** Most pairs on the page. */
const mostPairs = 12;

const sum = (conditions: Audit["conditions"], of: "checked" | "flagged" | "dropped"): number =>
  conditions.reduce((total, condition) => total + condition[of], 0);

const Measure = ({ name, threshold, rule, recall }: AuditMeasure) => (
  <li data-measure={name} data-threshold={threshold}>
    {t("why.audit.given", { name, rule, threshold: numberText(threshold, 3) })}
    {recall !== null && ` ${t("why.audit.recall", { recall: percentText(recall, 2) })}`}
  </li>
);

const Pair = ({
  view,
  pair: { set, ids, classIndex, column, picture },
}: {
  readonly view: RunView;
  readonly pair: ShownPair;
}) => {
  const name = view.results.classes[classIndex] ?? set.classes[classIndex]!.key;
  const of = { view, gallery: view.gallery!, set, classIndex, column };
  const added = pictureWords(set.id, name, { key: picture.id, provenance: picture.provenance });
  const { id, similarity, measure } = picture.nearest;
  const words = {
    similarity: numberText(similarity, 3),
    class: name,
    condition: [spokenLabel(set.id), ...ids.slice(1).map(nameInSentence)].join(", "),
  };
  return (
    <li class="pair" data-flagged={String(picture.flagged ?? false)} data-similarity={similarity}>
      <span class="pair-tiles">
        <Tile {...of} size={72} label={added} />
        <Tile {...of} size={72} label={t("why.audit.pair.held", { id })} nearest />
      </span>
      <span>
        {t("why.audit.pair", words)}
        <br />
        <strong>{t(picture.flagged ? "why.audit.pair.flagged" : "why.audit.pair.clear")}</strong>
        {measure !== undefined && ` ${t("why.audit.pair.by", { measure })}`}
      </span>
    </li>
  );
};

const Pairs = ({ view, audit }: { readonly view: RunView; readonly audit: Audit }) => {
  if (view.gallery === null) return <p class="quiet">{t("why.class.no-gallery")}</p>;
  const pairs = auditPairs(view.gallery);
  const flagged = pairs.filter(({ picture }) => picture.flagged).length;
  const values = { shown: numberText(flagged), flagged: numberText(sum(audit.conditions, "flagged")) };
  const { first, total } = pairsToShow(pairs, mostPairs);
  const [measure] = audit.measures;
  return (
    <>
      <h3>
        {t("why.audit.pairs")} <RunTag view={view} />
      </h3>
      <p>{t(flagged > 0 ? "why.audit.pairs.flagged" : "why.audit.pairs.near", values)}</p>
      {total > first.length && (
        <p class="quiet">{t("why.audit.pairs.first", { shown: numberText(first.length), total: numberText(total) })}</p>
      )}
      <ul class="pairs">
        {first.map((pair) => (
          <Pair key={`${pair.set.id}/${pair.classIndex}/${pair.column}`} view={view} pair={pair} />
        ))}
      </ul>
      {measure && <p class="quiet">{t("why.audit.similarity", { name: measure.name })}</p>}
    </>
  );
};

const Found = ({ audit: { conditions, measures } }: { readonly audit: Audit }) => (
  <DataTable
    caption={t("why.audit.caption")}
    head={[
      ...(["condition", "checked", "flagged", "dropped"] as const).map((head) => t(`why.audit.${head}`)),
      ...measures.map(({ name }) => t("why.audit.highest", { name })),
    ]}
    rows={conditions.map(({ id, checked, flagged, dropped, highest }) => [
      ...[conditionLabel(id), numberText(checked), numberText(flagged), numberText(dropped)],
      ...highest.map((value) => numberText(value, 3)),
    ])}
  />
);

/** What the audit compared, by which rule, what it found, and the pairs themselves. */
export const LeakAudit = ({ view }: { readonly view: RunView }) => {
  const { audit } = view.results;
  if (audit === null) return <p>{t("why.audit.none")}</p>;
  const { against, conditions, action, measures } = audit;
  const dropped = numberText(sum(conditions, "dropped"));
  const values = {
    against: listText(against),
    ...{ checked: numberText(sum(conditions, "checked")), flagged: numberText(sum(conditions, "flagged")) },
    action: t(`why.audit.${action}`, { dropped }),
  };
  return (
    <>
      <p>{t("why.audit.text", values)}</p>
      <ul>
        {measures.map((measure) => (
          <Measure key={measure.name} {...measure} />
        ))}
      </ul>
      <Pairs view={view} audit={audit} />
      <Found audit={audit} />
    </>
  );
};
