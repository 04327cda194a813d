/** What a run asks of the device: images from prompts, embeddings, classifiers. */
import type { Backend } from "../backends/backend.ts";
import { ddimSteps } from "../diffusion/ddim.ts";
import { DiffusionPipeline } from "../diffusion/pipeline.ts";
import { pndmSteps } from "../diffusion/pndm.ts";
import { scaledLinearSchedule } from "../diffusion/schedule.ts";
import type { Sources } from "../methods/method.ts";
import { ClassifierTrainer, type ClassifierRecipe } from "../training/classifier.ts";
import type { ImageList, LabModels } from "./lab-models.ts";
import type { Spec } from "./spec.ts";

/** A diffusion model with its sampler, ready for prompts. */
export interface Generator {
  readonly generate: Sources["generate"];
  dispose(): void;
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
    classifier: (recipe) => ClassifierTrainer.create(backend, recipe),
  };
}

async function createGenerator(backend: Backend, models: LabModels, settings: Spec["generator"]): Promise<Generator> {
  const schedule = scaledLinearSchedule();
  const steps = (settings.sampler === "ddim" ? ddimSteps : pndmSteps)(schedule, settings.steps);
  const [unconditional] = await models.encodePrompts([""]);
  const { batch, guidance } = settings;
  const options = { batch, guidance, steps, unconditional: unconditional! };
  const pipeline = await DiffusionPipeline.create(backend, models.variables, models.diffusion, options);
  return {
    generate: async (drafts, stream, { seed, signal, onImages }) => {
      const contexts = await models.encodePrompts(drafts.map(({ prompt }) => prompt));
      const requests = drafts.map(({ sample }, i) => ({ context: contexts[i]!, sample }));
      return pipeline.generate(requests, seed, stream, {
        ...(signal ? { signal } : {}),
        ...(onImages ? { onImages } : {}),
      });
    },
    dispose: () => {
      pipeline.dispose();
    },
  };
}
