/** Measuring: every library checked against f64 first, then timed in interleaved rounds of rotating order. */
import type { BenchBrowser } from "./browser.ts";
import type { PrepareAnswer } from "./library.ts";
import type { Row } from "./problems.ts";
import { expectedValues } from "./reference.ts";
import { relativeError } from "./values.ts";

/** The libraries, ours first. */
export const libraries = ["ours", "ort", "tfjs", "jax"] as const;
export type LibraryName = (typeof libraries)[number];

/** A library's times for a row, in milliseconds. */
export interface Timing {
  readonly min: number;
  readonly median: number;
  readonly samples: number;
  /** The first run with compiling and uploading. */
  readonly cold: number;
  /** The largest difference from f64, relative to the largest value. */
  readonly error: number;
}

/** A row's timings by library; null where a library has no such op. */
export type RowTimings = Readonly<Record<LibraryName, Timing | null>>;

/** A library whose samples of a row took longer than this sits out the row's later rounds. */
const ENOUGH_MS = 45_000;

/** A sample repeats a run until it takes about this long, so that short ones are not all noise. */
const SAMPLE_MS = 60;
const MOST_REPEATS = 8;

/**
 * Measures one row. A peer whose result is further from f64 than the row allows is not counted.
 *
 * @param say takes what is worth knowing
 * @throws Error when our result is further from f64 than the row allows, or when a library fails
 */
export const measureRow = async (
  browser: BenchBrowser,
  row: Row,
  rounds: number,
  say: (text: string) => void,
): Promise<RowTimings> => {
  const expected = await expectedValues(row.problem);
  const ready: { name: LibraryName; repeats: number; cold: number; error: number; samples: number[] }[] = [];
  for (const name of libraries) {
    const request = { kind: "prepare", name: row.name, problem: row.problem } as const;
    const answer = await browser.ask<PrepareAnswer>(name, request);
    if (!answer) continue;
    const error = relativeError(answer.values, expected);
    if (!(error <= row.tolerance)) {
      const words = `${row.name}: ${name}: expected f64's values within ${row.tolerance}, got ${error}`;
      if (name === "ours") throw new Error(`bench: ${words}`);
      say(`${words}; not counted`);
      continue;
    }
    say(
      `${row.name}: ${name}: ready after ${(answer.coldMs / 1000).toFixed(1)} s, then ${answer.warmMs.toFixed(1)} ms a run`,
    );
    const repeats = Math.min(MOST_REPEATS, Math.max(1, Math.round(SAMPLE_MS / answer.warmMs)));
    ready.push({ name, repeats, cold: answer.coldMs, error, samples: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < ready.length; turn++) {
      const { name, repeats, samples } = ready[(round + turn) % ready.length]!;
      if (samples.reduce((sum, sample) => sum + sample, 0) * repeats > ENOUGH_MS) continue;
      samples.push(await browser.ask<number>(name, { kind: "time", name: row.name, repeats }));
    }
  }
  const timings: Record<LibraryName, Timing | null> = { ours: null, ort: null, tfjs: null, jax: null };
  for (const { name, cold, error, samples } of ready)
    timings[name] = { min: Math.min(...samples), median: median(samples), samples: samples.length, cold, error };
  return timings;
};

const median = (samples: readonly number[]): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
