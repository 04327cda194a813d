/** A drawing or look-up of this page, from its click to its end. One at a time: they share the GPU. */
import { computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import type {
  LiveProgress,
  LookedUp,
  LookUpRequest,
  Redrawn,
  RedrawRequest,
  RedrawStep,
} from "../../../../workers/redraw-api.ts";
import { bytesText, numberText } from "../../format.ts";
import { isRunGoing } from "../../job.ts";
import { lab } from "../../state.ts";
import { t } from "../../strings.ts";
import { reasonOf } from "../../reason.ts";

/** What became of one. */
export interface LiveWork<Given, Found> {
  readonly phase: "going" | "done" | "stopped" | "failed";
  /** Of the class, and of the run whose settings it began with. */
  readonly place: string;
  readonly asked: Given;
  readonly found: Found | null;
  /** What it does now, or why it failed, in words. */
  readonly note: string;
  readonly seconds: number;
}

/** Previews of the first picture by step. */
export interface Still {
  readonly step: number;
  readonly of: number;
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  readonly pixels: Uint8Array;
}

export const drawing = signal<LiveWork<RedrawRequest, Redrawn> | null>(null);
export const looking = signal<LiveWork<LookUpRequest, LookedUp> | null>(null);

/** The steps of the drawing so far. */
export const stills = signal<readonly Still[]>([]);

/** Whether one of the two goes on. */
export const isLiveGoing = computed(() => drawing.value?.phase === "going" || looking.value?.phase === "going");

/** Draws. @param place what it is shown with */
export async function startDrawing(asked: RedrawRequest, place: string): Promise<void> {
  if (isLiveGoing.value || isRunGoing.value) return;
  stills.value = [];
  const onStep = (step: RedrawStep): void => {
    tell(drawing, t("redraw.step", { step: numberText(step.step), of: numberText(step.of) }));
    // Nobody looks at a hidden tab.
    if (document.hidden) return;
    const pixels = step.previews.subarray(0, step.width * step.height * 3);
    stills.value = [...stills.value, { ...step, pixels }];
  };
  await follow(drawing, asked, place, (onProgress) => lab.redraw(asked, proxy(onStep), proxy(onProgress)));
}

/** Looks up. */
export async function startLooking(asked: LookUpRequest, place: string): Promise<void> {
  if (isLiveGoing.value || isRunGoing.value) return;
  await follow(looking, asked, place, (onProgress) => lab.lookUp(asked, proxy(onProgress)));
}

/** Of what goes on: it may be told to stop before the lab began with it. */
let stopping = new AbortController();

/** Stops a drawing or look-up where it goes on and is of this place. */
export async function stopLive(
  work: { readonly value: LiveWork<unknown, unknown> | null },
  place: string,
): Promise<void> {
  if (work.value?.phase !== "going" || work.value.place !== place) return;
  stopping.abort();
  await lab.cancel();
}

/** Where one is kept. */
interface Work<Given, Found> {
  value: LiveWork<Given, Found> | null;
}

function tell<Given, Found>(work: Work<Given, Found>, note: string): void {
  if (work.value?.phase === "going") work.value = { ...work.value, note };
}

async function follow<Given, Found>(
  work: Work<Given, Found>,
  asked: Given,
  place: string,
  start: (onProgress: (progress: LiveProgress) => void) => Promise<Found | null>,
): Promise<void> {
  const startedAt = performance.now();
  const end = (phase: "done" | "stopped" | "failed", found: Found | null, note: string): void => {
    work.value = { phase, place, asked, found, note, seconds: (performance.now() - startedAt) / 1000 };
  };
  const { signal } = (stopping = new AbortController());
  work.value = { phase: "going", place, asked, found: null, note: t("redraw.preparing"), seconds: 0 };
  try {
    if (await lab.busyElsewhere()) tell(work, t("redraw.waiting"));
    // The lab could not be told to stop what it had not begun; a run that was started meanwhile has precedence.
    if (signal.aborted || isRunGoing.value) {
      end("stopped", null, "");
      return;
    }
    const found = await start((progress) => tell(work, progressWords(progress)));
    end(found === null ? "stopped" : "done", found, "");
  } catch (error) {
    end("failed", null, reasonOf(error));
  }
}

function progressWords(progress: LiveProgress): string {
  return progress.kind === "download"
    ? t("redraw.download", { path: progress.path, size: bytesText(progress.bytes) })
    : t("look.embedding", { done: numberText(progress.done), total: numberText(progress.total) });
}
