/** The student's own words to a run. */
import type { RunView } from "../../runs/run-view.ts";
import { remembered } from "../../remembered.ts";

/** Title and notes; empty until someone writes them. */
export interface Notes {
  readonly title: string;
  readonly notes: string;
}

const none: Notes = { title: "", notes: "" };

/** All of them, by run. */
export const allNotes = remembered<Readonly<Record<string, Notes>>>("report-notes", {});

/** What was written to a run. @param id the run's */
export function notesOf(id: string): Notes {
  return Object.hasOwn(allNotes.value, id) ? allNotes.value[id]! : none;
}

/** Writes to a run. */
export function writeNotes(id: string, change: Partial<Notes>): void {
  allNotes.value = { ...allNotes.value, [id]: { ...notesOf(id), ...change } };
}

/** The file `notes.md`: the student's words, the answer, and which run they are about. */
export function notesMarkdown(
  { title, notes }: Notes,
  answer: string,
  { source, results }: Pick<RunView, "source" | "results">,
): string {
  const { name, startedAt, adapter, specHash, world } = results;
  const heading = title.trim() === "" ? name : title.trim().replaceAll("\n", " ");
  const about = [
    `run: ${source.id} (${source.kind})`,
    `made: ${startedAt} on ${adapter}`,
    `spec: ${specHash}`,
    `world: ${world.name} ${world.hash}`,
  ];
  const parts = [`# ${heading}`, answer, notes.trim(), about.map((line) => `- ${line}`).join("\n")];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
