import { numberText } from "../../format.ts";
import { mostBlanks } from "../../parts/most-blanks.ts";
import { Tile } from "../../parts/tile.tsx";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { chosenClass } from "../../state.ts";
import { t } from "../../strings.ts";
import type { TargetClass } from "./real-pictures.ts";

/** Ten boxes of training pictures, of which one is opened, and a second for the bound. */
const Boxes = ({ view }: { readonly view: RunView }) => {
  const { "training (10 %)": real, "training (20 %)": more } = view.results.images;
  if (real === undefined) return null;
  return (
    <>
      <div class="ten-boxes" aria-hidden="true">
        {Array.from({ length: 10 }, (_, box) => (
          <span key={box} class={box === 0 ? "box-real" : box === 1 ? "box-more" : ""}>
            {box === 0 && numberText(real)}
          </span>
        ))}
      </div>
      <p data-real={real}>{t("target.tenth.box", { real: numberText(real) })}</p>
      {more !== undefined && (
        <p class="quiet" data-more={more}>
          {t("target.tenth.more", { more: numberText(more) })}
        </p>
      )}
    </>
  );
};

/** All pictures of the chosen class: those that the run kept for showing, and an empty square for each other one. */
const Wall = ({ view, classes }: { readonly view: RunView; readonly classes: readonly TargetClass[] }) => {
  const classIndex = chosenClass.value;
  const found = classes[classIndex];
  const set = view.gallery?.sets.find(({ id }) => id === "target");
  if (!view.gallery || !set || !found) return null;
  const { name, total, pictures } = found;
  const left = total - pictures.length;
  const counts = { total: numberText(total), shown: numberText(pictures.length) };
  return (
    <>
      <h3>
        {t("target.wall", { class: name })} <RunTag view={view} />
      </h3>
      <ul class="tiles target-wall" data-class={name} data-total={total}>
        {pictures.map(({ id }, column) => (
          <li key={id}>
            <Tile
              {...{ view, gallery: view.gallery!, set, classIndex, column }}
              label={t("picture.real", { class: name, id })}
            />
          </li>
        ))}
        {Array.from({ length: Math.min(left, mostBlanks) }, (_, i) => (
          <li class="tile-blank" aria-hidden="true" key={`blank-${String(i)}`} />
        ))}
        {left > mostBlanks && (
          <li class="quiet">{t("target.wall.further", { count: numberText(left - mostBlanks) })}</li>
        )}
      </ul>
      <p class="quiet">{t(left > 0 ? "target.wall.shown" : "target.wall.all", counts)}</p>
    </>
  );
};

/** What 10 % of the training pictures looks like: as a share, and as the pictures of a class. */
export const Tenth = ({
  view,
  classes,
}: {
  readonly view: RunView;
  readonly classes: readonly TargetClass[] | null;
}) => (
  <section>
    <h2>{t("target.tenth")}</h2>
    <Boxes view={view} />
    {classes && <Wall view={view} classes={classes} />}
  </section>
);
