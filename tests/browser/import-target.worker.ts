/** A user's pictures in a worker of a page: decoded, imported, run on. */
import { openBrowserBackend } from "../../src/backends/webgpu/request-device.ts";
import { idbMedium } from "../../src/storage/idb.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import type { ImportedTarget, LabEvent, PictureFile, RunRequest } from "../../workers/lab-api.ts";
import { Lab } from "../../workers/lab.ts";
import { openImages } from "../../workers/open-images.ts";

/** Files by path. */
export type Files = Readonly<Record<string, Uint8Array>>;

const start = (address: string): Worker => new Worker(address, { type: "module" });

/** @param images address of the bundled `images.worker.ts` */
const newLab = (images: string): Lab =>
  new Lab({
    checkDevice: () => Promise.resolve({ kind: "software", name: "test" }),
    openBackend: () => openBrowserBackend(navigator.gpu),
    store: new Store(memoryMedium()),
    runs: idbMedium("own-pictures"),
    openImages: () => openImages(() => start(images)),
  });

const filesOf = (files: Files): PictureFile[] =>
  Object.entries(files).map(([path, bytes]) => ({ path, file: new Blob([bytes.slice()]) }));

/** Middle squares, or why there is none. */
export const decode = async (
  images: string,
  pictures: Files,
  resolution: number,
): Promise<Record<string, Uint8Array | string>> => {
  const codec = await openImages(() => start(images));
  const made: Record<string, Uint8Array | string> = {};
  for (const [name, bytes] of Object.entries(pictures))
    made[name] = await codec.decode(bytes, resolution).catch((error: unknown) => (error as Error).message);
  codec.close();
  return made;
};

/** What came of an import: the target, or the error, and what is kept afterwards. */
export interface Import {
  readonly target: ImportedTarget | null;
  readonly error: string | null;
  readonly read: number;
  readonly kept: readonly string[];
}

/** Imports one after another, into one lab. */
export const importAll = async (
  images: string,
  imports: readonly { readonly name: string; readonly files: Files }[],
): Promise<readonly Import[]> => {
  const lab = newLab(images);
  const all: Import[] = [];
  for (const { name, files } of imports) {
    let read = 0;
    const [target, error] = await lab
      .importTarget(filesOf(files), name, (count) => (read = count))
      .then(
        (made) => [made, null] as const,
        (thrown: unknown) => [null, `${(thrown as Error).name}: ${(thrown as Error).message}`] as const,
      );
    all.push({ target, error, read, kept: (await lab.targets()).map((one) => one.name) });
  }
  return all;
};

/** Runs on pictures; again as the run's own record says, without naming them; and forgets them. */
export const runTwice = async (images: string, pictures: Files, asked: RunRequest) => {
  const lab = newLab(images);
  const { hash } = await lab.importTarget(filesOf(pictures), "small pets", undefined, 16);
  const request = { ...asked, target: hash };
  const events: LabEvent[] = [];
  const first = await lab.run(request, (event) => events.push(event));
  const files = await lab.files(first.id!);
  const record = (path: string): unknown => JSON.parse(new TextDecoder().decode(files.get(path)));
  const again: LabEvent[] = [];
  const spec = record("config.resolved.json") as RunRequest["spec"];
  const second = await lab.run({ ...asked, spec }, (event) => again.push(event));
  await lab.removeTarget(hash);
  const gone = await lab.run(request, () => undefined).catch((error: unknown) => (error as Error).message);
  const units = (list: readonly LabEvent[], stage: string): string[] =>
    list.flatMap((event) => (event.event === "unit-finished" && event.stage === stage ? [event.unit] : []));
  return {
    ...{ state: first.state, hash, id: first.id!, secondId: second.id, gone, left: (await lab.targets()).length },
    world: (record("env.json") as { readonly world: string }).world,
    produced: units(events, "produce"),
    sets: units(events, "sets"),
    reused: again.filter((event) => event.event === "unit-finished" && event.reused).length,
    made: again.filter((event) => event.event === "unit-finished" && !event.reused).length,
    real: await realIds(first.id!),
  };
};

/** Ids of the real pictures in the set of `real-10`. */
const realIds = async (run: string): Promise<readonly string[]> => {
  const medium = idbMedium("own-pictures");
  const keys = (await medium.keys("runs")).filter((key) => key.startsWith(`runs/${run}/sets/real-10`));
  const texts = await Promise.all(keys.map(async (key) => new TextDecoder().decode(await medium.read(key))));
  return [...new Set(texts.join("").match(/(?:cat|dog)\/\d+\.png/g))].sort();
};

/**
 * A codec whose first worker never answers: the reason for the first picture, the second's bytes, workers started; and what is
 * said where the worker's script is not there.
 */
export const outlast = async (images: string, bytes: Uint8Array) => {
  // Answers Comlink's first call, `check`, and nothing else.
  const script = `onmessage = ({ data }) => data.path[0] === "check" && postMessage({ id: data.id, type: "RAW" })`;
  const silent = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  let started = 0;
  const codec = await openImages(() => (started++ === 0 ? new Worker(silent) : start(images)), 5);
  const reason = await codec.decode(bytes, 8).catch((error: unknown) => (error as Error).message);
  const second = await codec.decode(bytes, 8);
  codec.close();
  const missing = await openImages(() => start("/built/none.js")).catch((error: unknown) => (error as Error).message);
  return { reason, length: second.length, started, missing };
};
