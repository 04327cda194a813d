/** What the page knows: signals, and the few acts that change several of them. */
import { computed, signal } from "@preact/signals";
import { openLab } from "../../workers/open-lab.ts";
import type { DeviceCheck } from "../../workers/lab-api.ts";
import { emptyHash, formatHash, parseHash, type PageHash } from "./hash.ts";
import { stepIds, type PlaceId, type StepId } from "./route.ts";
import { readKept } from "./runs/kept.ts";
import { openedIds } from "./runs/opened.ts";
import { readRecorded, recordedRuns, type RecordedRun } from "./runs/recorded.ts";
import type { RunView } from "./runs/run-view.ts";
import { remembered } from "./remembered.ts";
import { t } from "./strings.ts";
import { reasonOf } from "./reason.ts";

const labWorker = new Worker(new URL("../../workers/lab.worker.ts", import.meta.url), { type: "module", name: "lab" });

/** The engine, in its worker. */
export const lab = openLab(labWorker);
labWorker.addEventListener("error", sayUnloaded);

/** What the link says, and what was wrong with it. */
export const hash = signal<PageHash>(emptyHash);
export const problems = signal<readonly string[]>([]);

/** Steps that the lesson shows. */
export const steps = computed<readonly StepId[]>(() => stepIds.filter((id) => !hash.value.hide.includes(id)));

/** Where one is: without a place in the link at the lesson's start, if it is one of its steps. */
export const place = computed<PlaceId>(() => {
  const { place: asked, start } = hash.value;
  return asked ?? steps.value.find((id) => id === start) ?? steps.value[0] ?? "start";
});

/** The address of a place, with all else that the link says. */
export function linkTo(to: PlaceId): string {
  return formatHash({ ...hash.value, place: to });
}

/** Goes to a place. */
export function goTo(to: PlaceId): void {
  location.hash = linkTo(to);
}

/** Takes over what the address says. */
export function readLocation(): void {
  const read = parseHash(location.hash);
  hash.value = read.hash;
  problems.value = read.problems;
}

export const device = signal<DeviceCheck | { readonly kind: "checking" }>({ kind: "checking" });

/** Whether the browser keeps runs beyond this visit. */
export const keepsRuns = signal(true);

/** The device's speed in a matrix product; null until it is measured. */
export const gflops = signal<number | null>(null);

/** Runs that come with the page, and ids of the finished runs that this browser keeps, the newest first. */
export const recorded = signal<readonly RecordedRun[]>([]);
/** Why the list of recorded runs could not be read; null where it was, or there is none. */
export const recordedProblem = signal<string | null>(null);
export const keptIds = signal<readonly string[]>([]);

/** The run that the steps show; null while it is read, a sentence where none can be. */
export const shown = signal<RunView | null>(null);
export const shownProblem = signal<string | null>(null);

/** The recorded run beside the shown one, where the shown one is not it. */
export const reference = signal<RunView | null>(null);

/** The class that pictures are shown of, by its place among the run's classes. */
export const chosenClass = signal(0);

/** Whether steps that can show a run that goes on show it, and not the finished one. */
export const wantsLive = signal(true);

/** The key of the class whose lanes are looked at of a run that goes on; null where none are. */
export const liveClass = signal<string | null>(null);

/** The student's order of conditions, the best first; null until it is given. */
export const prediction = remembered<readonly string[] | null>("prediction", null);

/** Reads a recorded run and shows it. */
export async function showRecorded(run: RecordedRun): Promise<void> {
  await show(() => readRecorded(run));
}

/**
 * Reads a run that this browser keeps and shows it: as this device's, or as opened where it came from a bundle.
 *
 * @param classKey of the class to show pictures of, where the run has it
 */
export async function showKept(
  id: string,
  kind: "live" | "opened" = keptKind(id),
  classKey: string | null = null,
): Promise<void> {
  await show(() => readKept(id, kind, () => lab.files(id)), classKey);
}

/** Counts what was asked for: of two runs that are read at once, the one that was asked for last is shown. */
let asked = 0;

async function show(read: () => Promise<RunView>, classKey: string | null = null): Promise<void> {
  const own = ++asked;
  shownProblem.value = null;
  try {
    const view = await read();
    // The first recorded run is the reference also where another run was asked for while it was read.
    if (view.source.kind === "recorded" && (own === asked || reference.value === null)) reference.value = view;
    if (own !== asked) return;
    shown.value = view;
    shownProblem.value = null;
    const asKey = view.gallery?.sets[0]?.classes.findIndex(({ key }) => key === classKey) ?? -1;
    chosenClass.value = asKey >= 0 ? asKey : Math.min(chosenClass.value, view.results.classes.length - 1);
  } catch (error) {
    if (own === asked) shownProblem.value = reasonOf(error);
  }
}

/** Whether a kept run was made by this browser or came from a bundle. */
export function keptKind(id: string): "live" | "opened" {
  return openedIds.value.includes(id) ? "opened" : "live";
}

/** Asks the lab which finished runs it keeps. */
export async function refreshKept(): Promise<void> {
  const runs = await lab.results();
  keptIds.value = runs.flatMap(({ id, results }) => (results === null ? [] : [id])).reverse();
}

/** Says that there is no engine where its script could not be loaded: it answers nothing then. */
function sayUnloaded(): void {
  // One that has answered is there; what goes wrong in it later it tells by itself.
  if (device.value.kind !== "checking") return;
  device.value = { kind: "none", reason: t("lab-unloaded") };
  if (shown.value === null) shownProblem.value = t("lab-unloaded");
}

/** The recorded runs; none where their list cannot be read, and that is said. */
async function recordedOrNone(): Promise<readonly RecordedRun[]> {
  try {
    return await recordedRuns();
  } catch (error) {
    recordedProblem.value = reasonOf(error);
    return [];
  }
}

/** Follows the address, reads the recorded runs and the device; the first recorded run is shown as soon as it is there. */
export async function open(): Promise<void> {
  addEventListener("hashchange", readLocation);
  void lab.checkDevice().then((found) => (device.value = found));
  void lab.keepsRuns().then((does) => (keepsRuns.value = does));
  recorded.value = await recordedOrNone();
  const [first] = recorded.value;
  if (first) await showRecorded(first);
  await refreshKept();
  const [kept] = keptIds.value;
  if (shown.value === null && kept !== undefined) await showKept(kept);
  if (first || kept !== undefined) return;
  const reason = recordedProblem.value;
  shownProblem.value = reason === null ? t("no-recorded") : t("no-run-read", { reason });
}
