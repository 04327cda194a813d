import type { ConditionResult, Results } from "../../../experiment/record.ts";
import { intervalTexts, listText, numberText, percentText, withMinus } from "../../format.ts";
import { Mark } from "../../parts/mark.tsx";
import { t } from "../../strings.ts";
import { setsOf } from "./first-sets.ts";
import { spokenLabel } from "./spoken-label.ts";

/** How alike the sets of each method are. */
const Overlap = ({ results: { production, conditions } }: { readonly results: Results }) => {
  const drawn = production.filter(({ overlap }) => overlap.meanJaccard !== null);
  if (drawn.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("result.overlap")}</h2>
      <p>{t("result.overlap.text", { all: numberText(setsOf(conditions)) })}</p>
      <ul class="plain">
        {drawn.map(({ id, overlap: { meanJaccard, distinct, shortfall } }) => {
          const values = {
            ...{ name: spokenLabel(id), overlap: numberText(meanJaccard!, 2), distinct: numberText(distinct) },
          };
          const short = Object.keys(shortfall);
          return (
            <li key={id} data-overlap-of={id} data-jaccard={meanJaccard} data-distinct={distinct}>
              <Mark id={id} /> {t("result.overlap.one", values)}
              {short.length > 0 && ` ${t("result.overlap.short", { classes: listText(short) })}`}
            </li>
          );
        })}
      </ul>
    </section>
  );
};

/** Where a share lies on a track from 10 % real to 20 % real; what is beyond lies at its end. */
const Track = ({ share }: { readonly share: number }) => (
  <span class="result-track" aria-hidden="true">
    <span style={{ inlineSize: `${100 * Math.min(1, Math.max(0, share))}%` }} />
  </span>
);

/** How far of the way to twice the real pictures each method has come. */
const Share = ({ conditions }: { readonly conditions: readonly ConditionResult[] }) => {
  const along = conditions.filter(({ id, shareOfTheWay }) => shareOfTheWay !== null && !id.startsWith("real-"));
  const bound = conditions.find(({ id }) => id === "real-20")?.gapToReal ?? null;
  return (
    <section class="card">
      <h2>{t("result.share")}</h2>
      {along.length === 0 ? <p>{t("result.share.none")}</p> : <p>{t("result.share.text")}</p>}
      {along.length > 0 && bound !== null && !bound.separable && <p>{t("result.share.open", intervalTexts(bound))}</p>}
      <ul class="plain">
        {along.map(({ id, shareOfTheWay: share }) => (
          <li key={id} data-share-of={id} data-share={share}>
            <Mark id={id} />{" "}
            {t("result.share.one", { name: spokenLabel(id), share: withMinus(percentText(share!, 0)) })}
            <Track share={share!} />
          </li>
        ))}
      </ul>
    </section>
  );
};

/** What to know before one believes the chart. @param conditions with the sets that are used */
export const Beside = ({
  results,
  conditions,
}: {
  readonly results: Results;
  readonly conditions: readonly ConditionResult[];
}) => (
  <div class="cards">
    <Overlap results={results} />
    <Share conditions={conditions} />
  </div>
);
