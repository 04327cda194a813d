/** The stages that make images: what methods adapt to, what they produce class by class. */
import type { Dataset } from "../data/dataset.ts";
import { imageAt } from "../data/image.ts";
import { FormatError } from "../errors.ts";
import type { Method, Produced, ProducedImage, ProduceRequest, Sources } from "../methods/method.ts";
import { simplePrompt, withoutWhitespace } from "../prompts/templates.ts";
import { packImages, realIds } from "./run-data.ts";
import type { Spec } from "./spec.ts";
import type { StageName } from "./stage-names.ts";
import type { RunEvent, Stages } from "./stages.ts";

/** Raised when what the stage makes changes for the same inputs. */
const productionVersion = 1;

/** How the stages of a run are watched and stopped. */
export interface RunWatch {
  readonly stages: Stages;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => Promise<void>;
  /** Asked after every epoch whether the training that goes on ends with it. */
  readonly endsTraining?: (() => boolean) | undefined;
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

/** The query of each class of a dataset, as retrieval asks it. */
export function classQueries({ classes }: Dataset, { classNames }: Spec): string[] {
  return classes.map(({ name }) => simplePrompt(promptName(name, classNames)));
}

/** The part of a spec that decides what a method makes, but for how many images of a class. */
function decidingSpec(spec: Spec, method: Method): unknown {
  const { seed, classNames, safety } = spec;
  // What amounts go by decides nothing but the count, which is part of the key itself.
  const { per: _, ...retrieval } = spec.retrieval;
  const parts = { generator: spec.generator, retrieval };
  const drawn = method.draws.map((part) => [part, parts[part]]);
  const guarded = safety.concepts.length === 0 ? {} : { safety };
  const own: unknown = new Map<string, unknown>(Object.entries(spec.methods)).get(method.id) ?? {};
  const version = method.version === undefined ? {} : { version: method.version };
  const made = { ...version, ...codeOf(method) };
  return { seed, classNames, drawn, own, ...guarded, ...made };
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
  const classes = dataset.classes.map(({ key, name, meaning }, classIndex) => {
    return { classIndex, key, name: promptName(name, spec.classNames), fullName: name, meaning };
  });
  const name = method.adaptsAs ?? method.id;
  const decidedBy = [productionVersion, adaptingSpec(spec, method), classes, dataset.lowData["real-10"], hashes];
  const unit = await watch.stages.unit("adapt", name, decidedBy, async (resumption) => {
    const onProgress = progressOf(watch, "adapt", name);
    const options = { seed: spec.seed, signal: watch.signal, onProgress, resumption };
    const bytes = await ofOwn(method, "adapt", () => method.adapt!(classes, sources, options));
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
  const { key, name, fullName, count, meaning } = request;
  const unitName = `${method.id}/${key}`;
  const decidedBy = [
    productionVersion,
    decidingSpec(spec, method),
    name,
    fullName,
    count,
    adapted?.hash ?? null,
    hashes,
    ...(meaning === undefined ? [] : [meaning]),
  ];
  const unit = await watch.stages.unit("produce", unitName, decidedBy, async () => {
    const onProgress = progressOf(watch, "produce", unitName);
    const options = { seed: spec.seed, signal: watch.signal, onProgress };
    const produced = await ofOwn(method, `produce for class ${key}`, () => method.produce(request, sources, options));
    if (produced === undefined) return undefined;
    requireProduced(method, key, produced);
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

/** What code that is not the project's own does. @throws FormatError in place of an error that is not of the project's kinds */
async function ofOwn<T>({ id, code }: Method, what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    // The project's own errors bear a name of their own.
    if (code === undefined || !(error instanceof Error) || !builtIn.includes(error.name)) throw error;
    throw Object.assign(new FormatError(`method ${id}: ${what}`, "a result", error.message), { cause: error });
  }
}

const builtIn = ["Error", "TypeError", "RangeError", "ReferenceError", "SyntaxError"];

/** @throws FormatError when a method gives something else than images, a funnel and a shortfall */
function requireProduced({ id }: Method, key: string, { images, funnel, shortfall }: Produced): void {
  const where = `method ${id}: produce for class ${key}`;
  if (!Array.isArray(images)) throw new FormatError(`${where}: images`, "a list", typeof images);
  if (typeof funnel !== "object") throw new FormatError(`${where}: funnel`, "counts by name", typeof funnel);
  if (!Number.isInteger(shortfall) || shortfall < 0)
    throw new FormatError(`${where}: shortfall`, "how many images are wanted and not there", String(shortfall));
}

function requestOf(
  spec: Spec,
  method: Method,
  dataset: Dataset,
  classIndex: number,
  adapted: Adapted | null,
): ProduceRequest {
  const { key, name, meaning } = dataset.classes[classIndex]!;
  const sizes = realIds(dataset, "real-10").map(({ length }) => length);
  const count = method.amount({
    real: sizes[classIndex]!,
    largest: Math.max(...sizes),
    ratio: spec.sets.ratio,
    factor: spec.production.factor,
    per: { production: spec.production.per, retrieval: spec.retrieval.per },
  });
  const names = { name: promptName(name, spec.classNames), fullName: name, meaning };
  return { classIndex, key, ...names, count, adapted: adapted?.bytes ?? null };
}

function progressOf(watch: RunWatch, stage: StageName, unit: string): (done: number, all: number) => void {
  return (done, all) => void watch.onEvent({ event: "progress", stage, unit, share: done / all });
}
