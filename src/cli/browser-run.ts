/** A run in a page's worker in headless Chromium instead of in this process. */
import { join } from "node:path";
import { worldName } from "../data/world.ts";
import type { Spec } from "../experiment/spec.ts";
import { tableText } from "../experiment/table.ts";
import type { LabEvent } from "../../workers/lab-api.ts";
import { listenForInterrupt, stopSignal } from "./interrupt.ts";
import { openLabPage, type LabPage } from "./lab-page.ts";
import { durationText, showProgress } from "./progress.ts";
import { diskFolder } from "./run-files.ts";
import { say } from "./say.ts";

/** What the browser run takes of the verbs' flags. */
export interface BrowserRunFlags {
  readonly out: string | undefined;
  readonly world: string | undefined;
  readonly models: string | undefined;
  readonly adapter: string | undefined;
  readonly "time-budget": number | undefined;
  readonly json: boolean;
}

/** What the lab keeps belongs to this port, so it is always the same where it is free. */
const port = 43_117;

/** The browser's profile, where world, networks and unfinished runs are kept between visits. */
const profile = join(".cache", "browser");

/**
 * Runs a spec in the browser, prints its table and writes the run's files as a run folder.
 *
 * @param command repeats it
 * @returns the exit code: 75 when the time budget ended it, 130 or 143 when it was told to stop
 * @throws what the lab throws, as the same classes
 */
export async function runInBrowser(spec: Spec, given: BrowserRunFlags, command: string): Promise<number> {
  const name = worldName(spec.world.resolution);
  const interrupt = listenForInterrupt();
  const lab = await openLabPage({
    folders: {
      [`/world/${name}/`]: given.world ?? join("world", name),
      [`/models/${name}/`]: given.models ?? join("public/models", name),
    },
    ...{ profile: process.env["ROG_BROWSER_PROFILE"] ?? profile, port, adapter: given.adapter },
    onEvent: progress(),
  });
  const stop = (): void => void lab.cancel().catch(() => undefined);
  const signal = stopSignal(interrupt.signal, given["time-budget"]);
  signal.addEventListener("abort", stop);
  try {
    say(`in Chromium, on ${lab.device.name}`);
    const outcome = await lab.run({ spec, commands: [command] });
    if (outcome.state === "stopped") {
      say(`stopped; the same command resumes: ${command}`);
      return interrupt.exitCode() ?? 75;
    }
    const directory = join(given.out ?? "runs", outcome.id);
    await writeFiles(lab, outcome.id, directory);
    const took = `Took ${durationText(outcome.results.elapsedSeconds)} in the browser.`;
    const summary = `${tableText(outcome.results)}\n${took}\nReport: ${join(directory, "report.html")}`;
    process.stdout.write(`${given.json ? JSON.stringify(outcome.results, null, 2) : summary}\n`);
    return 0;
  } finally {
    signal.removeEventListener("abort", stop);
    interrupt.release();
    await lab.close();
  }
}

const progress = (): ((event: LabEvent) => void) => {
  const show = showProgress({
    isTerminal: process.stderr.isTTY,
    write: (text) => void process.stderr.write(text),
    now: Date.now,
  });
  return (event) => {
    if (event.event === "device-lost") say(`\nthe device was lost (${event.reason}); going on with another one`);
    else if (event.event !== "run-opened") show(event);
  };
};

async function writeFiles(lab: LabPage, run: string, directory: string): Promise<void> {
  const folder = diskFolder(directory);
  for (const [path, bytes] of await lab.files(run)) await folder.write(path, bytes);
}
