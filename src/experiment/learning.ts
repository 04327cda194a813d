/** What methods learn with the networks of a lab, and the denoiser that they learned put in place. */
import type { Backend, Values } from "../backends/backend.ts";
import { mirrored } from "../data/image.ts";
import { splitRows } from "../data/rows.ts";
import type { LearnGroup, Sampling } from "../methods/method.ts";
import { gappedTexts, meanEmbedding } from "../models/clip/pseudo-word.ts";
import type { AdaptationRecipe } from "../training/adaptation-recipe.ts";
import type { Adaptation, AdaptationOptions } from "../training/adaptation.ts";
import { adapt } from "../training/adaptation.ts";
import type { ImageList } from "./lab-encoders.ts";
import type { LabModels } from "./lab-models.ts";

/**
 * Encodes the groups' pictures and adapts to them.
 *
 * @returns undefined when the signal stopped it
 * @see Sources.learn
 */
export async function learnGroups(
  backend: Backend,
  models: LabModels,
  groups: readonly LearnGroup[],
  recipe: AdaptationRecipe,
  options: AdaptationOptions,
): Promise<Adaptation | undefined> {
  const { unet, clip, tokenizer, latentShape, contextShape } = models.networks;
  const { text } = clip;
  const networks = {
    ...{ unet, text, latentShape },
    texts: (templates: readonly string[]) => gappedTexts(tokenizer, templates, contextShape[0]),
  };
  const starts = await startsOf(groups, recipe.learns, models);
  const prepared = [];
  for (const [i, { key, images, validation }] of groups.entries()) {
    if (options.signal?.aborted) return undefined;
    const plain = await latentsOf({ count: images.length, image: (n) => images[n]! }, models);
    const turned =
      recipe.flip === 0 ? plain : await latentsOf({ count: images.length, image: (n) => mirrored(images[n]!) }, models);
    prepared.push({
      key,
      pictures: plain.map((latents, n) => [latents, turned[n]!] as const),
      validation: await latentsOf({ count: validation.length, image: (n) => validation[n]! }, models),
      start: starts[i]!,
    });
  }
  return adapt(backend, models.variables, networks, prepared, recipe, options);
}

/** The conditioning of each group's prompt, or the embedding of its word. */
async function startsOf(
  groups: readonly LearnGroup[],
  learns: AdaptationRecipe["learns"],
  { networks, variables, encodePrompts }: LabModels,
): Promise<Float32Array[]> {
  if (learns === "conditioning") return encodePrompts(groups.map(({ start }) => start));
  const { text } = networks.clip;
  const name = "text_model.embeddings.token_embedding.weight";
  const table = (await variables.get(text.parameters.get(name).name)) as Float32Array;
  return groups.map(({ start }) => meanEmbedding(networks.tokenizer, start, table, text.config.hiddenSize));
}

async function latentsOf(images: ImageList, models: LabModels): Promise<Float32Array[]> {
  const all = await models.encodeImages(images);
  return splitRows(all, all.length / images.count);
}

/** Lets a denoiser that was learned stand in for the networks' own. */
export class DenoiserWeights {
  readonly #own = new Map<string, Values>();
  #inPlace: string | undefined;

  constructor(private readonly models: LabModels) {}

  /** Puts weights in place, or the networks' own back. @param wanted nothing for their own */
  async use(wanted: Sampling["denoiser"]): Promise<void> {
    if (wanted?.id === this.#inPlace) return;
    const { variables } = this.models;
    if (wanted && this.#own.size === 0)
      for (const name of wanted.weights.keys()) this.#own.set(name, await variables.get(name));
    for (const [name, values] of wanted?.weights ?? this.#own) variables.set(name, variables.spec(name)!, values);
    this.#inPlace = wanted?.id;
  }
}
