import { signal } from "@preact/signals";
import { lab } from "../../state.ts";
import type { RunView } from "../../runs/run-view.ts";
import { saveFile } from "../../save-file.ts";
import { t } from "../../strings.ts";
import { answerText } from "./answer.ts";
import { exportFiles, fileName, figureName } from "./export-files.ts";
import { figureCaption, orderedFigures } from "./figures.tsx";
import { notesMarkdown, notesOf } from "./notes.ts";
import { pngOf } from "./png.ts";
import { packRun } from "./run-bundle.ts";
import { reasonOf } from "../../reason.ts";

/** Names of the files that are being made. */
const busy = signal<readonly string[]>([]);
const problem = signal<string | null>(null);

/** Makes a file and saves it; what goes wrong is said. */
async function save(name: string, make: () => Promise<Uint8Array | string>): Promise<void> {
  busy.value = [...busy.value, name];
  problem.value = null;
  try {
    saveFile(name, await make());
  } catch (error) {
    problem.value = t("report.export.failed", { name, reason: reasonOf(error) });
  } finally {
    busy.value = busy.value.filter((other) => other !== name);
  }
}

const SaveButton = ({
  name,
  label = name,
  spoken = t("report.save", { name }),
  make,
}: {
  readonly name: string;
  readonly label?: string;
  /** The button's whole name, for where others have the same label. */
  readonly spoken?: string;
  readonly make: () => Promise<Uint8Array | string>;
}) => (
  <button type="button" aria-label={spoken} disabled={busy.value.includes(name)} onClick={() => void save(name, make)}>
    {label}
  </button>
);

const Files = ({ view, paths }: { readonly view: RunView; readonly paths: readonly string[] }) => (
  <>
    {paths.map((path) => (
      <SaveButton key={path} name={fileName(path)} make={() => view.bytes(path)} />
    ))}
  </>
);

const FigureFiles = ({ view, path }: { readonly view: RunView; readonly path: string }) => {
  const name = figureName(path);
  return (
    <li>
      <span>{figureCaption(path)}</span>
      <span class="buttons">
        <SaveButton name={`${name}.svg`} label={t("report.svg")} make={() => view.bytes(path)} />
        <SaveButton name={`${name}.png`} label={t("report.png")} make={async () => pngOf(await view.bytes(path))} />
      </span>
    </li>
  );
};

/** A kept run is packed where it is kept, with the units that it is made of; of a recorded one there is what came along. */
const bundleOf = (view: RunView): Promise<Uint8Array> =>
  view.source.kind === "recorded" ? packRun(view) : lab.exportRun(view.source.id);

/** Everything that can be taken away from a run. */
export const Exports = ({ view }: { readonly view: RunView }) => {
  const { report, data, tables } = exportFiles(view.paths);
  const figures = orderedFigures(view.paths);
  const { source, results } = view;
  return (
    <div class="exports">
      <p>{t("report.export.lead")}</p>
      {problem.value !== null && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      <h3>{t("report.export.read")}</h3>
      <div class="buttons">
        <Files view={view} paths={report} />
        <SaveButton
          name="notes.md"
          make={() => Promise.resolve(notesMarkdown(notesOf(source.id), answerText(results), view))}
        />
      </div>
      {report.length === 0 && <p class="quiet">{t("report.export.no-report")}</p>}
      <h3>{t("report.export.tables")}</h3>
      <div class="buttons">
        <Files view={view} paths={tables} />
      </div>
      <h3>{t("report.export.data")}</h3>
      <div class="buttons">
        <Files view={view} paths={data} />
      </div>
      {figures.length > 0 && (
        <>
          <h3>{t("report.export.figures")}</h3>
          <ul class="figure-files">
            {figures.map((path) => (
              <FigureFiles view={view} path={path} key={path} />
            ))}
          </ul>
        </>
      )}
      <h3>{t("report.export.all")}</h3>
      <p class="quiet">{t(source.kind === "recorded" ? "report.bundle.recorded" : "report.bundle.kept")}</p>
      <div class="buttons">
        <SaveButton
          name={`${source.id}.zip`}
          label={t("report.bundle")}
          spoken={t("report.bundle")}
          make={() => bundleOf(view)}
        />
      </div>
    </div>
  );
};
