/** What a run's exported files say, held against its results. */
import { readBundle } from "../../src/experiment/bundle.ts";
import type { Results } from "../../src/experiment/record.ts";

const percent = (share: number): string => (100 * share).toFixed(1);

/** A condition's mean and standard error as tables and figures write them. @param sign between the two */
function meanText({ mean, standardError }: Results["conditions"][number], sign: string): string {
  return standardError === null ? percent(mean) : `${percent(mean)} ${sign} ${percent(standardError)}`;
}

async function* chunksOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Cells of a CSV line; a quoted one may hold commas and doubled quotes. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, -1)
    .map(([, cell]) => (cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!));
}

/**
 * What is wrong with an exported file; empty where it has every number of the results.
 *
 * @param name as it was saved
 */
export async function differences(name: string, bytes: Uint8Array, results: Results): Promise<string[]> {
  const text = new TextDecoder().decode(bytes);
  const lacks = (wanted: string): string[] => (text.includes(wanted) ? [] : [`${name} lacks ${wanted}`]);
  switch (name.split(".").at(-1) ?? "") {
    case "csv": {
      const [head, ...rows] = text.trim().split(/\r?\n/).map(cellsOf);
      const place = (column: string): number => head!.indexOf(column);
      return results.conditions.flatMap(({ id, mean, standardError, n }) => {
        const row = rows.find((cells) => cells[place("condition")] === id);
        const found = ["mean", "standard_error", "n"].map((column) => Number(row?.[place(column)]));
        const same = found[0] === mean && found[1] === standardError && found[2] === n;
        return same ? [] : [`${name}: ${id} is ${JSON.stringify(row)}`];
      });
    }
    case "tex":
      return results.conditions.flatMap((condition) => lacks(meanText(condition, "$\\pm$")));
    case "svg":
      return results.conditions.flatMap((condition) => lacks(meanText(condition, "±")));
    case "md":
      return results.conditions.flatMap((condition) => lacks(`| ${meanText(condition, "|")} | ${condition.n} |`));
    case "json":
      return JSON.stringify(JSON.parse(text)) === JSON.stringify(results) ? [] : [`${name} is another's`];
    case "zip": {
      const files = new Map<string, Uint8Array>();
      const keep = (path: string, member: Uint8Array) => Promise.resolve(void files.set(path, member));
      await readBundle(chunksOf(bytes), name, keep);
      const held = files.get("results.json");
      return held ? differences("results.json", held, results) : [`${name} has no results.json`];
    }
    default:
      return [`${name}: nothing is known of such files`];
  }
}
