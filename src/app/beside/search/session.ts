/** What the page knows of a search over a user's own pictures, and its acts; the work is done in a worker of its own. */
import { computed, signal } from "@preact/signals";
import { proxy, wrap, type Remote } from "comlink";
import type { EmbedEvent, EncoderFacts, LeftOutPicture, SearchApi } from "../../../../workers/onnx/search-api.ts";
import type { PictureFile } from "../../../../workers/lab-api.ts";
import type { Hit } from "../../../retrieval/index.ts";
import { t } from "../../strings.ts";
import { reasonOf } from "../../reason.ts";

/** A file's place: nothing, a file that is being read, or one that is open. */
export type Slot<Facts> = { readonly name: string; readonly facts: Facts | null } | null;

/** What the user opens. */
export type SlotId = "image" | "text" | "tokenizer";

/** A picture that was embedded. */
export interface ShownPicture {
  readonly path: string;
  /** Of its thumbnail. */
  readonly address: string;
}

/** How the embedding of pictures goes. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly isGoing: boolean;
  /** Seconds of each picture since it began. */
  readonly times: readonly number[];
}

/** An answer to a query. */
export interface Answer {
  readonly query: string;
  readonly hits: readonly Hit[];
  /** Pictures that were searched. */
  readonly among: number;
}

const none: Progress = { done: 0, total: 0, isGoing: false, times: [] };

export const imageSlot = signal<Slot<EncoderFacts>>(null);
export const textSlot = signal<Slot<EncoderFacts>>(null);
export const tokenizerSlot = signal<Slot<number>>(null);
/** What was refused last, by the place that it was for. */
export const problems = signal<
  Readonly<Partial<Record<SlotId | "match" | "pictures" | "query" | "duplicates", string>>>
>({});
/** Embedded pictures by id. */
export const pictures = signal<ReadonlyMap<number, ShownPicture>>(new Map());
export const leftOut = signal<readonly LeftOutPicture[]>([]);
export const progress = signal(none);
export const answer = signal<Answer | null>(null);
export const isSearching = signal(false);
/** Cosine above which two pictures count as near-duplicates, as in the study. */
export const threshold = signal(0.94);
export const dropsDuplicates = signal(false);
/** Groups of near-duplicates at the threshold, by picture id. */
export const duplicates = signal<readonly (readonly number[])[]>([]);

/** Whether one file reads texts as well as pictures. */
export const isBoth = computed(() => imageSlot.value?.facts?.readsText === true);
/** What a search still needs. */
export const missing = computed<readonly (SlotId | "pictures")[]>(() => [
  ...(imageSlot.value?.facts ? [] : (["image"] as const)),
  ...(textSlot.value?.facts || isBoth.value ? [] : (["text"] as const)),
  ...(tokenizerSlot.value?.facts ? [] : (["tokenizer"] as const)),
  ...(pictures.value.size > 0 ? [] : (["pictures"] as const)),
]);

let worker: Worker | null = null;
let remote: Remote<SearchApi> | null = null;

/** The worker, from the first file on. The lab's connection has taught Comlink to carry errors as they are. */
function search(): Remote<SearchApi> {
  if (remote) return remote;
  worker = new Worker(new URL("../../../../workers/onnx.worker.ts", import.meta.url), {
    type: "module",
    name: "search",
  });
  worker.addEventListener("error", ({ message }) => {
    startOver();
    say("match", t("search.worker", { reason: message || t("search.worker.unloaded") }));
  });
  return (remote = wrap<SearchApi>(worker));
}

type Place = keyof typeof problems.value;

function say(place: Place, text: string | undefined): void {
  const { [place]: _, ...others } = problems.value;
  problems.value = text === undefined ? others : { ...others, [place]: text };
}

/** Does something, and says at its place what went wrong. @returns whether nothing did */
async function attempt(place: Place, work: () => Promise<void>): Promise<boolean> {
  const own = search();
  say(place, undefined);
  try {
    await work();
    return true;
  } catch (error) {
    if (own === remote) say(place, reasonOf(error));
    return false;
  }
}

/** Opens an encoder; one that is refused leaves the one before. */
export async function openEncoder(kind: "image" | "text", file: File): Promise<void> {
  const slot = kind === "image" ? imageSlot : textSlot;
  const before = slot.value;
  slot.value = { name: file.name, facts: null };
  const isOpen = await attempt(kind, async () => {
    const facts = await search().openEncoder(kind, { name: file.name, file });
    slot.value = { name: file.name, facts };
    if (kind === "image") forgetEmbeddings(facts);
  });
  if (!isOpen) slot.value = before;
  await goOn();
}

function forgetEmbeddings({ readsText }: EncoderFacts): void {
  if (readsText) textSlot.value = null;
  for (const { address } of pictures.value.values()) URL.revokeObjectURL(address);
  pictures.value = new Map();
  duplicates.value = [];
  answer.value = null;
  progress.value = { ...progress.value, done: 0, times: [] };
}

/** Opens a tokenizer; one that is refused leaves the one before. */
export async function openTokenizer(file: File): Promise<void> {
  const before = tokenizerSlot.value;
  tokenizerSlot.value = { name: file.name, facts: null };
  const isOpen = await attempt("tokenizer", async () => {
    tokenizerSlot.value = { name: file.name, facts: await search().openTokenizer({ name: file.name, file }) };
  });
  if (!isOpen) tokenizerSlot.value = before;
  await goOn();
}

/** Puts pictures on the list and embeds them as soon as there is an encoder. */
export async function take(given: readonly PictureFile[]): Promise<void> {
  await attempt("pictures", async () => {
    const found = await search().take(given);
    leftOut.value = [...leftOut.value, ...found.leftOut];
    progress.value = { ...progress.value, total: progress.value.total + found.taken.length };
  });
  await goOn();
}

/** Looks whether the files go together, and embeds what is not embedded yet. */
export async function goOn(): Promise<void> {
  if (!remote) return;
  await attempt("match", () => search().check());
  const { done, total, isGoing } = progress.value;
  if (isGoing || done === total || !imageSlot.value?.facts) return;
  progress.value = { ...progress.value, isGoing: true, times: [] };
  let before = performance.now();
  const onPicture = (event: EmbedEvent): void => {
    keep(event, (performance.now() - before) / 1000);
    before = performance.now();
  };
  await attempt("pictures", async () => {
    const end = await search().embed(proxy(onPicture));
    if (end === "done") progress.value = { ...progress.value, done: progress.value.total };
  });
  progress.value = { ...progress.value, isGoing: false };
  await lookForDuplicates();
}

function keep({ id, path, done, total, thumbnail, reason }: EmbedEvent, seconds: number): void {
  if (thumbnail) pictures.value = new Map(pictures.value).set(id, { path, address: URL.createObjectURL(thumbnail) });
  if (reason !== null) leftOut.value = [...leftOut.value.filter((each) => each.path !== path), { path, reason }];
  progress.value = { ...progress.value, done, total, times: [...progress.value.times, seconds] };
}

/** Ends the embedding after the present picture; what is embedded stays. */
export async function stop(): Promise<void> {
  await remote?.stop();
}

/** Searches the embedded pictures for a text. */
export async function ask(query: string, k: number): Promise<void> {
  isSearching.value = true;
  await attempt("query", async () => {
    const among = pictures.value.size;
    const dropAbove = dropsDuplicates.value ? threshold.value : null;
    answer.value = { query, hits: await search().search(query, { k, dropAbove }), among };
  });
  isSearching.value = false;
}

/** Groups the pictures by the threshold. */
export async function lookForDuplicates(): Promise<void> {
  if (pictures.value.size === 0) return;
  const asked = threshold.value;
  // At a place of its own, so that what went wrong with the pictures stays to be read.
  await attempt("duplicates", async () => {
    const found = await search().duplicates(asked);
    // A slider asks again before the last answer came.
    if (asked === threshold.value) duplicates.value = found;
  });
}

/** Forgets all files and gives their memory back. */
export function startOver(): void {
  worker?.terminate();
  [worker, remote] = [null, null];
  for (const { address } of pictures.value.values()) URL.revokeObjectURL(address);
  [imageSlot.value, textSlot.value, tokenizerSlot.value, answer.value] = [null, null, null, null];
  [pictures.value, leftOut.value, duplicates.value] = [new Map(), [], []];
  [progress.value, problems.value, isSearching.value] = [none, {}, false];
}
