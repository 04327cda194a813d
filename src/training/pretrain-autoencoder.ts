/** Pre-training of the variational autoencoder on pictures alone. */
import { signedPixels } from "../data/image.ts";
import type { VaeDecoder } from "../models/vae/decoder.ts";
import type { VaeEncoder } from "../models/vae/encoder.ts";
import { fillNormal, streamKey } from "../random.ts";
import { autoencoderLoss } from "./autoencoder-loss.ts";
import { ExampleOrder } from "./order.ts";
import type { Pretraining } from "./pretrain.ts";

/** Pictures to learn from. */
export interface Pictures {
  /** [n, resolution, resolution, 3] */
  readonly pixels: Uint8Array;
  readonly resolution: number;
  /** Which of them are used. */
  readonly indices: readonly number[];
}

/**
 * The autoencoder's objective over pictures in a random order.
 * @param divergence the weight of the divergence from a standard normal
 */
export function autoencoderPretraining(
  encoder: VaeEncoder,
  decoder: VaeDecoder,
  pictures: Pictures,
  { batch, seed, divergence }: { readonly batch: number; readonly seed: number; readonly divergence: number },
): Pretraining {
  const { resolution } = pictures;
  const side = resolution / 2 ** (encoder.config.blockOutChannels.length - 1);
  const latentShape = [batch, side, side, encoder.config.latentChannels];
  const order = new ExampleOrder(pictures.indices.length, batch, seed, "vae order");
  const key = streamKey(seed, "vae noise");
  return {
    label: "vae",
    parameters: [
      ...encoder.parameters.list(),
      ...decoder.parameters.list().filter((p) => !encoder.parameters.list().includes(p)),
    ],
    loss: (g) =>
      autoencoderLoss(
        g.input("images", [batch, resolution, resolution, 3]),
        g.input("noise", latentShape),
        (images) => encoder.forward(images),
        (latents) => decoder.forward(latents),
        divergence,
      ).loss,
    feed: (step) => {
      const noise = new Float32Array(batch * side * side * encoder.config.latentChannels);
      fillNormal(noise, key, 0, step);
      const chosen = Array.from(order.at(step), (place) => pictures.indices[place]!);
      return { images: signedPixels(pictures.pixels, resolution, chosen), noise };
    },
  };
}
