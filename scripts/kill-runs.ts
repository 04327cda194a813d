/**
 * `npm run verify:kills`: a small spec once uninterrupted, then in other folders by processes that are killed at random times,
 * and the hashes of all that they leave. Ends with 1 and the paths that differ.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flagsText, readArguments } from "../src/cli/arguments.ts";
import { ConfigError } from "../src/errors.ts";
import { RandomStream } from "../src/random.ts";
import { differingPaths, runHashes, TinyRuns } from "../tests/cli/killed-runs.ts";

const flags = {
  kills: { type: "number", help: "in all (50)" },
  seed: { type: "number", help: "of the times (1)" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/** Most kills of one folder: each start finds more finished units, so late kills come late in the run only by being many. */
const killsOfFolder = 10;

/** More sets than the tests have, so that kills fall into a second of work rather than into its first files. */
const overrides = ["sets.n=8"];

interface Killed {
  readonly kills: number;
  readonly temporaries: number;
  readonly differing: readonly string[];
}

async function killAndCompare(runs: TinyRuns, parent: string, kills: number, seed: number): Promise<number> {
  const whole = join(parent, "whole");
  const { workedMs } = await runs.start(whole, null);
  const { hashes: expected } = await runHashes(whole);
  console.log(`uninterrupted: ${workedMs.toFixed(0)} ms, ${String(expected.size)} files; seed ${String(seed)}`);
  const random = new RandomStream(seed, "kills");
  const all: Killed[] = [];
  let done = 0;
  let frameMs = workedMs;
  while (done < kills) {
    const directory = join(parent, `killed-${String(all.length)}`);
    const ended = await runs.killedOften(directory, Math.min(killsOfFolder, kills - done), frameMs, random);
    // A start that ended before its first kill shows that this machine has become faster.
    if (ended.kills === 0) frameMs /= 2;
    const { hashes, temporaries } = await runHashes(directory);
    all.push({ kills: ended.kills, temporaries, differing: differingPaths(hashes, expected) });
    done += ended.kills;
    process.stderr.write(`${String(done)} of ${String(kills)} kills\n`);
  }
  return summarize(all, expected.size);
}

/** @returns the exit code */
function summarize(all: readonly Killed[], files: number): number {
  const sum = (of: (one: Killed) => number): string => String(all.reduce((total, one) => total + of(one), 0));
  const each = all.map(({ kills }) => String(kills)).join(", ");
  console.log(`${sum(({ kills }) => kills)} kills in ${String(all.length)} folders (${each})`);
  console.log(`${sum(({ temporaries }) => temporaries)} half files left under temporary names, which nothing reads`);
  const different = all.flatMap(({ differing }, i) => differing.map((path) => `killed-${String(i)}/${path}`));
  for (const path of different) console.log(`differs: ${path}`);
  console.log(different.length === 0 ? `all ${String(files)} files equal in each folder` : "NOT equal");
  return different.length === 0 ? 0 : 1;
}

const { flags: given } = readArguments("verify:kills", process.argv.slice(2), flags);
if (given.help) {
  process.stdout.write(`npm run verify:kills -- [flags]\n\n${flagsText(flags)}`);
} else {
  const { kills = 50, seed = 1 } = given;
  if (!Number.isInteger(kills) || kills < 1) throw new ConfigError("--kills", "a whole number >= 1", String(kills));
  const runs = await TinyRuns.open(overrides);
  const parent = await mkdtemp(join(tmpdir(), "rog-kills-"));
  try {
    process.exitCode = await killAndCompare(runs, parent, kills, seed);
  } finally {
    await runs.close();
    await rm(parent, { recursive: true });
  }
}
