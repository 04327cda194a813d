/** The examples of an adaptation: which pictures, with which noise and texts, and how they go into its programs. */
import type { Values } from "../backends/backend.ts";
import { joinRows } from "../data/rows.ts";
import { drawNoise } from "../diffusion/denoising-loss.ts";
import { scaledLinearSchedule } from "../diffusion/schedule.ts";
import type { GappedTexts } from "../models/clip/pseudo-word.ts";
import { RandomStream } from "../random.ts";
import type { AdaptationGroup, AdaptationRecipe } from "./adaptation-recipe.ts";

/** A picture with what was drawn for it. */
export interface Example {
  /** Row of the table that it reads. */
  readonly slot: number;
  readonly latents: Float32Array;
  readonly template: string;
  readonly noise: Float32Array;
  readonly timestep: number;
  readonly signal: number;
  readonly spread: number;
}

/** Latents of a group, not yet noised. */
interface Clean {
  readonly slot: number;
  readonly latents: Float32Array;
}

const schedule = scaledLinearSchedule();

/**
 * The examples of a step: each picture as it is or mirrored, with noise, timestep and text of its own.
 *
 * @param chosen a slot and a picture of its group each
 * @param stream with the step decides what is drawn
 */
export function trainingExamples(
  chosen: readonly { readonly slot: number; readonly picture: AdaptationGroup["pictures"][number] }[],
  recipe: AdaptationRecipe,
  stream: string,
  step: number,
): Example[] {
  const random = new RandomStream(recipe.seed, `${stream}/texts/${String(step)}`);
  const clean = chosen.map(({ slot, picture: [plain, mirrored] }) => {
    return { slot, latents: random.uniform() < recipe.flip ? mirrored : plain };
  });
  return noised(clean, recipe, `${stream}/noise`, step, random);
}

/** A group's validation examples: always the same noise, timesteps and texts. */
export function validationExamples(
  { key, validation }: AdaptationGroup,
  slot: number,
  recipe: AdaptationRecipe,
): Example[] {
  const stream = `${recipe.stream}/${key}/validation`;
  const clean = validation.flatMap((latents) => Array.from({ length: recipe.draws }, () => ({ slot, latents })));
  return noised(clean, recipe, stream, 0, new RandomStream(recipe.seed, `${stream} texts`));
}

function noised(
  clean: readonly Clean[],
  { seed, templates }: AdaptationRecipe,
  stream: string,
  step: number,
  random: RandomStream,
): Example[] {
  const size = clean[0]!.latents.length;
  const draw = drawNoise(schedule, clean.length, size, seed, stream, step);
  return clean.map(({ slot, latents }, i) => ({
    ...{ slot, latents },
    template: templates.length > 0 ? templates[random.integer(templates.length)]! : "",
    noise: draw.noise.subarray(i * size, (i + 1) * size),
    timestep: draw.timesteps[i]!,
    signal: draw.signal[i]!,
    spread: draw.spread[i]!,
  }));
}

/** The inputs of an adaptation's programs. @param texts tokenises the templates, where words are learned */
export function inputsOf(
  examples: readonly Example[],
  texts: ((templates: readonly string[]) => GappedTexts) | undefined,
): Record<string, Values> {
  return {
    latents: joinRows(examples.map(({ latents }) => latents)),
    noise: joinRows(examples.map(({ noise }) => noise)),
    timesteps: Uint32Array.from(examples, ({ timestep }) => timestep),
    signal: Float32Array.from(examples, ({ signal }) => signal),
    spread: Float32Array.from(examples, ({ spread }) => spread),
    slots: Uint32Array.from(examples, ({ slot }) => slot),
    ...(texts ? texts(examples.map(({ template }) => template)) : {}),
  };
}
