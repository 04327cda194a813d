/** Pre-training of the denoiser on latents that were computed beforehand, told what it sees by CLIP's frozen text tower. */
import { denoisingLoss, drawNoise, minSnrWeights } from "../diffusion/denoising-loss.ts";
import type { Schedule } from "../diffusion/schedule.ts";
import type { ClipText } from "../models/clip/text.ts";
import type { Unet } from "../models/unet/unet.ts";
import { RandomStream } from "../random.ts";
import type { ClipTokenizer } from "../tokenizer/clip-tokenizer.ts";
import { ExampleOrder } from "./order.ts";
import type { Pretraining } from "./pretrain.ts";
import { spoken } from "./spoken-caption.ts";

/** Examples of a denoiser. */
export interface DenoiserExamples {
  /** [captions, h, w, c], scaled to about unit variance */
  readonly latents: Float32Array;
  /** [h, w, c] */
  readonly latentShape: readonly [number, number, number];
  /** One a picture. */
  readonly captions: readonly string[];
}

/** The networks of a denoiser's training; the text tower's weights stay as they are. */
export interface DenoiserNetworks {
  readonly unet: Unet;
  readonly text: ClipText;
  readonly tokenizer: ClipTokenizer;
}

/**
 * The denoiser's objective over examples in a random order, each with a text made of its caption by `spoken`.
 * @param dropout the chance that a text is replaced by the empty prompt, so that guidance can be used
 */
export function denoiserPretraining(
  { unet, text, tokenizer }: DenoiserNetworks,
  { latents, latentShape, captions }: DenoiserExamples,
  schedule: Schedule,
  { batch, seed, dropout }: { readonly batch: number; readonly seed: number; readonly dropout: number },
): Pretraining {
  const size = latentShape.reduce((product, length) => product * length, 1);
  const length = text.config.maxPositions;
  const order = new ExampleOrder(captions.length, batch, seed, "unet order");
  return {
    label: "unet",
    parameters: unet.parameters.list(),
    loss: (g) =>
      denoisingLoss(
        (sample, timestep, encoderHiddenStates) => unet.forward({ sample, timestep, encoderHiddenStates }),
        {
          latents: g.input("latents", [batch, ...latentShape]),
          noise: g.input("noise", [batch, ...latentShape]),
          signal: g.input("signal", [batch]),
          spread: g.input("spread", [batch]),
          timesteps: g.input("timesteps", [batch], "u32"),
          weights: g.input("weights", [batch]),
          context: text.encode(text.embed(g.input("ids", [batch, length], "u32"))),
        },
      ),
    feed: (step) => {
      const random = new RandomStream(seed, `unet texts/${String(step)}`);
      const chosen = new Float32Array(batch * size);
      const ids = new Uint32Array(batch * length);
      order.at(step).forEach((index, i) => {
        chosen.set(latents.subarray(index * size, (index + 1) * size), i * size);
        const prompt = random.uniform() < dropout ? "" : spoken(captions[index]!, random);
        ids.set(tokenizer.encodePrompt(prompt, { length }), i * length);
      });
      const draw = drawNoise(schedule, batch, size, seed, "unet noise", step);
      return { latents: chosen, ids, ...draw, weights: minSnrWeights(schedule, draw.timesteps) };
    },
  };
}
