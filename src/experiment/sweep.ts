/** One spec with several values of some fields: the points, and what the runs at them found. */
import { parseDocument } from "yaml";
import { ConfigError } from "../errors.ts";
import { conditionOf, type ConditionId } from "./conditions.ts";
import { csv } from "./csv.ts";
import { linearAxis, type Axis } from "./axis.ts";
import { axisOver, percent } from "./figures.ts";
import { escapeText, fixed, smallMark, svgDocument } from "./svg.ts";
import { ink, looks, quietInk } from "./palette.ts";
import type { Results } from "./record.ts";

/** A field and its values. */
export interface SweepAxis {
  /** Such as `sets.ratio`. */
  readonly path: string;
  readonly values: readonly unknown[];
}

/** Values of all fields at one point, in the order of the axes. */
export type SweepPoint = readonly { readonly path: string; readonly value: unknown }[];

/**
 * An axis as a person writes it: `sets.ratio=[0.5, 1, 2]`, the values as YAML.
 * @throws ConfigError when there is no list of at least one value, or one twice
 */
export function parseAxis(text: string): SweepAxis {
  const cut = text.indexOf("=");
  const path = text.slice(0, Math.max(cut, 0));
  const document = parseDocument(text.slice(cut + 1), { prettyErrors: false });
  const isRead = cut > 0 && document.errors.length + document.warnings.length === 0;
  const values: unknown = isRead ? document.toJS({ maxAliasCount: 50 }) : undefined;
  if (!Array.isArray(values) || values.length === 0)
    throw new ConfigError("--over", "field.field=[value, value]", JSON.stringify(text));
  const texts = values.map((value) => JSON.stringify(value));
  const twice = texts.find((one, i) => texts.indexOf(one) < i);
  if (twice !== undefined) throw new ConfigError(`--over ${path}`, "each value once", `${twice} twice`);
  return { path, values: values as unknown[] };
}

/** Every combination, the last axis fastest. @throws ConfigError when two axes are of one field */
export function sweepPoints(axes: readonly SweepAxis[]): SweepPoint[] {
  const paths = axes.map(({ path }) => path);
  const twice = paths.find((path, i) => paths.indexOf(path) < i);
  if (twice !== undefined) throw new ConfigError("--over", "each field once, with all of its values", `${twice} twice`);
  return axes.reduce<SweepPoint[]>(
    (points, { path, values }) => points.flatMap((point) => values.map((value) => [...point, { path, value }])),
    [[]],
  );
}

/** A point as overrides of a spec. */
export function overridesOf(point: SweepPoint): string[] {
  return point.map(({ path, value }) => `${path}=${JSON.stringify(value)}`);
}

/** What a run at a point found. */
export interface SweepResult {
  readonly point: SweepPoint;
  readonly results: Results;
}

/**
 * What a mean accuracy could be over all classes, those that were left out included: all of their test images wrong, or all
 * of them right. Both are the mean itself where none was left out.
 *
 * Burg et al. 2023, figure 5B.
 */
export function boundsOf(mean: number, { images, excludedTestImages = {} }: Results): { worst: number; best: number } {
  const tested = images["test"] ?? 0;
  const left = Object.values(excludedTestImages).reduce((sum, count) => sum + count, 0);
  if (left === 0) return { worst: mean, best: mean };
  return { worst: (mean * tested) / (tested + left), best: (mean * tested + left) / (tested + left) };
}

/** A line a point and condition, accuracies as shares. */
export function sweepCsv(found: readonly SweepResult[]): string {
  const paths = found[0]?.point.map(({ path }) => path) ?? [];
  const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const rows = found.flatMap(({ point, results }) =>
    results.conditions.map(({ id, n, mean, standardError }) => {
      const { worst, best } = boundsOf(mean, results);
      const left = Object.keys(results.excluded).length;
      const classes = results.classes.length;
      return [...point.map(({ value }) => plain(value)), id, n, mean, standardError, classes, left, worst, best];
    }),
  );
  const head = ["condition", "n", "mean", "standard_error", "classes", "classes_left_out", "worst_case", "best_case"];
  return csv([[...paths, ...head], ...rows]);
}

/** A table of means and standard errors in per cent: a line a point, a column a condition. */
export function sweepText(found: readonly SweepResult[]): string {
  const ids = conditionsOf(found);
  const head = [found[0]?.point.map(({ path }) => path).join(" ") ?? "", ...ids];
  const rows = found.map(({ point, results }) => [
    point.map(({ value }) => JSON.stringify(value)).join(" "),
    ...ids.map((id) => {
      const score = results.conditions.find((condition) => condition.id === id);
      if (!score) return "–";
      return `${percent(score.mean)}${score.standardError === null ? "" : ` ± ${percent(score.standardError)}`}`;
    }),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((text, i) => text.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const conditionsOf = (found: readonly SweepResult[]): ConditionId[] => [
  ...new Set(found.flatMap(({ results }) => results.conditions.map(({ id }) => id))),
];

const plot = { left: 64, right: 510, top: 24, bottom: 360 };
/** Units that a letter of a condition's name takes at most on average. */
const nameLetter = 7.5;

/** A condition at one value of the field. */
interface CurvePoint {
  readonly x: number;
  readonly mean: number;
  readonly error: number;
  readonly worst: number;
  readonly best: number;
}

/** A condition along the field. */
interface CurveLine {
  readonly id: ConditionId;
  /** By ascending x. */
  readonly points: readonly CurvePoint[];
}

/**
 * Accuracy along one field of numbers: a line a condition with a standard error at each point, for instance the paper's
 * figure 5B along `sets.ratio`. Where points leave classes out, a band reaches from the worst case to the best.
 *
 * @returns a whole SVG document, or null where there is not exactly one field of at least two numbers
 */
export function curveFigure(found: readonly SweepResult[]): string | null {
  const values = found.map(({ point }) => (point.length === 1 ? point[0]!.value : undefined));
  if (found.length < 2 || !values.every((value) => typeof value === "number")) return null;
  const lines = conditionsOf(found).map((id) => curveLine(id, found, values));
  const points = lines.flatMap((line) => line.points);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // Values of a field may be far below one point of accuracy: learning rates are.
  const across = linearAxis(least, most, 8, [plot.left, plot.right], most > least ? most - least : 1);
  const up = axisOver(
    Math.max(0, Math.min(...points.map(({ mean, error, worst }) => Math.min(mean - error, worst)))),
    Math.max(...points.map(({ mean, error, best }) => Math.max(mean + error, best))),
    [plot.bottom, plot.top],
  );
  const name = found[0]!.point[0]!.path;
  const hasBand = points.some(({ worst, best }) => worst < best);
  const notes = [
    `${name} · test accuracy, % · mean ± standard error`,
    ...(hasBand ? ["band: the test images of classes that were left out all wrong, or all right"] : []),
  ];
  const captions = notes.map(
    (note, i) =>
      `<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 44 + 17 * i}" text-anchor="middle" fill="${quietInk}" font-size="12">${escapeText(note)}</text>`,
  );
  const bands = hasBand ? lines.map((line) => drawBand(line, across, up)) : [];
  const drawn = lines.map((line, i) => drawLine(line, across, up, plot.top + 10 + 22 * i));
  const longest = Math.max(...lines.map(({ id }) => conditionOf(id).label.length));
  const width = plot.right + 44 + Math.ceil(nameLetter * longest);
  const described = `Test accuracy along ${name}. ${sweepText(found).replaceAll("\n", "; ")}`;
  const content = [drawGrid(across, up), ...bands, ...drawn, ...captions].join("");
  return svgDocument(width, plot.bottom + 60 + 17 * (notes.length - 1), described, content);
}

function curveLine(id: ConditionId, found: readonly SweepResult[], values: readonly number[]): CurveLine {
  const points = found.flatMap(({ results }, i): CurvePoint[] => {
    const score = results.conditions.find((condition) => condition.id === id);
    if (!score) return [];
    const { mean, standardError } = score;
    return [{ x: values[i]!, mean, error: standardError ?? 0, ...boundsOf(mean, results) }];
  });
  return { id, points: points.sort((a, b) => a.x - b.x) };
}

function drawGrid(across: Axis, up: Axis): string {
  const columns = across.ticks.map((tick) => {
    const x = fixed(across.at(tick));
    return `<line x1="${x}" x2="${x}" y1="${plot.top}" y2="${plot.bottom}" stroke="#e5e5e5"/><text x="${x}" y="${plot.bottom + 18}" text-anchor="middle" fill="${quietInk}" font-size="12">${Number(tick.toPrecision(6))}</text>`;
  });
  const rows = up.ticks.map((tick) => {
    const y = fixed(up.at(tick));
    return `<line x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}" stroke="#d9d9d9"/><text x="${plot.left - 8}" y="${y}" dy="4" text-anchor="end" fill="${quietInk}" font-size="12">${(100 * tick).toFixed(1)}</text>`;
  });
  return [...columns, ...rows].join("");
}

function drawBand({ id, points }: CurveLine, across: Axis, up: Axis): string {
  const best = points.map((point) => `${fixed(across.at(point.x))},${fixed(up.at(point.best))}`);
  const worst = points.map((point) => `${fixed(across.at(point.x))},${fixed(up.at(point.worst))}`);
  const outline = [...best, ...worst.reverse()].join("L");
  return `<path d="M${outline}Z" fill="${looks[conditionOf(id).family].fill}" fill-opacity="0.15"/>`;
}

/** Line, marks and standard errors, and the name beside the plot. @param y of the name */
function drawLine({ id, points }: CurveLine, across: Axis, up: Axis, y: number): string {
  const { family, label: name } = conditionOf(id);
  const path = points.map(({ x, mean }) => `${fixed(across.at(x))},${fixed(up.at(mean))}`).join("L");
  const marks = points.map(({ x, mean, error }) => {
    const [px, low, high] = [fixed(across.at(x)), fixed(up.at(mean - error)), fixed(up.at(mean + error))];
    return `<path d="M${px},${low}V${high}" stroke="${ink}"/>${smallMark(family, px, fixed(up.at(mean)))}`;
  });
  const text = `<text x="${plot.right + 32}" y="${y}" fill="${ink}" font-size="13">${escapeText(name)}</text>`;
  const label = smallMark(family, String(plot.right + 20), String(y - 4)) + text;
  return `<path d="M${path}" fill="none" stroke="${looks[family].fill}" stroke-width="2"/>${marks.join("")}${label}`;
}
