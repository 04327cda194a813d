import type { ConditionResult } from "../../../experiment/record.ts";
import { numberText } from "../../format.ts";
import { t } from "../../strings.ts";
import { openOnes, type Flip } from "./first-sets.ts";
import { spokenLabel } from "./spoken-label.ts";

/** Which sentences are others with fewer sets than with all. */
export const Flips = ({
  conditions,
  all,
  flips,
}: {
  readonly conditions: readonly ConditionResult[];
  readonly all: readonly ConditionResult[];
  readonly flips: readonly Flip[];
}) => {
  const [n, most] = [conditions[0]?.n ?? 0, all[0]?.n ?? 0];
  const gaps = all.filter(({ gapToRetrieval: gap }) => gap !== null).length;
  if (most < 3 || gaps === 0) return null;
  const [open, openAll] = [openOnes(conditions).length, openOnes(all).length];
  const numbers = Object.entries({ n, all: most, gaps, open, openAll }).map(([name, value]) => [
    name,
    numberText(value),
  ]);
  const values = Object.fromEntries(numbers) as Readonly<Record<string, string>>;
  return (
    <section data-open={open} data-flips={flips.length}>
      <h2>{t("result.flips")}</h2>
      <div role="status">
        <p>
          {t(n === most ? "result.flips.all" : "result.flips.few", values)}{" "}
          {n < most && flips.length === 0 && t("result.flips.none")}
        </p>
        {flips.length > 0 && (
          <ul>
            {flips.map(({ id, few, all: then }) => (
              <li key={id} data-flip={id}>
                {t("result.flips.one", { name: spokenLabel(id), few, all: then, n: values["n"]! })}
              </li>
            ))}
          </ul>
        )}
      </div>
      <p class="quiet">{t("result.flips.equal")}</p>
    </section>
  );
};
