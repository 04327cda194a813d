/** The report of a run: one HTML file that opens without a server, a script or a network. */
import { barsFigure, dotsFigure, percent } from "./figures.ts";
import type { Selection } from "./selection.ts";
import { escapeText } from "./svg.ts";
import { ambiguitySection, boomerangSection, classSection, costSection, fidelitySection } from "./report-images.ts";
import { duration, figure, intervalText, points, table } from "./report-parts.ts";
import type { ReportPictures } from "./report-pictures.ts";
import { conditionOf } from "./conditions.ts";
import { generatedSide, type Audit, type ConditionResult, type Production, type Results } from "./record.ts";
import { digitsOf, gapInWords, type Gap } from "./statistics.ts";

const style = `
body { max-width: 1240px; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
body > p, body > ul, body > ol, body > pre, h1 { max-width: 780px; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; } th, td { padding: .35rem .6rem; text-align: right; border-bottom: 1px solid #d9d9d9; }
td { white-space: nowrap; } thead th { vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; } thead th { border-bottom: 2px solid #1a1a1a; }
figure { margin: 1rem 0; overflow-x: auto; } svg { max-width: 100%; height: auto; }
pre { background: #f4f4f4; padding: .8rem; overflow-x: auto; } .answer { font-size: 1.15rem; } .quiet { color: #595959; }
`;

/** A gap with its interval: "−2.8 [−5.1, −0.5]". */
export function gapText({ gapToRetrieval }: ConditionResult): string {
  return gapOrDash(gapToRetrieval);
}

const gapOrDash = (gap: Gap | null): string => (gap === null ? "–" : intervalText(gap));

/** A gap's bootstrap interval: "[−4.9, −0.8]". */
function bootstrapText(gap: Gap | null): string {
  if (gap?.bootstrap === undefined) return "–";
  const { low, high } = gap.bootstrap;
  const digits = digitsOf(gap.bootstrap);
  return `[${points(low, digits)}, ${points(high, digits)}]`;
}

/** What the gap lets one say, of a condition. */
export function words(result: ConditionResult): string {
  if (result.gapToRetrieval !== null) return gapInWords(result.gapToRetrieval, result.n);
  if (result.id === "retrieval") return "the reference";
  return result.n < 2 ? "one run: no interval" : "no retrieval to compare with";
}

/** The columns of the table of conditions, wherever it is shown. */
export const resultHead: readonly string[] = [
  "training set",
  "top-1, %",
  "SE",
  "n",
  "gap to retrieval [95 %]",
  "in words",
];

/** A condition's cells under `resultHead`. */
export function resultRow(result: ConditionResult): string[] {
  return [
    conditionOf(result.id).label,
    percent(result.mean),
    result.standardError === null ? "–" : percent(result.standardError),
    String(result.n),
    gapText(result),
    words(result),
  ];
}

/**
 * The answer to the question in two or three sentences, no stronger than the intervals are.
 *
 * @returns plain text
 */
export function answerInWords(results: Results): string {
  const retrieval = results.conditions.find(({ id }) => id === "retrieval");
  const side = generatedSide(results);
  if (!retrieval || !side) return "This run does not hold both a retrieved and a generated condition.";
  const { spokesman: generated, best, methods } = side;
  const isPlain = methods === 1 && generated.id === "clip-prompts";
  const scores = `Adding retrieved images gives ${percent(retrieval.mean)} % top-1, adding generated ones ${percent(generated.mean)} %${isPlain ? "" : ` (${conditionOf(generated.id).label})`}`;
  const other =
    best.id === generated.id
      ? ""
      : ` Of the ${methods} generating methods ${conditionOf(best.id).label} has the highest mean, ${percent(best.mean)} %.`;
  const gap = generated.gapToRetrieval;
  if (gap === null) return `${scores}. With one run each, nothing can be said of the difference.${other}`;
  const digits = digitsOf(gap);
  const [mean, low, high] = [gap.mean, gap.low, gap.high].map((value) => points(value, digits));
  const span = `${mean!} points, 95 % interval ${low!} to ${high!}`;
  if (!gap.separable)
    return `${scores}. The two are ${gapInWords(gap, generated.n)} (generated minus retrieved: ${span}).${other}`;
  return `${scores}: ${gap.mean < 0 ? "retrieval" : "generation"} is ahead (generated minus retrieved: ${span}, n = ${generated.n}).${other}`;
}

function resultsTable(results: readonly ConditionResult[]): string {
  return table(resultHead, results.map(resultRow));
}

/** With three digits, as the page has it: "0.046", "< 0.001". */
function pText(p: number | undefined): string {
  if (p === undefined) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** The same conditions against 10 % real, and how sure the gaps to retrieval are when all of them are asked at once. */
function comparisonTable(results: readonly ConditionResult[]): string {
  const rows = results.map(({ id, gapToRetrieval, gapToReal, shareOfTheWay, pToRetrieval }) => [
    conditionOf(id).label,
    bootstrapText(gapToRetrieval),
    gapOrDash(gapToReal),
    bootstrapText(gapToReal),
    shareOfTheWay === null ? "–" : `${(100 * shareOfTheWay).toFixed(0).replace("-", "−")} %`,
    pText(pToRetrieval?.alone),
    pText(pToRetrieval?.holm),
  ]);
  const head = [
    ...["training set", "gap to retrieval, bootstrap [95 %]", "gap to 10 % real [95 %]"],
    ...["gap to 10 % real, bootstrap [95 %]", "of the way to 20 % real", "p to retrieval", "p, Holm"],
  ];
  return table(head, rows);
}

function list(items: readonly string[], empty: string): string {
  if (items.length === 0) return `<p>${escapeText(empty)}</p>`;
  return `<ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join("")}</ul>`;
}

function setUp(results: Results): string {
  const images = Object.entries(results.images).map(([split, count]) => `${count} ${split}`);
  return list(
    [
      `${results.classes.length} classes (chance ${percent(results.chance)} %): ${results.classes.join(" · ")}`,
      `Images: ${images.join(", ")}`,
      `Computed on ${results.adapter}, in ${duration(results.elapsedSeconds)}${memory(results)}, started ${results.startedAt}`,
      `Run ${results.name}, spec ${results.specHash.slice(0, 16)}, world ${results.world.name} ${results.world.hash.slice(0, 16)}`,
      ...(results.selections ?? []).map(selectionText),
      ...Object.entries(results.excluded).map(([name, why]) => `Left out of every condition: ${name} (${why})`),
    ],
    "",
  );
}

/** "Checkpoint of imagic: 3, by the validation accuracy of a classifier (1: 41.0 %, 2: …)". */
function selectionText({ method, chosen, tried }: Selection): string {
  const scores = tried.map(({ checkpoint, validationAccuracy }) => `${checkpoint}: ${percent(validationAccuracy)} %`);
  return `Checkpoint of ${method}: ${chosen}, by the validation accuracy of a classifier (${scores.join(", ")})`;
}

/** ", at most 3.2 GB of memory". */
function memory({ peakMemoryBytes }: Results): string {
  return peakMemoryBytes === null ? "" : `, at most ${(peakMemoryBytes / 1e9).toFixed(1)} GB of memory`;
}

function auditSection(audit: Audit | null): string {
  if (audit === null) return "<p>This run made no leak audit.</p>";
  const measures = audit.measures.map(({ name, threshold, rule, recall }) => {
    const found =
      recall === null ? "" : `; it finds ${percent(recall)} % of the pool's known doubles and misses the rest`;
    return `${name}: flagged as a possible copy above ${threshold.toFixed(3)} (${rule}${found})`;
  });
  const rows = audit.conditions.map(({ id, checked, flagged, dropped, highest }) => [
    conditionOf(id).label,
    String(checked),
    String(flagged),
    String(dropped),
    highest.map((value) => value.toFixed(3)).join(" · "),
  ]);
  const text = `Every added image was held against its nearest ${audit.against.join(" and ")} image (action: ${audit.action}).`;
  return `<p>${escapeText(text)}</p>${list(measures, "")}${table(["training set", "checked", "flagged", "left out", "highest similarity"], rows)}`;
}

function productionSection(production: readonly Production[]): string {
  const rows = production.map(({ id, produced, rejected, overlap }) => [
    conditionOf(id).label,
    String(produced),
    String(Object.values(rejected).reduce((sum, count) => sum + count, 0)),
    String(overlap.distinct),
    overlap.meanJaccard === null ? "–" : overlap.meanJaccard.toFixed(2),
    Object.entries(overlap.shortfall)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ") || "none",
  ]);
  const head = ["training set", "produced", "rejected", "different ones used", "overlap of sets (Jaccard)", "missing"];
  const note =
    "Rejected: near-duplicates, and images that a filter blocked or that broke a limit of the search; what is generated is then drawn again.";
  return `${table(head, rows)}\n<p class="quiet">${escapeText(note)}</p>`;
}

function pictureSection({ grid, sheet }: ReportPictures): string {
  const shown = [grid, sheet].filter((svg) => svg !== null);
  if (shown.length === 0) return "";
  return `<h2>Pictures</h2>\n${shown.map((svg) => figure(svg, "Picked by order, not by hand.")).join("\n")}`;
}

/**
 * The whole report.
 *
 * @param results what `results.json` holds
 * @param pictures the figures that show pictures
 * @returns an HTML document with its figures inline
 * @throws ShapeError when the results hold no condition
 */
export function renderReport(results: Results, pictures: ReportPictures): string {
  const { conditions, chance } = results;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeText(`Retrieve or generate? ${results.name}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>When you need more training images: generate them, or retrieve them from what the generator was trained on?</h1>
<p class="answer">${escapeText(answerInWords(results))}</p>
<h2>Result</h2>
${resultsTable(conditions)}
<p class="quiet">Top-1 accuracy on the test set, which scores each classifier once; only the leak audit looks at it too. SE: standard error of the mean over n classifiers, each with its own resampled set and seed. Gap: paired by set and seed, with a 95 % t interval, in points. The sets are drawn from one split, so the spread holds set and training noise, not split noise. All numbers were measured by this run.</p>
${comparisonTable(conditions)}
<p class="quiet">Bootstrap: percentiles over 2000 resamples of the paired differences; with a handful of pairs it has few distinct resamples and is narrower than the t interval, by which the words go. p: two-sided paired t test of the gap to retrieval. Holm: the same adjusted for the number of conditions that are compared; the words in the first table go by the single interval, not by this.</p>
${figure(dotsFigure(conditions, chance), "Each classifier, their mean and its interval; the axis is cut to the values.")}
${figure(barsFigure(conditions, chance), "The same means on an axis from zero; hatched: twice the real images, a bound.")}
${classSection(results, pictures.ends)}
${ambiguitySection(results)}
${fidelitySection(results)}
${boomerangSection(results, pictures.boomerang)}
${costSection(results)}
<h2>Set-up</h2>
${setUp(results)}
${pictureSection(pictures)}
<h2>Added images</h2>
${productionSection(results.production)}
<h2>Leak audit</h2>
${auditSection(results.audit)}
<h2>Departures from the paper</h2>
${list(results.deviations, "None.")}
<h2>Run it again</h2>
<pre>${escapeText(results.commands.join("\n"))}</pre>
<details><summary>The spec, resolved</summary><pre>${escapeText(JSON.stringify(results.spec, null, 2))}</pre></details>
</body>
</html>
`;
}
