import type { Backend } from "../../src/backends/backend.ts";
import { loadNetworks } from "../../src/experiment/lab-models.ts";
import { gappedTexts } from "../../src/models/clip/pseudo-word.ts";
import { RandomStream } from "../../src/random.ts";
import type { AdaptationGroup, AdaptationRecipe } from "../../src/training/adaptation-recipe.ts";
import { randomModels, tinyConfigs } from "../experiment/tiny-models.ts";

const files = randomModels(tinyConfigs);

/** Tiny networks with random weights, to be adapted. `width`: of a conditioning. */
export async function tinyLab(backend: Backend) {
  const found = await files;
  const read = (path: string): Promise<Uint8Array> => Promise.resolve(found.get(path)!);
  const { networks, variables } = await loadNetworks(backend, read, ["clip", "unet"]);
  const { unet, clip, tokenizer, contextShape, latentShape } = networks;
  // Fresh networks end their residual branches in zeros, behind which nothing is learned.
  for (const { name, shape, dtype } of unet.parameters.list()) {
    const random = new RandomStream(3, name);
    const values = (await variables.get(name)).map((value) => value + 0.3 * (random.uniform() - 0.5));
    variables.set(name, { shape, dtype }, values);
  }
  const texts = (templates: readonly string[]) => gappedTexts(tokenizer, templates, contextShape[0]);
  const adapted = { unet, text: clip.text, latentShape, texts };
  return { variables, networks: adapted, contextShape, width: contextShape[0] * contextShape[1] };
}

function uniform(name: string, size: number): Float32Array {
  const random = new RandomStream(1, name);
  return Float32Array.from({ length: size }, () => random.uniform() * 2 - 1);
}

/** A group of random latents. */
export function groupOf(key: string, pictures: number, width: number, validation = 1): AdaptationGroup {
  const latents = (name: string): Float32Array => uniform(`${key} ${name}`, 8 * 8 * 4);
  return {
    key,
    pictures: Array.from(
      { length: pictures },
      (_, i) => [latents(String(i)), latents(`${String(i)} mirrored`)] as const,
    ),
    validation: Array.from({ length: validation }, (_, i) => latents(`validation ${String(i)}`)),
    start: uniform(`${key} start`, width),
  };
}

/** Conditionings of two groups at once, two epochs. */
export const adaptationRecipe: AdaptationRecipe = {
  ...{ learns: "conditioning", templates: [], trainsDenoiser: false, rate: 0.02, denoiserRate: 0, weightDecay: 0 },
  ...{ examples: 2, atOnce: 2, maxEpochs: 2, patience: 2, checkpoint: 2, flip: 0.5, draws: 2, stream: "test", seed: 5 },
};
