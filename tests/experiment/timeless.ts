/** What two runs of one spec must have in common to the last byte. */
import { canonicalJson } from "../../src/experiment/spec.ts";

/** Files that tell when, where and how fast rather than what. */
const onlyTimes = /^(events\.jsonl|run\.json|env\.json|\.lock|tables\/cost\.csv)$/;

/** What a kill leaves of a file that was being written; nobody reads it. */
export const temporary = /(^|\/)\.[^/]*\.tmp$/;

/** A file of a run folder without what depends on the clock; null where nothing else is in it. */
export function timeless(path: string, bytes: Uint8Array): Uint8Array | null {
  if (onlyTimes.test(path) || temporary.test(path)) return null;
  const change = changes.get(path);
  return change ? new TextEncoder().encode(change(new TextDecoder().decode(bytes))) : bytes;
}

/** What a run leaves, without when and by whom: a line a file, sorted. */
export const outcome = (files: ReadonlyMap<string, Uint8Array>): string[] =>
  [...files]
    .map(([path, bytes]) => [path, timeless(path, bytes)] as const)
    .filter(([, bytes]) => bytes !== null)
    .map(([path, bytes]) => `${path} ${Buffer.from(bytes!).toString("base64")}`)
    .sort();

const changes: ReadonlyMap<string, (text: string) => string> = new Map([
  ["results.json", resultsWithoutTimes],
  ["report.html", (text: string) => text.replace(/<h2>Cost<\/h2>.*?(?=<h2>|<\/body>)/s, "")],
]);

function resultsWithoutTimes(text: string): string {
  const times = new Set(["startedAt", "elapsedSeconds", "peakMemoryBytes", "costs"]);
  const fields = Object.entries(JSON.parse(text) as Record<string, unknown>).filter(([name]) => !times.has(name));
  return canonicalJson(Object.fromEntries(fields));
}
