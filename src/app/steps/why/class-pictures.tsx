import { numberText } from "../../format.ts";
import { Tile } from "../../parts/tile.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { pictureWords } from "../make/picture-words.ts";
import { spokenLabel } from "../result/spoken-label.ts";

const Row = ({
  view,
  id,
  classIndex,
  title,
}: {
  readonly view: RunView;
  readonly id: string;
  readonly classIndex: number;
  readonly title: string;
}) => {
  const gallery = view.gallery!;
  const set = gallery.sets.find((one) => one.id === id);
  const found = set?.classes[classIndex];
  if (!set || !found) return <p class="quiet">{t("why.class.no-added", { name: spokenLabel(id) })}</p>;
  const counts = { shown: numberText(found.pictures.length), total: numberText(found.total) };
  return (
    <div data-pictures={id}>
      <h4>
        {title} <span class="quiet">{t("why.class.count", counts)}</span>
      </h4>
      <ul class="tiles">
        {found.pictures.map(({ id: key, provenance }, column) => {
          const label = pictureWords(set.id, view.results.classes[classIndex]!, { key, provenance });
          return (
            <li key={key} title={label}>
              <Tile {...{ view, gallery, set, classIndex, column, label }} size={56} />
            </li>
          );
        })}
      </ul>
    </div>
  );
};

/** Real pictures of a class, and those that a condition added to them. */
export const ClassPictures = ({
  view,
  id,
  classIndex,
}: {
  readonly view: RunView;
  readonly id: string;
  readonly classIndex: number;
}) => {
  if (view.gallery === null) return <p class="quiet">{t("why.class.no-gallery")}</p>;
  return (
    <>
      <Row {...{ view, classIndex }} id="target" title={t("why.class.real")} />
      <Row {...{ view, classIndex, id }} title={t("why.class.added", { name: spokenLabel(id) })} />
    </>
  );
};
