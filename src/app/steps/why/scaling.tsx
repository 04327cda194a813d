import { exercises } from "../../content/exercises.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { WithTable } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { scalingTable } from "./scaling-table.ts";

/** What `rog sweep` draws; a single run has none. */
const curve = "curve.svg";

/** The exercise "More is more?", whose command makes the curve for this world. */
const exercise = 6;

const commandOf = (id: number): string => exercises.find((one) => one.id === id)?.commands[0] ?? "";

/** Accuracy along the number of added images, where the shown run comes from a sweep; else the command that makes it. */
export const Scaling = ({ view }: { readonly view: RunView }) => {
  const path = view.paths.find((file) => file === curve || file.endsWith(`/${curve}`));
  if (path === undefined)
    return (
      <>
        <p>{t("why.scaling.none")}</p>
        <pre class="scroll" tabIndex={0}>
          <code>{commandOf(exercise)}</code>
        </pre>
      </>
    );
  return (
    <>
      <p>
        {t("why.scaling.own")} <RunTag view={view} />
      </p>
      <WithTable caption={t("why.scaling.caption")} table={scalingTable(view.scaling)}>
        <div class="paper scroll">
          <img src={view.url(path)} alt={t("why.scaling.alt")} loading="lazy" />
        </div>
      </WithTable>
    </>
  );
};
