import { numberText } from "../../format.ts";
import { Tile } from "../../parts/tile.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { chosenClass } from "../../state.ts";
import { t } from "../../strings.ts";
import type { TargetClass } from "./real-pictures.ts";

/** Pictures of each class on its card. */
const sampled = 4;

/** The first real pictures of a class in a row, for eyes only: its card says what they are. */
const Sample = ({
  view,
  classIndex,
  of,
}: {
  readonly view: RunView;
  readonly classIndex: number;
  readonly of: TargetClass;
}) => {
  const set = view.gallery?.sets.find(({ id }) => id === "target");
  if (!view.gallery || !set) return null;
  return (
    <span class="tiles" aria-hidden="true">
      {of.pictures.slice(0, sampled).map(({ id }, column) => (
        <Tile key={id} {...{ view, gallery: view.gallery!, set, classIndex, column }} label="" size={48} />
      ))}
    </span>
  );
};

/** The classes as a group of radio buttons, with their first pictures where the run kept them. */
export const ClassChoice = ({
  view,
  classes,
}: {
  readonly view: RunView;
  readonly classes: readonly TargetClass[] | null;
}) => (
  <fieldset class="class-choice">
    <legend class="for-ears">{t("target.classes")}</legend>
    {view.results.classes.map((name, index) => {
      const found = classes?.[index];
      const count = found && t("target.class.count", { count: numberText(found.total) });
      return (
        <label class="class-card" key={name} data-class={name} data-count={found?.total}>
          <span class="class-name">
            <input
              type="radio"
              name="target-class"
              aria-label={count ? `${name}, ${count}` : name}
              checked={chosenClass.value === index}
              onChange={() => (chosenClass.value = index)}
            />
            <span>{name}</span>
          </span>
          {found && <Sample view={view} classIndex={index} of={found} />}
          {count && <span class="quiet">{count}</span>}
        </label>
      );
    })}
  </fieldset>
);
