import { RunTag } from "./parts/source-tag.tsx";
import { keptIds, keptKind, recorded, showKept, showRecorded, shown } from "./state.ts";
import { t } from "./strings.ts";

/** Which run the page shows, and a choice of others. */
export const ShownRun = () => {
  const view = shown.value;
  const choices = recorded.value.length + keptIds.value.length;
  const choose = (value: string): void => {
    const found = recorded.value.find(({ path }) => `recorded/${path}` === value);
    void (found ? showRecorded(found) : showKept(value));
  };
  if (view === null) return null;
  const current = view.source.kind === "recorded" ? `recorded/${recordedPath(view.results.name)}` : view.source.id;
  return (
    <p class="shown">
      {t("shown")} <RunTag view={view} />
      {choices > 1 && (
        <select
          aria-label={t("shown.choose")}
          value={current}
          onChange={(event) => choose((event.target as HTMLSelectElement).value)}
        >
          {recorded.value.map(({ name, path }) => (
            <option value={`recorded/${path}`} key={path}>
              {t("tag.recorded")}: {name}
            </option>
          ))}
          {keptIds.value.map((id) => (
            <option value={id} key={id}>
              {t(`tag.${keptKind(id)}`)}: {id}
            </option>
          ))}
        </select>
      )}
    </p>
  );
};

const recordedPath = (name: string): string => recorded.value.find((run) => run.name === name)?.path ?? name;
