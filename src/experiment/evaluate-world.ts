/** What the mini world's networks reach: purity of retrieval, fidelity of reconstruction, recognisability of generation. */
import type { Backend } from "../backends/backend.ts";
import type { Dataset } from "../data/dataset.ts";
import { rowsOfSplit } from "../data/dataset.ts";
import type { Image } from "../data/image.ts";
import { imageAt, imageOfSigned, signedPixels } from "../data/image.ts";
import type { Pool } from "../data/pool.ts";
import { ddimSteps } from "../diffusion/ddim.ts";
import { DiffusionPipeline } from "../diffusion/pipeline.ts";
import { scaledLinearSchedule } from "../diffusion/schedule.ts";
import { simplePrompt } from "../prompts/templates.ts";
import { ExactIndex } from "../retrieval/exact.ts";
import type { ClassifierRecipe, LabelledImages } from "../training/classifier.ts";
import { ClassifierTrainer } from "../training/classifier.ts";
import type { LabEncoders } from "./lab-encoders.ts";
import type { LabModels } from "./lab-models.ts";
import type { LabNetworks } from "./lab-networks.ts";

/** Neighbours counted for the purity. */
const neighbours = 25;

/** Retrieval's purity, over all classes and for each; null where the pool does not say what its pictures show. */
export interface Purity {
  /** The mean over classes of the share of the 25 nearest pool images of the class prompt that show the class. */
  readonly mean: number | null;
  readonly byClass: Readonly<Record<string, number | null>>;
}

/** Measures retrieval by the simple prompt with the class's name, over the index of all pool images. */
export async function measurePurity(
  models: Pick<LabModels, "embedTexts" | "embedImages" | "embeddingWidth">,
  dataset: Dataset,
  pool: Pool,
): Promise<Purity> {
  if (pool.entries.every((entry) => entry.class === null))
    return { mean: null, byClass: Object.fromEntries(dataset.classes.map(({ key }) => [key, null])) };
  const images = { count: pool.entries.length, image: (row: number) => imageAt(pool.pixels, pool.resolution, row) };
  const index = new ExactIndex(await models.embedImages(images), models.embeddingWidth);
  const queries = await models.embedTexts(dataset.classes.map(({ name }) => simplePrompt(name)));
  const hits = await index.search(queries, neighbours);
  const byClass = Object.fromEntries(
    dataset.classes.map(({ key }, i) => [
      key,
      hits[i]!.filter(({ id }) => pool.entries[id]!.class === key).length / neighbours,
    ]),
  );
  const shares = Object.values(byClass);
  return { mean: shares.reduce((sum, share) => sum + share, 0) / shares.length, byClass };
}

/**
 * Reconstruction of the pool's held-out pictures, which pre-training never saw.
 * @returns mean over pictures of the peak signal-to-noise ratio in dB; null where the pool holds none out
 */
export async function measurePsnr(encoders: LabEncoders, pool: Pool): Promise<number | null> {
  const rows = pool.entries.flatMap(({ heldOut }, row) => (heldOut ? [row] : []));
  if (rows.length === 0) return null;
  const { resolution, pixels } = pool;
  const size = resolution * resolution * 3;
  const images = await encoders.reconstructions({
    count: rows.length,
    image: (i) => imageAt(pixels, resolution, rows[i]!),
  });
  const originals = signedPixels(pixels, resolution, rows);
  const decibels = rows.map((_, i) => {
    let squares = 0;
    for (let j = i * size; j < (i + 1) * size; j++) squares += (clamped(images[j]!) - originals[j]!) ** 2;
    return 10 * Math.log10(4 / (squares / size)); // values span 2
  });
  return decibels.reduce((sum, value) => sum + value, 0) / rows.length;
}

/** How images are generated for the recognition test. */
export interface RecognitionOptions {
  readonly perClass: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/** Images whose class is known, class by class. */
export interface ClassImages {
  readonly images: readonly Image[];
  readonly labels: Uint32Array;
}

/** Generates images for each class's simple prompt with DDIM. */
export async function generateByClass(
  backend: Backend,
  networks: LabNetworks,
  models: LabModels,
  dataset: Dataset,
  { perClass, steps, guidance, seed, signal, onProgress }: RecognitionOptions,
): Promise<ClassImages> {
  const prompts = dataset.classes.map(({ name }) => simplePrompt(name));
  const [unconditional, ...contexts] = (await models.encodePrompts(["", ...prompts])) as [
    Float32Array,
    ...Float32Array[],
  ];
  const pipeline = await DiffusionPipeline.create(backend, models.variables, networks.diffusion(), {
    batch: 32,
    steps: ddimSteps(scaledLinearSchedule(), steps),
    guidance,
    unconditional,
  });
  const requests = contexts.flatMap((context, label) =>
    Array.from({ length: perClass }, (_, i) => ({ context, sample: label * perClass + i })),
  );
  const images = await pipeline.generate(requests, seed, "evaluate-world", {
    ...(signal ? { signal } : {}),
    onImages: (made) => onProgress?.(`generated ${String(made)} of ${String(requests.length)}`),
  });
  pipeline.dispose();
  return { images, labels: Uint32Array.from(requests, (_, i) => Math.floor(i / perClass)) };
}

/** The first pictures of each class in the pool, which the denoiser learned from. @param perClass at most */
export function poolImages({ entries, pixels, resolution }: Pool, { classes }: Dataset, perClass: number): ClassImages {
  const rows = classes.map(({ key }) =>
    entries.flatMap((entry, row) => (entry.class === key ? [row] : [])).slice(0, perClass),
  );
  return {
    images: rows.flat().map((row) => imageAt(pixels, resolution, row)),
    labels: Uint32Array.from(rows.flatMap((of, label) => of.map(() => label))),
  };
}

/** Images after the way through the autoencoder, as generated ones come out of it. */
export async function reconstructed(encoders: LabEncoders, { images, labels }: ClassImages): Promise<ClassImages> {
  const { resolution } = encoders.networks;
  const size = resolution * resolution * 3;
  const values = await encoders.reconstructions({ count: images.length, image: (i) => images[i]! });
  const decoded = images.map((_, i) => imageOfSigned(values.subarray(i * size, (i + 1) * size), resolution));
  return { images: decoded, labels };
}

/** A judge of generated images, and how good it is on real ones. */
export interface Judge {
  readonly trainer: ClassifierTrainer;
  readonly testAccuracy: number;
}

/** Trains a classifier on all real training pictures of the target. */
export async function trainJudge(
  backend: Backend,
  dataset: Dataset,
  recipe: ClassifierRecipe,
  seed: number,
  options: { signal?: AbortSignal; onProgress?: (text: string) => void } = {},
): Promise<Judge | undefined> {
  const trainer = await ClassifierTrainer.create(backend, recipe);
  const trained = await trainer.train(rowsOf(dataset, "train"), rowsOf(dataset, "validation"), seed, {
    ...(options.signal ? { signal: options.signal } : {}),
    onEpoch: ({ epoch, loss, validationAccuracy }) =>
      options.onProgress?.(
        `judge: epoch ${String(epoch)}, loss ${loss.toFixed(3)}, validation ${(100 * validationAccuracy).toFixed(1)} %`,
      ),
  });
  if (!trained) return undefined;
  trainer.load(trained.weights);
  const tests = rowsOf(dataset, "test");
  options.onProgress?.(`judge: looks at the ${String(tests.count)} test pictures`);
  return { trainer, testAccuracy: (await trainer.score(tests)).accuracy };
}

/** The share of images that the judge gives their class; null of no images. */
export async function measureRecognition(judge: Judge, { images, labels }: ClassImages): Promise<number | null> {
  if (images.length === 0) return null;
  const listed: LabelledImages = { count: images.length, image: (i) => images[i]!, label: (i) => labels[i]! };
  return (await judge.trainer.score(listed)).accuracy;
}

function rowsOf(dataset: Dataset, split: "train" | "validation" | "test"): LabelledImages {
  const rows = rowsOfSplit(dataset, split);
  return {
    count: rows.length,
    image: (i) => imageAt(dataset.pixels, dataset.resolution, rows[i]!),
    label: (i) => dataset.samples[rows[i]!]!.classIndex,
  };
}

const clamped = (value: number): number => Math.min(Math.max(value, -1), 1);
