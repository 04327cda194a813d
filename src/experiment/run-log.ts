/** What a run says of itself while it goes: `run.json` and `events.jsonl`. */
import { readJson, writeJson, type RunFolder } from "./run-folder.ts";
import type { RunEvent } from "./stages.ts";

/** A run's state. Times add up over its resumptions. */
export interface RunState {
  readonly specHash: string;
  readonly state: "running" | "stopped" | "done";
  /** ISO 8601, UTC: the first start. */
  readonly startedAt: string;
  readonly elapsedSeconds: number;
  readonly peakMemoryBytes: number | null;
}

/** The clock and the memory gauge of the platform. */
export interface Gauges {
  /** Milliseconds since 1970. */
  now(): number;
  /** The most memory that the process has held, or null where the platform does not tell. */
  peakMemoryBytes(): number | null;
}

/** The state that a folder holds, or undefined where it holds none. */
export async function readRunState(folder: RunFolder): Promise<RunState | undefined> {
  return (await readJson(folder, "run.json")) as RunState | undefined;
}

const eventsPath = "events.jsonl";

/** Whether a unit was there from an earlier start, whose event says how long it took. One taken over from another run has its time. */
const isKnown = ({ reused, elapsedMs }: Extract<RunEvent, { event: "unit-finished" }>): boolean =>
  reused && elapsedMs === undefined;

/**
 * How long making each unit took in milliseconds, by `stage/unit`, over all starts: the last making counts.
 *
 * A unit whose event a kill cut off, or whose process is still writing it, has no time.
 */
export async function readUnitTimes(folder: RunFolder): Promise<ReadonlyMap<string, number>> {
  const text = new TextDecoder().decode(await folder.read(eventsPath));
  const times = new Map<string, number>();
  for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
    if (line === "") continue;
    const event = JSON.parse(line) as RunEvent;
    if (event.event !== "unit-finished" || isKnown(event)) continue;
    const name = `${event.stage}/${event.unit}`;
    if (event.elapsedMs === undefined) times.delete(name);
    else times.set(name, event.elapsedMs);
  }
  return times;
}

/** Drops what a kill left of a line that it cut. */
async function dropHalfLine(folder: RunFolder): Promise<void> {
  const bytes = await folder.read(eventsPath);
  if (bytes === undefined || bytes.length === 0 || bytes.at(-1) === 0x0a) return;
  await folder.write(eventsPath, bytes.slice(0, bytes.lastIndexOf(0x0a) + 1));
}

/** Keeps a run's state and events; writes follow one another. */
export class RunLog {
  #last: Promise<void> = Promise.resolve();
  readonly #startedNow: number;

  private constructor(
    private readonly folder: RunFolder,
    private readonly gauges: Gauges,
    private readonly before: RunState,
    private readonly listener: (event: RunEvent) => void,
  ) {
    this.#startedNow = gauges.now();
  }

  /** Opens the log of a new run, or of one that is resumed. */
  static async open(
    folder: RunFolder,
    specHash: string,
    gauges: Gauges,
    listener: (event: RunEvent) => void,
  ): Promise<RunLog> {
    const known = await readRunState(folder);
    const startedAt = new Date(gauges.now()).toISOString();
    const fresh: RunState = { specHash, state: "running", startedAt, elapsedSeconds: 0, peakMemoryBytes: null };
    const log = new RunLog(folder, gauges, known ?? fresh, listener);
    await dropHalfLine(folder);
    await log.save("running");
    return log;
  }

  /** The state as of now. */
  state(state: RunState["state"]): RunState {
    const elapsed = (this.gauges.now() - this.#startedNow) / 1000;
    const peaks = [this.before.peakMemoryBytes, this.gauges.peakMemoryBytes()].filter((bytes) => bytes !== null);
    return {
      ...this.before,
      state,
      elapsedSeconds: this.before.elapsedSeconds + elapsed,
      peakMemoryBytes: peaks.length === 0 ? null : Math.max(...peaks),
    };
  }

  /** Writes the state. */
  save(state: RunState["state"]): Promise<void> {
    return this.#after(() => writeJson(this.folder, "run.json", this.state(state)));
  }

  /** Tells the listener, and keeps all but progress, epochs and units that an earlier start finished. */
  async event(event: RunEvent): Promise<void> {
    this.listener(event);
    if (["progress", "epoch"].includes(event.event) || (event.event === "unit-finished" && isKnown(event))) return;
    const line = `${JSON.stringify({ t: new Date(this.gauges.now()).toISOString(), ...event })}\n`;
    await this.#after(() => this.folder.append(eventsPath, line));
    // A kill must not lose the time that finished units took.
    if (event.event === "unit-finished") await this.save("running");
  }

  #after(write: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(write);
    return this.#last;
  }
}
