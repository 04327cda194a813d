import { t } from "../../strings.ts";
import { firstOrigin, orderedOrigins, preferred, type Origin } from "./choices.ts";

/** Asks which images the student would train on; from the first answer on the lanes can be swapped. */
export const Comparison = ({ order }: { readonly order: readonly Origin[] }) => (
  <section class="comparison" aria-labelledby="comparison" data-preferred={preferred.value}>
    <h2 id="comparison">{t("make.compare")}</h2>
    <p>{t("make.compare.lead")}</p>
    <div class="buttons" role="group" aria-labelledby="comparison">
      {[...order, "neither" as const].map((answer) => (
        <button
          type="button"
          key={answer}
          aria-pressed={preferred.value === answer}
          onClick={() => (preferred.value = answer)}
        >
          {t(`make.compare.${answer}`)}
        </button>
      ))}
    </div>
    <div role="status">{preferred.value !== null && <p>{t(`make.compared.${preferred.value}`)}</p>}</div>
    {preferred.value !== null && (
      <p>
        <button type="button" class="quiet" onClick={() => (firstOrigin.value = orderedOrigins(firstOrigin.value)[1]!)}>
          {t("make.swap")}
        </button>
      </p>
    )}
  </section>
);
