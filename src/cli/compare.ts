/** `rog compare`: what two finished runs differ in. */
import { compareResults, type Comparison } from "../experiment/compare.ts";
import { labelOf } from "../experiment/conditions.ts";
import { points } from "../experiment/report-parts.ts";
import { ConfigError } from "../errors.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { readResults } from "./run-files.ts";

const flags = {
  json: { type: "boolean", help: "print one JSON object" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("compare", args, flags);
  if (given.help) {
    process.stdout.write(`rog compare RUN_A RUN_B: what two finished runs differ in\n\n${flagsText(flags)}`);
    return 0;
  }
  const [first, second, ...more] = positionals;
  if (first === undefined || second === undefined || more.length > 0)
    throw new ConfigError("rog compare", "two run folders", positionals.join(" ") || "none");
  const comparison = compareResults(await readResults(first), await readResults(second));
  process.stdout.write(`${given.json ? JSON.stringify(comparison, null, 2) : comparisonText(comparison)}\n`);
  return 0;
}

/** The comparison in lines that a person reads; accuracies in per cent, differences in points. */
export function comparisonText({
  spec,
  sameWorld,
  samePool,
  sameClasses,
  sameAdapter,
  conditions: rows,
}: Comparison): string {
  const notes = [
    ...(sameWorld ? [] : ["The worlds differ: accuracies are not comparable."]),
    ...(sameWorld && !samePool ? ["They search other parts of one world's pool."] : []),
    ...(sameClasses ? [] : ["The classes differ: accuracies are not comparable."]),
    ...(sameAdapter ? [] : ["The adapters differ."]),
  ];
  const fields = spec.map(
    ({ path, first, second }) => `  ${path}: ${JSON.stringify(first)} → ${JSON.stringify(second)}`,
  );
  const width = Math.max(...rows.map(({ id }) => labelOf(id).length));
  const lines = rows.map(({ id, first, second, difference, standardError }) => {
    const [a, b] = [first, second].map((score) => (score ? (100 * score.mean).toFixed(1) : "–").padStart(5));
    const change = difference === null ? "" : `  ${points(difference).padStart(4)}`;
    const error = standardError === null ? "" : ` ± ${(100 * standardError).toFixed(1)}`;
    return `  ${labelOf(id).padEnd(width)}  ${a!} → ${b!}${change}${error}`;
  });
  return [
    ...notes,
    fields.length > 0 ? "Specs:" : "The specs are the same.",
    ...fields,
    "Top-1, % (difference ± standard error):",
    ...lines,
  ].join("\n");
}
