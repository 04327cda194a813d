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

/** The engine, in its worker. */
export const lab = openLab(
  new Worker(new URL("../../workers/lab.worker.ts", import.meta.url), { type: "module", name: "lab" }),
);

/** What the link says, and what was wrong with it. */
export const hash = signal<PageHash>(emptyHash);
export const problems = signal<readonly string[]>([]);

/** Steps that the lesson shows. */
export const steps = computed<readonly StepId[]>(() => stepIds.filter((id) => !hash.value.hide.includes(id)));

/** Where one is. */
export const place = computed<PlaceId>(() => hash.value.place ?? hash.value.start ?? steps.value[0] ?? "start");

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
export const keptIds = signal<readonly string[]>([]);

/** The run that the steps show; null while it is read, a sentence where none can be. */
export const shown = signal<RunView | null>(null);
export const shownProblem = signal<string | null>(null);

/** The recorded run beside the shown one, where the shown one is not it. */
export const reference = signal<RunView | null>(null);

/** The class that pictures are shown of, by its place among the run's classes. */
export const chosenClass = signal(0);

/** The student's order of conditions, the best first; null until it is given. */
export const prediction = remembered<readonly string[] | null>("prediction", null);

/** Reads a recorded run and shows it. */
export async function showRecorded(run: RecordedRun): Promise<void> {
  await show(() => readRecorded(run));
}

/** Reads a run that this browser keeps and shows it: as this device's, or as opened where it came from a bundle. */
export async function showKept(id: string, kind: "live" | "opened" = keptKind(id)): Promise<void> {
  await show(async () => readKept(id, kind, await lab.files(id)));
}

async function show(read: () => Promise<RunView>): Promise<void> {
  shownProblem.value = null;
  try {
    const view = await read();
    shown.value = view;
    chosenClass.value = Math.min(chosenClass.value, view.results.classes.length - 1);
    if (view.source.kind === "recorded") reference.value = view;
  } catch (error) {
    shownProblem.value = reasonOf(error);
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

/** Reads the address, the recorded runs and the device; the first recorded run is shown as soon as it is there. */
export async function open(): Promise<void> {
  readLocation();
  addEventListener("hashchange", readLocation);
  void lab.checkDevice().then((found) => (device.value = found));
  void lab.keepsRuns().then((does) => (keepsRuns.value = does));
  recorded.value = await recordedRuns();
  const [first] = recorded.value;
  if (first) await showRecorded(first);
  await refreshKept();
  const [kept] = keptIds.value;
  if (!first && kept !== undefined) await showKept(kept);
  if (!first && kept === undefined) shownProblem.value = t("no-recorded");
}
