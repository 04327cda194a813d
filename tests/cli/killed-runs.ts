/** Runs of the tiny spec in processes of their own, killed at random times, and what they leave held against one another. */
import { spawn } from "node:child_process";
import { copyFile, readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { bundleForNode } from "../../scripts/setup/bundle.mjs";
import type { RandomStream } from "../../src/random.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { temporary, timeless } from "../experiment/timeless.ts";

/** How a process ended. */
export interface EndedProcess {
  /** What it printed; null when it was killed. */
  readonly text: string | null;
  /** Milliseconds from its word that it starts to its end. */
  readonly workedMs: number;
}

/** Starts processes that run the tiny spec. */
export class TinyRuns {
  private constructor(
    private readonly bundle: string,
    private readonly overrides: readonly string[],
  ) {}

  /** @param overrides of the tiny spec */
  static async open(overrides: readonly string[] = []): Promise<TinyRuns> {
    const shared = await bundleForNode("tests/cli/tiny-run.ts");
    // Another command may bundle newer sources to the same path between two starts, which must run the same code.
    const own = shared.replace(/\.mjs$/, `-${String(process.pid)}.mjs`);
    await copyFile(shared, own);
    return new TinyRuns(own, overrides);
  }

  /** Removes the bundle. */
  async close(): Promise<void> {
    await rm(this.bundle, { force: true });
  }

  /**
   * Runs to the end, or kills the process.
   *
   * @param killAfterMs milliseconds after it started to work
   * @throws Error when it ends by itself and in failure
   */
  start(directory: string, killAfterMs: number | null): Promise<EndedProcess> {
    const args = [this.bundle, directory, ...this.overrides];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    let began = 0;
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on("data", (data: Buffer) => {
      text += data.toString();
      began ||= performance.now();
      if (killAfterMs !== null) timer ??= setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        const workedMs = performance.now() - began;
        if (code === 0) resolve({ text: text.replace("go\n", ""), workedMs });
        else if (signal === "SIGKILL") resolve({ text: null, workedMs });
        else reject(new Error(`tiny run: expected exit code 0 or SIGKILL, got ${String(code ?? signal)}`));
      });
    });
  }

  /**
   * Kills a run in a folder until it ends before its kill, or often enough; then lets it end.
   *
   * @param frameMs kills come at random within it
   * @returns how often it was killed, and what it printed in the end
   */
  async killedOften(
    directory: string,
    most: number,
    frameMs: number,
    random: RandomStream,
  ): Promise<{ readonly kills: number; readonly text: string }> {
    for (let kills = 0; kills < most; kills++) {
      const { text } = await this.start(directory, random.uniform() * frameMs);
      if (text !== null) return { kills, text };
    }
    return { kills: most, text: (await this.start(directory, null)).text! };
  }
}

/** The hashes of a run folder's files that must be those of any other run of the spec, and how many half files lie there. */
export async function runHashes(
  directory: string,
): Promise<{ readonly hashes: ReadonlyMap<string, string>; readonly temporaries: number }> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const names = paths.map((path) => relative(directory, path).replaceAll("\\", "/")).sort();
  const hashes = new Map<string, string>();
  for (const name of names) {
    const bytes = timeless(name, await readFile(join(directory, name)));
    if (bytes !== null) hashes.set(name, await sha256(bytes));
  }
  return { hashes, temporaries: names.filter((name) => temporary.test(name)).length };
}

/** Paths that only one of two folders has, or that differ, sorted. */
export function differingPaths(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path)).sort();
}
