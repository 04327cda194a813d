/** The stages that make images: the pool's embeddings, what methods adapt to, what they produce class by class. */
import type { Dataset } from "../data/dataset.ts";
import { imageAt } from "../data/image.ts";
import type { Pool } from "../data/pool.ts";
import type { Method, Produced, ProducedImage, ProduceRequest, Sources } from "../methods/method.ts";
import { withoutWhitespace } from "../prompts/templates.ts";
import { packImages, realIds } from "./run-data.ts";
import type { RunNetworks } from "./run-networks.ts";
import type { Spec } from "./spec.ts";
import type { RunEvent, StageName, Stages } from "./stages.ts";

/** Raised when what the stage makes changes for the same inputs. */
const productionVersion = 1;

/** Pool pictures of one unit. */
const poolChunk = 2048;

/** Pictures that are embedded between two looks at the signal. */
const embedChunk = 256;

/** Units of the pool's embedding. */
export function poolUnits(pool: Pool): number {
  return Math.ceil(pool.entries.length / poolChunk);
}

/** How the stages of a run are watched and stopped. */
export interface RunWatch {
  readonly stages: Stages;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => Promise<void>;
}

/**
 * CLIP embeddings of the whole pool.
 *
 * @returns [pool, width]; undefined when it was stopped
 */
export async function embedPool(
  pool: Pool,
  worldHash: string,
  networks: RunNetworks,
  { stages, signal, onEvent }: RunWatch,
): Promise<Float32Array | undefined> {
  const width = networks.embeddingWidth;
  const all = new Float32Array(pool.entries.length * width);
  for (let chunk = 0; chunk < poolUnits(pool); chunk++) {
    const start = chunk * poolChunk;
    const count = Math.min(poolChunk, pool.entries.length - start);
    const name = `pool-${String(chunk)}`;
    const decidedBy = [productionVersion, worldHash, networks.hash, networks.adapter, poolChunk];
    const unit = await stages.unit("world", name, decidedBy, async () => {
      const rows = new Float32Array(count * width);
      for (let at = 0; at < count; at += embedChunk) {
        if (signal.aborted) return undefined;
        await onEvent({ event: "progress", stage: "world", unit: name, share: at / count });
        const image = (index: number) => imageAt(pool.pixels, pool.resolution, start + at + index);
        rows.set(await networks.embedImages({ count: Math.min(embedChunk, count - at), image }), at * width);
      }
      return { value: { embeddings: count, width }, blob: new Uint8Array(rows.buffer) };
    });
    if (unit === undefined) return undefined;
    all.set(new Float32Array(unit.blob.slice().buffer), start * width);
  }
  return all;
}

/** What one method made of one class, and how it went. */
export interface ClassProduction extends Produced {
  readonly key: string;
  readonly hash: string;
}

/** A class's name as prompts and queries have it. */
export function promptName(name: string, classNames: Spec["classNames"]): string {
  return classNames === "without-spaces" ? withoutWhitespace(name) : name;
}

/** The part of a spec that decides what a method makes. */
function decidingSpec(spec: Spec, method: Method): unknown {
  const { seed, classNames, production, sets } = spec;
  const drawn = method.draws.map((part) => [part, spec[part]]);
  const own: unknown = new Map<string, unknown>(Object.entries(spec.methods)).get(method.id) ?? {};
  return { seed, classNames, factor: production.factor, ratio: sets.ratio, drawn, own, ...codeOf(method) };
}

/** The part of a spec that decides what a method adapts to. */
function adaptingSpec(spec: Spec, method: Method): unknown {
  const own: unknown = new Map<string, unknown>(Object.entries(spec.methods)).get(method.adaptsAs ?? method.id) ?? {};
  return { seed: spec.seed, classNames: spec.classNames, own, ...codeOf(method) };
}

const codeOf = ({ code }: Method): { code?: string } => (code === undefined ? {} : { code });

/** What every production of a run draws on. */
export interface ProductionInputs {
  readonly spec: Spec;
  readonly dataset: Dataset;
  readonly sources: Sources;
  /** Hashes of world, networks and device. */
  readonly hashes: readonly string[];
  readonly watch: RunWatch;
}

/** What a method adapted to. */
export interface Adapted {
  readonly bytes: Uint8Array;
  readonly hash: string;
}

/**
 * Lets a method adapt to the classes, where it does.
 *
 * @returns null for a method that does not; undefined when it was stopped
 */
export async function adaptMethod(method: Method, inputs: ProductionInputs): Promise<Adapted | null | undefined> {
  if (!method.adapt) return null;
  const { spec, dataset, sources, hashes, watch } = inputs;
  const classes = dataset.classes.map(({ key, name }, classIndex) => {
    return { classIndex, key, name: promptName(name, spec.classNames), fullName: name };
  });
  const name = method.adaptsAs ?? method.id;
  const decidedBy = [productionVersion, adaptingSpec(spec, method), classes, dataset.lowData["real-10"], hashes];
  const unit = await watch.stages.unit("adapt", name, decidedBy, async () => {
    const onProgress = progressOf(watch, "adapt", name);
    const bytes = await method.adapt!(classes, sources, { seed: spec.seed, signal: watch.signal, onProgress });
    return bytes && { value: {}, blob: bytes };
  });
  return unit && { bytes: unit.blob, hash: unit.hash };
}

/**
 * What a method makes of one class, best image first.
 *
 * @returns undefined when it was stopped
 */
export async function produceClass(
  method: Method,
  adapted: Adapted | null,
  classIndex: number,
  { spec, dataset, sources, hashes, watch }: ProductionInputs,
): Promise<ClassProduction | undefined> {
  const request = requestOf(spec, method, dataset, classIndex, adapted);
  const { key, name, fullName, count } = request;
  const unitName = `${method.id}/${key}`;
  const decidedBy = [
    productionVersion,
    decidingSpec(spec, method),
    name,
    fullName,
    count,
    adapted?.hash ?? null,
    hashes,
  ];
  const unit = await watch.stages.unit("produce", unitName, decidedBy, async () => {
    const onProgress = progressOf(watch, "produce", unitName);
    const produced = await method.produce(request, sources, { seed: spec.seed, signal: watch.signal, onProgress });
    if (produced === undefined) return undefined;
    const { images, funnel, shortfall } = produced;
    const listed = images.map(({ id, provenance }) => ({ id, provenance }));
    const pictures = images.map(({ image }) => image);
    return { value: { images: listed, funnel, shortfall }, blob: packImages(pictures, dataset.resolution) };
  });
  if (unit === undefined) return undefined;
  const { images, funnel, shortfall } = unit.value;
  const produced: ProducedImage[] = images.map(({ id, provenance }, i) => {
    return { id, provenance, image: imageAt(unit.blob, dataset.resolution, i) };
  });
  return { key, images: produced, funnel, shortfall, hash: unit.hash };
}

function requestOf(
  spec: Spec,
  method: Method,
  dataset: Dataset,
  classIndex: number,
  adapted: Adapted | null,
): ProduceRequest {
  const { key, name } = dataset.classes[classIndex]!;
  const sizes = realIds(dataset, "real-10").map(({ length }) => length);
  const count = method.amount({
    real: sizes[classIndex]!,
    largest: Math.max(...sizes),
    ratio: spec.sets.ratio,
    factor: spec.production.factor,
  });
  const names = { name: promptName(name, spec.classNames), fullName: name };
  return { classIndex, key, ...names, count, adapted: adapted?.bytes ?? null };
}

function progressOf(watch: RunWatch, stage: StageName, unit: string): (done: number, all: number) => void {
  return (done, all) => void watch.onEvent({ event: "progress", stage, unit, share: done / all });
}
