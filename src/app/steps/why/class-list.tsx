import type { ClassResults } from "../../../experiment/per-class.ts";
import { intervalTexts, percentText } from "../../format.ts";
import { chosenClass } from "../../state.ts";
import { t } from "../../strings.ts";

/** Classes in the brush, each a button that shows it more closely. @param classes their numbers, in order */
export const ClassList = ({
  caption,
  classes,
  names,
  before,
  after,
}: {
  readonly caption: string;
  readonly classes: readonly number[];
  readonly names: readonly string[];
  readonly before: ClassResults | undefined;
  readonly after: ClassResults;
}) => (
  <div class="scroll class-list" tabIndex={0} role="region" aria-label={caption}>
    <table>
      <caption aria-live="polite">{caption}</caption>
      <thead>
        <tr>
          {(["class", "gain", "accuracy"] as const).map((head) => (
            <th scope="col" key={head}>
              {t(`why.list.${head}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {classes.map((index) => {
          const { mean, low, high } = after.improvement![index]!;
          const accuracy = { before: before?.accuracy[index], after: after.accuracy[index]! };
          return (
            <tr key={index} data-class={names[index]} data-gain={mean} data-gain-low={low} data-gain-high={high}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={chosenClass.value === index}
                  onClick={() => (chosenClass.value = index)}
                >
                  {names[index]}
                </button>
              </th>
              <td>{t("why.interval", intervalTexts({ mean, low, high }))}</td>
              <td data-before={accuracy.before} data-after={accuracy.after}>
                {t("why.arrow", {
                  before: accuracy.before === undefined ? t("why.none") : percentText(accuracy.before),
                  after: percentText(accuracy.after),
                })}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </div>
);
