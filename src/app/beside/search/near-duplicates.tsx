import { numberText } from "../../format.ts";
import { t } from "../../strings.ts";
import { Problem } from "./model-files.tsx";
import { Found } from "./results.tsx";
import { duplicates, lookForDuplicates, pictures, threshold } from "./session.ts";

/** Groups that are shown with their pictures. */
const shownGroups = 30;

const countText = (): string => {
  const copies = duplicates.value.reduce((sum, group) => sum + group.length - 1, 0);
  if (copies === 0) return t("search.duplicates.none", { all: numberText(pictures.value.size) });
  return t("search.duplicates.some", {
    ...{ groups: numberText(duplicates.value.length), copies: numberText(copies) },
    all: numberText(pictures.value.size),
  });
};

/** Which pictures are nearly the same, at a cosine that the reader sets. */
export const NearDuplicates = () => {
  if (pictures.value.size < 2) return null;
  const at = numberText(threshold.value, 3);
  return (
    <section>
      <h2>{t("search.duplicates")}</h2>
      <p>{t("search.duplicates.lead")}</p>
      <label class="stacked threshold">
        <span>{t("search.duplicates.above", { cosine: at })}</span>
        <input
          type="range"
          min="0.7"
          max="1"
          step="0.005"
          value={threshold.value}
          onInput={({ currentTarget }) => {
            threshold.value = currentTarget.valueAsNumber;
            void lookForDuplicates();
          }}
        />
      </label>
      <Problem at="duplicates" />
      <p role="status" data-groups={duplicates.value.length}>
        {countText()}
      </p>
      {duplicates.value.slice(0, shownGroups).map((group, i) => (
        <ul class="found alike" key={group[0]} aria-label={t("search.duplicates.group", { number: numberText(i + 1) })}>
          {group.map((id, place) => (
            <li key={id} data-id={id}>
              <Found id={id} words={t(place === 0 ? "search.duplicates.kept" : "search.duplicates.dropped")} />
            </li>
          ))}
        </ul>
      ))}
    </section>
  );
};
