import { listText, numberText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { DataTable } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";

const figure = "figures/boomerang.svg";

const Strips = ({ view }: { readonly view: RunView }) => {
  const { boomerang, classes } = view.results;
  if (!view.paths.includes(figure)) return <p class="quiet">{t("why.boomerang.no-figure")}</p>;
  const pairs = boomerang!.shown.map(({ classIndex, difference }) =>
    t("why.boomerang.alt.pair", { class: classes[classIndex] ?? "", difference: numberText(difference, 1) }),
  );
  return (
    <figure class="chart">
      <figcaption>{t("why.boomerang.figure")}</figcaption>
      <div class="paper scroll">
        <img src={view.url(figure)} alt={t("why.boomerang.alt", { pairs: listText(pairs) })} loading="lazy" />
      </div>
    </figure>
  );
};

/** What Boomerang changes of the pictures that it starts from: strips, and grey levels by class. */
export const Boomerang = ({ view }: { readonly view: RunView }) => {
  const { boomerang, classes } = view.results;
  if (boomerang === null) return <p>{t("why.boomerang.none")}</p>;
  const { images, mean, byClass } = boomerang;
  const grey = (value: number | null): string => (value === null ? t("why.none") : numberText(value, 1));
  return (
    <>
      <p data-difference={mean}>
        {t("why.boomerang.text", { images: numberText(images), mean: grey(mean) })} <RunTag view={view} />
      </p>
      <Strips view={view} />
      <DataTable
        caption={t("why.boomerang.caption")}
        head={[t("why.boomerang.class"), t("why.boomerang.difference")]}
        rows={byClass.map((value, index) => [classes[index]!, grey(value)])}
      />
    </>
  );
};
