/** Pictures drawn and looked up outside a run, beside what the engine gives without being watched. */
import { joinBytes } from "../../src/data/bytes.ts";
import { imageAt } from "../../src/data/image.ts";
import { readPool } from "../../src/data/pool.ts";
import { readManifest } from "../../src/data/world.ts";
import { loadLabModels } from "../../src/experiment/lab-models.ts";
import { networksOf, type RunNetworks } from "../../src/experiment/run-networks.ts";
import { ExactIndex } from "../../src/retrieval/exact.ts";
import { downloads } from "../../src/storage/kept-files.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import { Lab } from "../../workers/lab.ts";
import type { LiveProgress, LookedUp, Redrawn, RedrawRequest, RedrawStep } from "../../workers/redraw-api.ts";
import { browserBackend } from "./browser-backend.ts";

const newLab = (store = new Store(memoryMedium())): Lab =>
  new Lab({
    checkDevice: () => Promise.resolve({ kind: "software", name: "test" }),
    // One for all, whose shaders are compiled once.
    openBackend: browserBackend,
    store,
    runs: memoryMedium(),
  });

const plainNetworks = async (files: string): Promise<RunNetworks> => {
  const backend = await browserBackend();
  return networksOf(backend, await loadLabModels(backend, downloads(`${files}models/mini-16/`)));
};

/** What a watched drawing gave, and what else was asked for meanwhile. */
export interface Watched {
  readonly steps: readonly RedrawStep[];
  readonly drawn: Redrawn | null;
  /** The same pictures by the generator alone. */
  readonly plain: Uint8Array;
  /** How a look-up amid the drawing failed. */
  readonly amid: string;
  /** What a drawing gave that was cancelled at its first step, and how many steps it told of. */
  readonly cancelled: Redrawn | null;
  readonly stepsOfCancelled: number;
}

/** Draws watched and unwatched. */
export const watch = async (request: RedrawRequest): Promise<Watched> => {
  const lab = newLab();
  const steps: RedrawStep[] = [];
  let amid: Promise<string> | undefined;
  const drawn = await lab.redraw(request, (step) => {
    steps.push(step);
    amid ??= lab.lookUp({ ...request, query: "red thing", k: 1, duplicates: 1 }).then(
      () => "not refused",
      (error: unknown) => (error as Error).name,
    );
  });
  let stepsOfCancelled = 0;
  const cancelled = await lab.redraw(request, () => {
    stepsOfCancelled++;
    void lab.cancel();
  });

  const { prompt, guidance, steps: count, count: batch, first = 0, stream = "", seed } = request;
  const networks = await plainNetworks(request.files);
  const generator = await networks.generator({ sampler: "ddim", steps: count, guidance, batch });
  const drafts = Array.from({ length: batch }, (_, i) => ({ prompt, sample: first + i }));
  const plain = joinBytes((await generator.generate(drafts, stream, { seed })).map(({ data }) => data));
  await generator.dispose();
  return { steps, drawn, plain, amid: await amid!, cancelled, stepsOfCancelled };
};

/** What look-ups gave, and what the index says. */
export interface LookedUpTwice {
  readonly found: LookedUp | null;
  readonly unique: LookedUp | null;
  readonly elsewhere: LookedUp | null;
  /** Of the three in their order: pictures that they embedded. */
  readonly embedded: readonly number[];
  readonly expected: {
    readonly ids: readonly string[];
    readonly similarities: readonly number[];
    readonly images: Uint8Array;
  };
}

/** Looks a text up twice in one lab, once in another one with the same store, and by the index alone. */
export const lookUp = async (files: string, query: string, k: number): Promise<LookedUpTwice> => {
  const store = new Store(memoryMedium());
  const embedded: number[] = [];
  const look = async (lab: Lab, duplicates: number): Promise<LookedUp | null> => {
    let count = 0;
    const onProgress = (progress: LiveProgress): void => {
      if (progress.kind === "embed") count = progress.total;
    };
    const found = await lab.lookUp({ files, resolution: 16, query, k, duplicates }, onProgress);
    embedded.push(count);
    return found;
  };
  const lab = newLab(store);
  const [found, unique] = [await look(lab, 1), await look(lab, 0.999999)];
  const elsewhere = await look(newLab(store), 1);

  const networks = await plainNetworks(files);
  const read = downloads(`${files}world/mini-16/`);
  const { pixels, entries, resolution } = await readPool(await readManifest(read), read);
  const image = (row: number) => imageAt(pixels, resolution, row);
  const index = new ExactIndex(await networks.embedImages({ count: entries.length, image }), networks.embeddingWidth);
  const [hits] = await index.search(await networks.embedTexts([query]), k);
  const expected = {
    ids: hits!.map(({ id }) => entries[id]!.id),
    similarities: hits!.map(({ similarity }) => similarity),
    images: joinBytes(hits!.map(({ id }) => image(id).data)),
  };
  return { found, unique, elsewhere, embedded, expected };
};
