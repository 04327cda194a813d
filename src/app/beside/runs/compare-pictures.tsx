import { signal } from "@preact/signals";
import type { Gallery } from "../../../experiment/gallery.ts";
import { conditionLabel } from "../../condition-label.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { Tile } from "../../parts/tile.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { finishedClasses, type NamedClass } from "../../steps/make/lanes.ts";
import { placeOf, sharedPictures } from "./shared-pictures.ts";

const setId = signal("");
const classKey = signal("");

const setLabel = (id: string): string => (id === "target" ? t("runs.target") : conditionLabel(id));

const Choice = ({
  label,
  value,
  options,
  choose,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly choose: (value: string) => void;
}) => (
  <label>
    {label}{" "}
    <select value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      {options.map((option) => (
        <option value={option.value} key={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  </label>
);

/** A class's first pictures in one of the runs. */
const Pictures = ({
  view,
  gallery,
  id,
  of,
}: {
  readonly view: RunView;
  readonly gallery: Gallery;
  readonly id: string;
  readonly of: NamedClass;
}) => {
  const place = placeOf(gallery, id, of.key);
  if (place === null) return null;
  const { set, classIndex } = place;
  const pictures = set.classes[classIndex]!.pictures.slice(0, gallery.columns);
  return (
    <section>
      <h4>
        <RunTag view={view} /> {view.source.id}
      </h4>
      {pictures.length === 0 && <p class="quiet">{t("runs.no-pictures")}</p>}
      <ul class="tiles">
        {pictures.map((picture, column) => (
          <li key={picture.id}>
            <Tile
              {...{ view, gallery, set, classIndex, column }}
              label={t("runs.picture", { set: setLabel(id), class: of.name, id: picture.id })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
};

/** The same class's pictures of the same origin in two runs. */
export const ComparePictures = ({ first, second }: { readonly first: RunView; readonly second: RunView }) => {
  if (first.gallery === null || second.gallery === null) return <p>{t("runs.pictures.none")}</p>;
  const { sets, classes } = sharedPictures(first.gallery, second.gallery);
  if (sets.length === 0 || classes.length === 0) return <p>{t("runs.pictures.apart")}</p>;
  const id = sets.includes(setId.value) ? setId.value : (sets[1] ?? sets[0]!);
  const key = classes.includes(classKey.value) ? classKey.value : classes[0]!;
  const names = new Map(finishedClasses(first)?.map((of) => [of.key, of.name]));
  const of = { key, name: names.get(key) ?? key };
  return (
    <>
      <div class="fields">
        <Choice
          label={t("runs.class")}
          value={key}
          options={classes.map((one) => ({ value: one, label: names.get(one) ?? one }))}
          choose={(value) => (classKey.value = value)}
        />
        <Choice
          label={t("runs.condition")}
          value={id}
          options={sets.map((set) => ({ value: set, label: setLabel(set) }))}
          choose={(value) => (setId.value = value)}
        />
      </div>
      <div class="side-by-side">
        <Pictures view={first} gallery={first.gallery} id={id} of={of} />
        <Pictures view={second} gallery={second.gallery} id={id} of={of} />
      </div>
    </>
  );
};
