/** Runs read for the table and for comparing them. */
import { signal } from "@preact/signals";
import type { KeptRun } from "../../../../workers/lab-api.ts";
import type { SpecInput } from "../../../experiment/spec.ts";
import { givenSpec } from "../../runs/given-spec.ts";
import { forgetKept, readKept } from "../../runs/kept.ts";
import { openedIds } from "../../runs/opened.ts";
import { readRecorded, type RecordedRun } from "../../runs/recorded.ts";
import type { RunView } from "../../runs/run-view.ts";
import { keptKind, lab, recorded, refreshKept, showKept, showRecorded, shown } from "../../state.ts";
import { byDate, keptEntry, recordedEntry, type RunEntry } from "./entries.ts";
import { reasonOf } from "../../reason.ts";

/** What the table lists, the newest first; null before it was read. */
export const entries = signal<readonly RunEntry[] | null>(null);

/** What could not be read, in a sentence. */
export const entriesProblem = signal<string | null>(null);

const specOf = async ({ id, results }: KeptRun): Promise<SpecInput | null> => (results ? null : givenSpec(id));

/** Reads what the page comes with and what this browser keeps. */
export async function readEntries(): Promise<void> {
  try {
    const kept = (await lab.results()).map(async (run) => keptEntry(run, keptKind(run.id), await specOf(run)));
    const served = recorded.value.map(async (run) => {
      const { source, results } = await readRecorded(run);
      return { ...recordedEntry(source.id, results), key: `recorded/${run.path}` };
    });
    entries.value = byDate(await Promise.all([...kept, ...served]));
    entriesProblem.value = null;
  } catch (error) {
    entriesProblem.value = reasonOf(error);
  }
}

/** The recorded run of an entry's key. */
function recordedOf(key: string): RecordedRun {
  const path = key.slice("recorded/".length);
  return recorded.value.find((run) => run.path === path) ?? { name: path, path };
}

/** The finished run of an entry. @throws MissingError, IntegrityError */
export async function viewOf({ key, id, kind }: RunEntry): Promise<RunView> {
  if (kind === "recorded") return readRecorded(recordedOf(key));
  return readKept(id, kind, () => lab.files(id));
}

/** Lets the page show an entry's run. */
export async function showEntry({ key, id, kind }: RunEntry): Promise<void> {
  if (kind !== "recorded") return showKept(id, kind);
  await showRecorded(recordedOf(key));
}

/**
 * Forgets a run of this browser; where the page shows it, it shows a recorded one from then on.
 *
 * @throws ConfigError while it is unfinished and another tab may be at it
 */
export async function removeEntry({ id }: Pick<RunEntry, "id">): Promise<void> {
  await lab.remove(id);
  openedIds.value = openedIds.value.filter((opened) => opened !== id);
  await refreshKept();
  const [first] = recorded.value;
  const isShown = (): boolean => shown.value?.source.id === id && shown.value.source.kind !== "recorded";
  if (isShown() && first) await showRecorded(first);
  await readEntries();
  // Where there is no other run to show, the page goes on to show this one's pictures.
  if (!isShown()) forgetKept(id);
}
