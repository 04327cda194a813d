/** A run's events as lines of a log: the form of `events.jsonl`. */

/** One event. What it holds beside these depends on its kind. */
export interface LogLine {
  /** ISO 8601, UTC. */
  readonly t: string;
  readonly event: string;
  readonly stage?: string;
  readonly unit?: string;
}

/** What of the log is shown. */
export interface LogFilter {
  /** A stage's name; empty for all. */
  readonly stage: string;
  /** Letters that a line holds, in either case; empty for all. */
  readonly text: string;
}

/** The lines of `events.jsonl`; those that are no JSON, as a kill may leave the last, are left out. */
export function readLines(text: string): LogLine[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as LogLine];
    } catch {
      return [];
    }
  });
}

/** Events of the page as lines: time and event in one object. */
export function linesOf(
  events: readonly { readonly t: string; readonly event: { readonly event: string } }[],
): LogLine[] {
  return events.map(({ t, event }) => ({ t, ...event }));
}

/** What an event says beside its time, kind, stage and unit, such as "elapsedMs 9950 · reused false". */
export function detailsOf(line: LogLine): string {
  const { t: _t, event: _event, stage: _stage, unit: _unit, ...rest } = line;
  return Object.entries(rest)
    .map(([name, value]) => (name === "text" || name === "reason" ? String(value) : `${name} ${JSON.stringify(value)}`))
    .join(" · ");
}

/** The lines that a filter lets through. */
export function filterLines(lines: readonly LogLine[], { stage, text }: LogFilter): LogLine[] {
  const wanted = text.trim().toLowerCase();
  return lines.filter(
    (line) =>
      (stage === "" || line.stage === stage) && (wanted === "" || JSON.stringify(line).toLowerCase().includes(wanted)),
  );
}

/** The stages that lines name, in the order in which they first do. */
export function stagesOf(lines: readonly LogLine[]): string[] {
  return [...new Set(lines.flatMap(({ stage }) => stage ?? []))];
}

/** Lines as a file. */
export function toJsonl(lines: readonly LogLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
