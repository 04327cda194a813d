/** Pre-training of CLIP's image tower alone, towards a text tower that stays as it is. */
import { affine } from "../graph/ops/elementwise.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { l2Normalise, sigmoidLoss } from "../graph/ops/loss.ts";
import { signedPixels } from "../data/image.ts";
import type { Clip } from "../models/clip/clip.ts";
import type { CaptionParts } from "./caption-parts.ts";
import { ExampleOrder } from "./order.ts";
import type { Pretraining } from "./pretrain.ts";

/**
 * The logit of a picture and a part is scale · cosine + offset. The values are those that pictures' embeddings end at
 * when they are free to be anything (docs/pretraining.md); SigLIP learns them and begins at 10 and −10.
 */
const scale = 12.5;
const offset = -10.5;

/** Pictures to learn from: [n, resolution, resolution, 3], and which of them are used. */
export interface PlainPictures {
  readonly pixels: Uint8Array;
  readonly resolution: number;
  readonly indices: readonly number[];
}

/**
 * Asks of each picture, as it is, which of all captions' parts its own caption says. What reads the text tower, such as a
 * denoiser, stays valid.
 *
 * @param parts by the text tower whose image tower learns
 *
 * Zhai et al. 2023, arXiv:2303.15343: a sigmoid for every pair, here of pictures and parts of captions.
 */
export function imageTowerPretraining(
  clip: Clip,
  parts: CaptionParts,
  { pixels, resolution, indices }: PlainPictures,
  { batch, seed }: { readonly batch: number; readonly seed: number },
): Pretraining {
  const count = parts.texts.length;
  const width = clip.config.text.projectionDim;
  const order = new ExampleOrder(indices.length, batch, seed, "clip order");
  return {
    label: "clip",
    parameters: clip.parameters.list().map((parameter) => {
      return parameter.checkpointName.startsWith("vis") ? parameter : { ...parameter, trainable: false };
    }),
    loss: (g) => {
      const images = l2Normalise(clip.image.forward(g.input("images", [batch, resolution, resolution, 3])));
      const cosines = matmul(images, g.input("parts", [count, width]), { transposeB: true });
      return sigmoidLoss(affine(cosines, scale, offset), g.input("said", [batch, count]));
    },
    feed: (step) => {
      const rows = Array.from(order.at(step), (place) => indices[place]!);
      const said = new Float32Array(batch * count);
      rows.forEach((row, i) => {
        for (const part of parts.said[row]!) said[i * count + part] = 1;
      });
      return { images: signedPixels(pixels, resolution, rows), parts: parts.embeddings, said };
    },
  };
}
