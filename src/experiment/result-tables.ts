/** A run's results as tables for other programs: CSV, Markdown and LaTeX. Numbers are never localised. */
import { ambiguityMatrix, type Ambiguity } from "./ambiguity.ts";
import { percent } from "./figures.ts";
import { csv } from "./csv.ts";
import { conditionOf } from "./conditions.ts";
import type { ConditionResult, Results } from "./record.ts";
import { gapText, resultHead, resultRow, words } from "./report.ts";

/** One line a condition; accuracies and gaps are shares, all digits kept. */
export function conditionsCsv({ conditions }: Results): string {
  const head = [
    ...["condition", "label", "n", "mean", "standard_error"],
    ...["gap_to_retrieval", "gap_low", "gap_high", "separable", "p", "p_holm"],
    ...["gap_to_real_10", "gap_to_real_10_low", "gap_to_real_10_high", "share_of_the_way"],
    ...["gap_bootstrap_low", "gap_bootstrap_high", "gap_to_real_10_bootstrap_low", "gap_to_real_10_bootstrap_high"],
  ];
  const rows = conditions.map((result) => {
    const { id, n, mean, standardError, gapToRetrieval: gap, pToRetrieval: p, gapToReal: real } = result;
    return [
      ...[id, conditionOf(id).label, n, mean, standardError],
      ...(gap ? [gap.mean, gap.low, gap.high, String(gap.separable)] : [null, null, null, null]),
      ...(p ? [p.alone, p.holm] : [null, null]),
      ...(real ? [real.mean, real.low, real.high] : [null, null, null]),
      result.shareOfTheWay,
      ...[gap, real].flatMap((one) => [one?.bootstrap?.low ?? null, one?.bootstrap?.high ?? null]),
    ];
  });
  return csv([head, ...rows]);
}

/** One line a classifier. */
export function classifiersCsv({ conditions }: Results): string {
  const rows = conditions.flatMap(({ id, accuracy }) => accuracy.map((value, set) => [id, set, value]));
  return csv([["condition", "set", "accuracy"], ...rows]);
}

/** One line a condition and class; accuracies and improvements over 10 % real are shares. */
export function classesCsv({ perClass, classes }: Results): string {
  const rows = perClass.flatMap(({ id, accuracy, improvement, confusedWith }) =>
    classes.map((name, i) => {
      const gain = improvement?.[i];
      const other = confusedWith[i] ?? null;
      const taken = other === null ? null : classes[other]!;
      return [id, name, accuracy[i]!, ...(gain ? [gain.mean, gain.low, gain.high] : [null, null, null]), taken];
    }),
  );
  const head = ["condition", "class", "accuracy", "improvement", "improvement_low", "improvement_high", "taken_for"];
  return csv([head, ...rows]);
}

/** One line a method: what `Fidelity` says. */
export function fidelityCsv({ fidelity }: Results): string {
  const head = [
    ...["condition", "images", "precision", "recall", "density", "coverage"],
    ...["frechet_distance_clip", "diversity", "text_agreement"],
  ];
  const rows = fidelity.map(({ id, images, neighbourhoods: near, frechet, diversity, textAgreement }) => [
    ...[id, images],
    ...(near ? [near.precision, near.recall, near.density, near.coverage] : [null, null, null, null]),
    ...[frechet, diversity, textAgreement],
  ]);
  return csv([head, ...rows]);
}

/** One line a class that is asked for: the four shares, then those of each class of the run that the hits show. */
export function ambiguityCsv(ambiguity: Ambiguity, names: readonly string[]): string {
  const matrix = ambiguityMatrix(ambiguity);
  const rows = ambiguity.classes.map(({ itself, otherOfRun, otherOfWorld, none }, i) => {
    return [names[i]!, itself, otherOfRun, otherOfWorld, none, ...matrix[i]!];
  });
  const head = ["class", "itself", "other_of_run", "other_of_world", "none", ...names.map((name) => `shows ${name}`)];
  return csv([head, ...rows]);
}

/** One line a method: what `MethodCost` says, beside the accuracy. */
export function costCsv({ costs, conditions }: Results): string {
  const head = [
    ...["condition", "accuracy", "adapt_seconds", "produce_seconds", "images", "seconds_per_image"],
    ...["set_images", "set_seconds", "equal_seconds", "images_in_equal_seconds"],
  ];
  const rows = costs.methods.map((cost) => [
    ...[cost.id, conditions.find(({ id }) => id === cost.id)?.mean ?? null],
    ...[cost.adaptSeconds, cost.produceSeconds, cost.images, cost.secondsPerImage],
    ...[cost.setImages, cost.setSeconds, costs.equalSeconds, cost.imagesInEqualSeconds],
  ]);
  return csv([head, ...rows]);
}

/** The table of the report in GitHub's Markdown. */
export function resultsMarkdown({ conditions }: Results): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return [
    line(resultHead),
    line(["---", "--:", "--:", "--:", "--:", "---"]),
    ...conditions.map((result) => line(resultRow(result))),
  ].join("");
}

const latexEscapes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from("%&#_${}", (letter) => [letter, `\\${letter}`])),
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "−": "$-$",
  "–": "--",
};

/** Text as LaTeX prints it. */
export const latexText = (text: string): string => text.replace(/[\\~^−–%&#_${}]/g, (letter) => latexEscapes[letter]!);

/** The table of the report for LaTeX with the booktabs package; n is in the caption. */
export function resultsLatex(results: Results): string {
  const rows = results.conditions.map(
    (result) =>
      `${latexText(conditionOf(result.id).label)} & ${accuracyLatex(result)} & ${gapLatex(result)} & ${latexText(words(result))} \\\\`,
  );
  const sizes = [...new Set(results.conditions.map(({ n }) => n))].join(", ");
  const caption = `Top-1 accuracy on the test set in per cent, mean $\\pm$ standard error over $n = ${sizes}$ classifiers, and the paired difference to retrieval with its 95\\,\\% $t$ interval, in points (${latexText(results.name)}, ${String(results.classes.length)} classes).`;
  return [
    "% \\usepackage{booktabs}",
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${caption}}`,
    "  \\begin{tabular}{lrrl}",
    "    \\toprule",
    "    training set & top-1, \\% & gap to retrieval & in words \\\\",
    "    \\midrule",
    ...rows.map((row) => `    ${row}`),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

function accuracyLatex({ mean, standardError }: ConditionResult): string {
  return standardError === null ? percent(mean) : `${percent(mean)} $\\pm$ ${percent(standardError)}`;
}

function gapLatex(result: ConditionResult): string {
  return latexText(gapText(result));
}
