/** A run's progress as lines: one a stage on a terminal, plain ones elsewhere. */
import type { StageName } from "../experiment/stage-names.ts";
import type { RunEvent } from "../experiment/stages.ts";

/** Where lines go. */
export interface LineOutput {
  readonly isTerminal: boolean;
  write(text: string): void;
  /** Milliseconds. */
  now(): number;
}

/** What is known of the stage at hand. */
interface Stage {
  readonly name: StageName;
  readonly units: number;
  readonly startedAt: number;
  finished: number;
  /** Units that an earlier start had finished: they say nothing of this one's speed. */
  reused: number;
  /** Shares of units that were gone on with in the middle: neither do these. */
  resumed: number;
  /** Share of the unit at hand, 0 to 1. */
  share: number;
  unit: string;
  spokenAt: number;
}

const barWidth = 24;
const redrawMs = 100;
const speakMs = 30_000;

/** Seconds as "45 s", "3 min 20 s" or "2 h 5 min". */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${String(whole)} s`;
  if (whole < 3600) return `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
  return `${String(Math.floor(whole / 3600))} h ${String(Math.floor((whole % 3600) / 60))} min`;
}

/**
 * Turns a run's events into lines.
 *
 * @returns a listener for the run
 */
export function showProgress(output: LineOutput): (event: RunEvent) => void {
  let stage: Stage | undefined;
  return (event) => {
    const now = output.now();
    if (event.event === "stage-started") {
      stage = newStage(event.stage, event.units, now);
      if (!output.isTerminal && event.units > 0) output.write(`${event.stage}: ${String(event.units)} to do\n`);
    } else if (event.event === "class-excluded") {
      output.write(`${lineStart(output)}left out everywhere: ${event.unit} (${event.reason})\n`);
    } else if (event.event === "note") {
      output.write(`${lineStart(output)}${event.text}\n`);
    }
    if (!stage || event.event === "stage-started") return;
    if (event.event === "progress") [stage.unit, stage.share] = [event.unit, event.share];
    if (event.event === "unit-resumed") {
      [stage.unit, stage.share] = [event.unit, event.share];
      stage.resumed += event.share;
    }
    if (event.event === "unit-finished") finishUnit(stage, event);
    if (event.event === "stage-finished") finishStage(output, stage, now);
    else speak(output, stage, now);
  };
}

function newStage(name: StageName, units: number, now: number): Stage {
  return { name, units, startedAt: now, finished: 0, reused: 0, resumed: 0, share: 0, unit: "", spokenAt: now };
}

const lineStart = ({ isTerminal }: LineOutput): string => (isTerminal ? "\r\x1b[K" : "");

function finishUnit(stage: Stage, { unit, reused }: Extract<RunEvent, { event: "unit-finished" }>): void {
  stage.finished++;
  if (reused) stage.reused++;
  stage.share = 0;
  stage.unit = unit;
}

function finishStage(output: LineOutput, { name, units, reused, startedAt }: Stage, now: number): void {
  if (units === 0) return;
  const kept = reused > 0 ? `, ${String(reused)} of ${String(units)} from before` : "";
  output.write(`${lineStart(output)}${name.padEnd(9)} done in ${durationText((now - startedAt) / 1000)}${kept}\n`);
}

function speak(output: LineOutput, stage: Stage, now: number): void {
  if (now - stage.spokenAt < (output.isTerminal ? redrawMs : speakMs)) return;
  stage.spokenAt = now;
  const line = stageLine(stage, now, output.isTerminal);
  output.write(output.isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
}

/** Bar, share, units, time left at this start's speed, the unit at hand. */
function stageLine(stage: Stage, now: number, withBar: boolean): string {
  const { name, units, finished, reused, resumed, share, startedAt, unit } = stage;
  const done = units === 0 ? 1 : Math.min(1, (finished + share) / units);
  const own = finished + share - reused - resumed;
  const left = own > 0 ? ((units - finished - share) * (now - startedAt)) / own / 1000 : NaN;
  const filled = Math.round(done * barWidth);
  const bar = withBar ? `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ` : "";
  const eta = Number.isFinite(left) ? `  about ${durationText(left)} left` : "";
  const counts = `${String(Math.floor(done * 100)).padStart(3)} %  ${String(finished)} of ${String(units)}`;
  return `${name.padEnd(9)} ${bar}${counts}${eta}  ${unit}`;
}
