/** One spec with several values of some fields: the points, and what the runs at them found. */
import { parse } from "yaml";
import { ConfigError } from "../errors.ts";
import { conditionOf, type ConditionId } from "./conditions.ts";
import { csv } from "./csv.ts";
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
 * @throws ConfigError when there is no list of at least one value
 */
export function parseAxis(text: string): SweepAxis {
  const cut = text.indexOf("=");
  const path = text.slice(0, Math.max(cut, 0));
  const values: unknown = cut < 1 ? undefined : parse(text.slice(cut + 1));
  if (!Array.isArray(values) || values.length === 0)
    throw new ConfigError("--over", "field.field=[value, value]", JSON.stringify(text));
  return { path, values: values as unknown[] };
}

/** Every combination, the last axis fastest. */
export function sweepPoints(axes: readonly SweepAxis[]): SweepPoint[] {
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

/** A line a point and condition, accuracies as shares. */
export function sweepCsv(found: readonly SweepResult[]): string {
  const paths = found[0]?.point.map(({ path }) => path) ?? [];
  const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const rows = found.flatMap(({ point, results }) =>
    results.conditions.map(({ id, n, mean, standardError }) => {
      return [...point.map(({ value }) => plain(value)), id, n, mean, standardError];
    }),
  );
  return csv([[...paths, "condition", "n", "mean", "standard_error"], ...rows]);
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

const [width, height] = [720, 420];
const plot = { left: 64, right: width - 210, top: 24, bottom: height - 60 };

/**
 * Accuracy along one field of numbers: a line a condition with a standard error at each point, for instance the paper's
 * figure 5B along `sets.ratio`.
 *
 * @returns a whole SVG document, or null where there is not exactly one field of at least two numbers
 */
export function curveFigure(found: readonly SweepResult[]): string | null {
  const values = found.map(({ point }) => (point.length === 1 ? point[0]!.value : undefined));
  if (found.length < 2 || !values.every((value) => typeof value === "number")) return null;
  const lines = conditionsOf(found).map((id) => ({
    id,
    points: found.flatMap(({ results }, i) => {
      const score = results.conditions.find((condition) => condition.id === id);
      return score ? [{ x: values[i]!, mean: score.mean, error: score.standardError ?? 0 }] : [];
    }),
  }));
  const scores = lines.flatMap(({ points }) => points);
  const across = axisOver(Math.min(...values), Math.max(...values), [plot.left, plot.right]);
  const up = axisOver(
    Math.max(0, Math.min(...scores.map(({ mean, error }) => mean - error))),
    Math.max(...scores.map(({ mean, error }) => mean + error)),
    [plot.bottom, plot.top],
  );
  const grid =
    across.ticks
      .map((tick) => {
        const x = fixed(across.at(tick));
        return `<line x1="${x}" x2="${x}" y1="${plot.top}" y2="${plot.bottom}" stroke="#e5e5e5"/><text x="${x}" y="${plot.bottom + 18}" text-anchor="middle" fill="${quietInk}" font-size="12">${Number(tick.toPrecision(6))}</text>`;
      })
      .join("") +
    up.ticks
      .map((tick) => {
        const y = fixed(up.at(tick));
        return `<line x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}" stroke="#d9d9d9"/><text x="${plot.left - 8}" y="${y}" dy="4" text-anchor="end" fill="${quietInk}" font-size="12">${(100 * tick).toFixed(1)}</text>`;
      })
      .join("");
  const drawn = lines.map(({ id, points }, i) => {
    const { family, label: name } = conditionOf(id);
    const { fill } = looks[family];
    const sorted = [...points].sort((a, b) => a.x - b.x);
    const path = sorted.map(({ x, mean }) => `${fixed(across.at(x))},${fixed(up.at(mean))}`).join("L");
    const marks = sorted.map(({ x, mean, error }) => {
      const [px, low, high] = [fixed(across.at(x)), fixed(up.at(mean - error)), fixed(up.at(mean + error))];
      return `<path d="M${px},${low}V${high}" stroke="${ink}"/>${smallMark(family, px, fixed(up.at(mean)))}`;
    });
    const y = plot.top + 10 + 22 * i;
    const text = `<text x="${plot.right + 32}" y="${y}" fill="${ink}" font-size="13">${escapeText(name)}</text>`;
    const label = smallMark(family, String(plot.right + 20), String(y - 4)) + text;
    return `<path d="M${path}" fill="none" stroke="${fill}" stroke-width="2"/>${marks.join("")}${label}`;
  });
  const name = found[0]!.point[0]!.path;
  const note = `${name} · test accuracy, % · mean ± standard error`;
  const caption = `<text x="${(plot.left + plot.right) / 2}" y="${height - 16}" text-anchor="middle" fill="${quietInk}" font-size="12">${escapeText(note)}</text>`;
  const described = `Test accuracy along ${name}. ${sweepText(found).replaceAll("\n", "; ")}`;
  return svgDocument(width, height, described, grid + drawn.join("") + caption);
}
