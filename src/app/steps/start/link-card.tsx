import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Spec, SpecInput } from "../../../experiment/spec.ts";
import { checkConfig, type ConfigCheck } from "../../config-check.ts";
import { numberText } from "../../format.ts";
import { isRunGoing, targetOfRuns } from "../../job.ts";
import { DataTable } from "../../parts/with-table.tsx";
import { hash } from "../../state.ts";
import { t } from "../../strings.ts";
import { classesText } from "./classes-text.ts";

/** Of the link's configuration; null before it was checked. */
const found = signal<ConfigCheck | null>(null);

const whatText = ({ name, classes, conditions, sets, seed }: Spec): string =>
  t("start.preset.link.what", {
    ...{ name, classes: classesText(classes), kinds: numberText(conditions.length) },
    ...{ n: numberText(sets.n), seed: String(seed) },
  });

const Fields = ({ fields }: Pick<ConfigCheck, "fields">) => (
  <details>
    <summary>{t("start.preset.link.fields")}</summary>
    <DataTable
      caption={t("start.preset.link.caption")}
      head={[t("start.preset.link.field"), t("start.preset.link.value")]}
      rows={fields}
    />
  </details>
);

/** The run that a link asks for: what it is, and whether it can be made. */
export const LinkCard = ({
  config,
  go,
}: {
  readonly config: Readonly<Record<string, unknown>>;
  readonly go: (spec: SpecInput) => void;
}) => {
  const onOwn = targetOfRuns.value !== null;
  useEffect(() => {
    found.value = null;
    let isAsked = true;
    void checkConfig(config, onOwn).then((check) => {
      if (isAsked) found.value = check;
    });
    return () => {
      isAsked = false;
    };
  }, [config, onOwn]);
  const { spec = null, fields = [], problem = null } = found.value ?? {};
  return (
    <li class="card">
      <h3>{t("start.preset.link")}</h3>
      {spec && <p>{whatText(spec)}</p>}
      {spec && <Fields fields={fields} />}
      {hash.value.lock && <p class="quiet">{t("start.locked")}</p>}
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p>
        <button
          type="button"
          class="primary"
          disabled={problem !== null || isRunGoing.value}
          onClick={() => void go(config)}
        >
          {t("start.go", { name: t("start.preset.link") })}
        </button>
      </p>
    </li>
  );
};
