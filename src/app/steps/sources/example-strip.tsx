import type { ExplainedMethod } from "../../content/methods.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { Tile } from "../../parts/tile.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { chosenClass } from "../../state.ts";
import { t } from "../../strings.ts";
import { pictureWords } from "../make/picture-words.ts";
import { provenanceWords } from "./provenance-words.ts";

const ClassSelect = ({ view }: { readonly view: RunView }) => (
  <select
    aria-label={t("sources.examples.class")}
    value={chosenClass.value}
    onChange={(event) => (chosenClass.value = event.currentTarget.selectedIndex)}
  >
    {view.results.classes.map((name, index) => (
      <option value={index} key={name}>
        {name}
      </option>
    ))}
  </select>
);

const Pictures = ({ view, method }: { readonly view: RunView; readonly method: ExplainedMethod }) => {
  const { gallery } = view;
  if (gallery === null) return <p class="quiet">{t("sources.examples.no-gallery")}</p>;
  const set = gallery.sets.find(({ id }) => id === method.id);
  const classIndex = chosenClass.value;
  const pictures = set?.classes[classIndex]?.pictures ?? [];
  if (!set || pictures.length === 0) return <p class="quiet">{t("sources.examples.none")}</p>;
  const name = view.results.classes[classIndex]!;
  return (
    <ul class="tiles" data-examples={method.id}>
      {pictures.map(({ id, provenance }, column) => {
        const label = pictureWords(method.id, name, { key: id, provenance });
        return (
          <li key={id} title={provenanceWords(provenance)}>
            <Tile {...{ view, gallery, set, classIndex, column, label }} size={56} />
          </li>
        );
      })}
    </ul>
  );
};

/** The first images that a method gave the shown run for the chosen class. */
export const ExampleStrip = ({ view, method }: { readonly view: RunView; readonly method: ExplainedMethod }) => (
  <div class="example-strip">
    <h3>
      {t("sources.examples")} <ClassSelect view={view} /> <RunTag view={view} />
    </h3>
    <Pictures view={view} method={method} />
  </div>
);
