/** Pre-training of the denoiser on latents and the text tower's conditioning, both computed beforehand. */
import { denoisingLoss, drawNoise } from "../diffusion/denoising-loss.ts";
import type { Schedule } from "../diffusion/schedule.ts";
import type { Unet } from "../models/unet/unet.ts";
import { fillUniform, streamKey } from "../random.ts";
import { ExampleOrder } from "./order.ts";
import type { Pretraining } from "./pretrain.ts";

/** Examples of a denoiser. */
export interface DenoiserExamples {
  readonly count: number;
  /** [count, h, w, c], scaled to about unit variance */
  readonly latents: Float32Array;
  /** [h, w, c] */
  readonly latentShape: readonly [number, number, number];
  /** [count, tokens, width] */
  readonly contexts: Float32Array;
  /** [tokens, width] */
  readonly contextShape: readonly [number, number];
  /** [tokens, width], of the empty prompt */
  readonly unconditional: Float32Array;
}

/**
 * The denoiser's objective over examples in a random order.
 * @param dropout the chance that a caption is replaced by the empty prompt, so that guidance can be used
 */
export function denoiserPretraining(
  unet: Unet,
  examples: DenoiserExamples,
  schedule: Schedule,
  { batch, seed, dropout }: { readonly batch: number; readonly seed: number; readonly dropout: number },
): Pretraining {
  const size = examples.latentShape.reduce((product, length) => product * length, 1);
  const contextSize = examples.contextShape[0] * examples.contextShape[1];
  const order = new ExampleOrder(examples.count, batch, seed, "unet order");
  const dropKey = streamKey(seed, "unet caption dropout");
  return {
    label: "unet",
    parameters: unet.parameters.list(),
    loss: (g) =>
      denoisingLoss(
        (sample, timestep, encoderHiddenStates) => unet.forward({ sample, timestep, encoderHiddenStates }),
        {
          latents: g.input("latents", [batch, ...examples.latentShape]),
          noise: g.input("noise", [batch, ...examples.latentShape]),
          signal: g.input("signal", [batch]),
          spread: g.input("spread", [batch]),
          timesteps: g.input("timesteps", [batch], "u32"),
          context: g.input("context", [batch, ...examples.contextShape]),
        },
      ),
    feed: (step) => {
      const latents = new Float32Array(batch * size);
      const context = new Float32Array(batch * contextSize);
      const drops = new Float32Array(batch);
      fillUniform(drops, dropKey, 0, step);
      order.at(step).forEach((index, i) => {
        latents.set(examples.latents.subarray(index * size, (index + 1) * size), i * size);
        const caption = examples.contexts.subarray(index * contextSize, (index + 1) * contextSize);
        context.set(drops[i]! < dropout ? examples.unconditional : caption, i * contextSize);
      });
      return { latents, context, ...drawNoise(schedule, batch, size, seed, "unet noise", step) };
    },
  };
}
