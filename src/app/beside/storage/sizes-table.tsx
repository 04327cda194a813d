import type { KeptSize } from "../../../../workers/lab-api.ts";
import { bytesText, numberText } from "../../format.ts";
import { isRunGoing, job } from "../../job.ts";
import { AskFirst } from "../../parts/ask-first.tsx";
import { t } from "../../strings.ts";
import { entries } from "../runs/load.ts";
import { totalsOf, type Total } from "./totals.ts";

/** The size second, so that a phone shows it without scrolling. */
const columns = ["name", "size", "kind", "count", "acts"] as const;

const RemoveRun = ({ id, remove }: { readonly id: string; readonly remove: (id: string) => void }) => {
  const name = entries.value?.find((entry) => entry.id === id)?.name ?? id;
  return (
    <AskFirst
      label={t("runs.remove", { name })}
      question={t("runs.remove.question", { id })}
      yes={t("runs.remove.yes")}
      disabled={isRunGoing.value && job.value?.id === id}
      act={() => remove(id)}
    />
  );
};

const Size = ({ sizeBytes }: Pick<Total, "sizeBytes">) => (
  <td class="size" data-bytes={sizeBytes}>
    {bytesText(sizeBytes)}
  </td>
);

/**
 * What each thing takes that is kept, the largest first, and what they take together.
 *
 * @param targetNames by hash
 * @param remove forgets the run of an id
 */
export const SizesTable = ({
  sizes,
  targetNames,
  remove,
}: {
  readonly sizes: readonly KeptSize[];
  readonly targetNames: ReadonlyMap<string, string>;
  readonly remove: (id: string) => void;
}) => {
  const nameOf = ({ kind, name }: KeptSize): string =>
    kind === "target" ? (targetNames.get(name) ?? name.slice(0, 8)) : name;
  return (
    <>
      <h2>{t("storage.sizes")}</h2>
      {sizes.length === 0 ? (
        <p>{t("storage.sizes.nothing")}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("storage.sizes.caption")}>
          <table class="sizes">
            <caption>{t("storage.sizes.caption")}</caption>
            <thead>
              <tr>
                {columns.map((id) => (
                  <th scope="col" key={id}>
                    {t(`storage.${id}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sizes.map((size) => (
                <tr key={`${size.kind}/${size.name}`} data-kind={size.kind}>
                  <th scope="row">
                    <span class="run-id">{nameOf(size)}</span>
                  </th>
                  <Size {...size} />
                  <td>{t(`storage.kind.${size.kind}`)}</td>
                  <td class="size">{numberText(size.files)}</td>
                  <td>{size.kind === "run" && <RemoveRun id={size.name} remove={remove} />}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              {totalsOf(sizes).map(({ group, total }) => (
                <tr key={group} data-total={group}>
                  <th scope="row">{t(`storage.total.${group}`)}</th>
                  <Size {...total} />
                  <td />
                  <td class="size">{numberText(total.files)}</td>
                  <td />
                </tr>
              ))}
            </tfoot>
          </table>
        </div>
      )}
      <p class="quiet">{t("storage.sizes.what")}</p>
    </>
  );
};
