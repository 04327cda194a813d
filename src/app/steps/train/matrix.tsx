import { numberText, percentText } from "../../format.ts";
import { t } from "../../strings.ts";
import { rowShares } from "./confusion-shares.ts";

/** The deepest ground that text in either theme still stands out from, in per cent of the colour. */
const deepest = 70;

const Cell = ({
  share,
  count,
  isRight,
}: {
  readonly share: number;
  readonly count: number;
  readonly isRight: boolean;
}) => (
  <td
    class={isRight ? "confusion-cell is-right" : "confusion-cell"}
    title={t("train.confusion.count", { count: numberText(count) })}
    data-count={count}
    style={{ "--heat": `${Math.round(deepest * share)}%` }}
  >
    {count === 0 ? <span class="quiet">·</span> : percentText(share, 0)}
  </td>
);

/** Who was taken for whom, as a table whose cells are shaded. @param matrix [true][predicted] counts */
export const Matrix = ({
  caption,
  classes,
  matrix,
}: {
  readonly caption: string;
  readonly classes: readonly string[];
  readonly matrix: readonly (readonly number[])[];
}) => {
  const shares = rowShares(matrix);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="confusion-table" aria-label={caption}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t("train.confusion.true")} ↓
            </th>
            <th scope="colgroup" colSpan={classes.length}>
              {t("train.confusion.predicted")} →
            </th>
          </tr>
          <tr>
            {classes.map((name) => (
              <th scope="col" class="confusion-name" key={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, truth) => (
            <tr key={classes[truth]} data-true={classes[truth]}>
              <th scope="row">{classes[truth]}</th>
              {row.map((count, predicted) => (
                <Cell key={predicted} share={shares[truth]![predicted]!} count={count} isRight={truth === predicted} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
