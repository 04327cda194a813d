/** What a run asks of the device: images from prompts, embeddings, classifiers. */
import type { Backend } from "../backends/backend.ts";
import { ConfigError } from "../errors.ts";
import { ddimSteps } from "../diffusion/ddim.ts";
import { latentPreviewOf, previewLatents } from "../diffusion/latent-preview.ts";
import { DiffusionPipeline, type StepView } from "../diffusion/pipeline.ts";
import { pndmSteps } from "../diffusion/pndm.ts";
import { noised, scaledLinearSchedule } from "../diffusion/schedule.ts";
import type { Draft, SamplingStep, Sources } from "../methods/method.ts";
import { ClassifierTrainer, type ClassifierRecipe } from "../training/classifier.ts";
import type { ImageList } from "./lab-encoders.ts";
import type { LabModels } from "./lab-models.ts";
import { DenoiserWeights, learnGroups } from "./learning.ts";
import type { Spec } from "./spec.ts";

/** A diffusion model with its sampler, ready for prompts. */
export interface Generator {
  readonly generate: Sources["generate"];
  dispose(): Promise<void>;
}

/** Trains and scores classifiers of one recipe. */
export type Classifier = Pick<ClassifierTrainer, "train" | "load" | "score" | "dispose">;

/** Networks on a device, as a run uses them. */
export interface RunNetworks {
  /** The device's name: what is computed on another one is computed anew. */
  readonly adapter: string;
  /** SHA-256 over the weights' files. */
  readonly hash: string;
  /** Side of a generated image in pixels. */
  readonly resolution: number;
  readonly embeddingWidth: number;
  /** [n, embeddingWidth], rows of length 1 */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  /** [n, embeddingWidth], rows of length 1 */
  embedImages(images: ImageList): Promise<Float32Array>;
  generator(settings: Spec["generator"]): Promise<Generator>;
  readonly learn: Sources["learn"];
  classifier(recipe: ClassifierRecipe): Promise<Classifier>;
}

/** The networks of a lab on a backend. */
export function networksOf(backend: Backend, models: LabModels): RunNetworks {
  return {
    adapter: backend.name,
    hash: models.hash,
    resolution: models.diffusion.resolution,
    embeddingWidth: models.embeddingWidth,
    embedTexts: (texts) => models.embedTexts(texts),
    embedImages: (images) => models.embedImages(images),
    generator: (settings) => createGenerator(backend, models, settings),
    learn: (...given) => learnGroups(backend, models, ...given),
    classifier: (recipe) => ClassifierTrainer.create(backend, recipe),
  };
}

async function createGenerator(backend: Backend, models: LabModels, settings: Spec["generator"]): Promise<Generator> {
  const schedule = scaledLinearSchedule();
  const steps = (settings.sampler === "ddim" ? ddimSteps : pndmSteps)(schedule, settings.steps);
  const [unconditional] = await models.encodePrompts([""]);
  const { batch, guidance } = settings;
  const options = { batch, guidance, steps, unconditional: unconditional! };
  const denoiser = new DenoiserWeights(models);
  const pipeline = await DiffusionPipeline.create(backend, models.variables, models.diffusion, options);
  return {
    generate: async (drafts, stream, { seed, signal, onImages, onStep, noiseLevel = 1, denoiser: wanted }) => {
      await denoiser.use(wanted);
      const watch = { signal, onImages, onStep: onStep && ((view: StepView) => onStep(previewed(view, models))) };
      const contexts = await contextsOf(drafts, models);
      const requests = drafts.map(({ sample }, i) => ({ context: contexts[i]!, sample }));
      const starts = drafts.flatMap(({ start }) => (start ? [start] : []));
      if (starts.length === 0) return pipeline.generate(requests, seed, stream, watch);
      if (starts.length < drafts.length)
        throw new ConfigError("generate", "a start for every draft or for none", String(starts.length));
      const tail = ddimSteps(schedule, settings.steps, { noiseLevel });
      const latents = await models.encodeImages({ count: starts.length, image: (i) => starts[i]! });
      const size = latents.length / starts.length;
      const started = requests.map((request, i) => {
        const clean = latents.subarray(i * size, (i + 1) * size);
        return { ...request, start: noised(schedule, tail[0]!.timestep, clean, seed, stream, request.sample) };
      });
      return pipeline.generate(started, seed, stream, { ...watch, steps: tail });
    },
    dispose: async () => {
      pipeline.dispose();
      await denoiser.use(undefined);
    },
  };
}

/** A step of the sampler, with pictures in the place of its latents. */
function previewed({ latents, ...step }: StepView, { networks, vaeHash }: LabModels): SamplingStep {
  const { latentShape, vaeDecoder } = networks;
  const map = latentPreviewOf(vaeHash, vaeDecoder.config.scalingFactor, latentShape[2]);
  return { ...step, preview: async () => previewLatents(await latents(), latentShape, map) };
}

/** What the denoiser is told of each draft. */
async function contextsOf(drafts: readonly Draft[], models: LabModels): Promise<Float32Array[]> {
  const plain = drafts.filter(({ word, conditioning }) => !word && !conditioning);
  const worded = drafts.flatMap(({ prompt, word }) => (word ? [{ template: prompt, word }] : []));
  const encoded = (await models.encodePrompts(plain.map(({ prompt }) => prompt))).values();
  const encodedWords = (await models.encodeWorded(worded)).values();
  return drafts.map(({ word, conditioning }) => conditioning ?? (word ? encodedWords : encoded).next().value!);
}
