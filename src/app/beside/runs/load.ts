/** Runs read for the table and for comparing them. */
import { signal } from "@preact/signals";
import type { KeptRun } from "../../../../workers/lab-api.ts";
import type { SpecInput } from "../../../experiment/spec.ts";
import { readKept } from "../../runs/kept.ts";
import { openedIds } from "../../runs/opened.ts";
import { readRecorded } from "../../runs/recorded.ts";
import type { RunView } from "../../runs/run-view.ts";
import { keptKind, lab, recorded, refreshKept, showKept, showRecorded, shown } from "../../state.ts";
import { byDate, keptEntry, recordedEntry, type RunEntry } from "./entries.ts";

/** What the table lists, the newest first; null before it was read. */
export const entries = signal<readonly RunEntry[] | null>(null);

/** What could not be read, in a sentence. */
export const entriesProblem = signal<string | null>(null);

/** Recorded runs that were read, by folder. */
const views = new Map<string, Promise<RunView>>();

async function recordedView(path: string): Promise<RunView> {
  const known = views.get(path);
  if (known) return known;
  const found = recorded.value.find((run) => run.path === path);
  const reading = readRecorded(found ?? { name: path, path });
  views.set(path, reading);
  // A failure is not kept: the next visit tries again.
  reading.catch(() => views.delete(path));
  return reading;
}

async function specOf({ id, results }: KeptRun): Promise<SpecInput | null> {
  if (results !== null) return null;
  const bytes = (await lab.files(id)).get("config.resolved.json");
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as SpecInput) : null;
}

/** Reads what the page comes with and what this browser keeps. */
export async function readEntries(): Promise<void> {
  try {
    const kept = (await lab.results()).map(async (run) => keptEntry(run, keptKind(run.id), await specOf(run)));
    const served = recorded.value.map(async ({ path }) => {
      const { source, results } = await recordedView(path);
      return { ...recordedEntry(source.id, results), key: `recorded/${path}` };
    });
    entries.value = byDate(await Promise.all([...kept, ...served]));
    entriesProblem.value = null;
  } catch (error) {
    entriesProblem.value = error instanceof Error ? error.message : String(error);
  }
}

/** The finished run of an entry. @throws MissingError, IntegrityError */
export async function viewOf({ key, id, kind }: RunEntry): Promise<RunView> {
  if (kind === "recorded") return recordedView(key.slice("recorded/".length));
  return readKept(id, kind, await lab.files(id));
}

/** Lets the page show an entry's run. */
export async function showEntry({ key, id, kind }: RunEntry): Promise<void> {
  if (kind !== "recorded") return showKept(id, kind);
  const path = key.slice("recorded/".length);
  const found = recorded.value.find((run) => run.path === path);
  if (found) await showRecorded(found);
}

/** Forgets a run of this browser; where the page shows it, it shows a recorded one from then on. */
export async function removeEntry({ id }: RunEntry): Promise<void> {
  await lab.remove(id);
  openedIds.value = openedIds.value.filter((opened) => opened !== id);
  await refreshKept();
  const [first] = recorded.value;
  if (shown.value?.source.id === id && shown.value.source.kind !== "recorded" && first) await showRecorded(first);
  await readEntries();
}
