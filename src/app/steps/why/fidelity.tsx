import type { Fidelity } from "../../../experiment/analysis.ts";
import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { DataTable } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";

const heads = ["condition", "images", "precision", "recall", "density", "coverage"] as const;
const moreHeads = ["frechet", "diversity", "text-agreement"] as const;

const number = (value: number | undefined | null): string =>
  value === undefined || value === null ? t("why.none") : numberText(value, 2);

const rowOf = ({ id, images, neighbourhoods: near, frechet, diversity, textAgreement }: Fidelity): string[] => [
  ...[conditionLabel(id), numberText(images)],
  ...[near?.precision, near?.recall, near?.density, near?.coverage].map(number),
  ...[frechet === null ? t("why.none") : numberText(frechet, 3), number(diversity), number(textAgreement)],
];

/** How like real pictures each method's images are, and how unlike each other. */
export const FidelityTable = ({ view }: { readonly view: RunView }) => {
  const { fidelity } = view.results;
  if (fidelity.length === 0) return <p>{t("why.fidelity.none")}</p>;
  return (
    <>
      <p>
        {t("why.fidelity.text")} <RunTag view={view} />
      </p>
      <DataTable
        caption={t("why.fidelity.caption")}
        head={[...heads, ...moreHeads].map((head) => t(`why.fidelity.${head}`))}
        rows={fidelity.map(rowOf)}
      />
    </>
  );
};
