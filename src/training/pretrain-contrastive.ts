/** Pre-training of CLIP on captioned pictures. */
import { contrastiveLoss, l2Normalise } from "../graph/ops/loss.ts";
import type { Clip } from "../models/clip/clip.ts";
import { endOfTextRows } from "../models/clip/text.ts";
import type { Parameter } from "../nn/parameters.ts";
import { RandomStream } from "../random.ts";
import type { ClipTokenizer } from "../tokenizer/clip-tokenizer.ts";
import { ExampleOrder } from "./order.ts";
import type { Pretraining } from "./pretrain.ts";
import { spoken } from "./spoken-caption.ts";

/** Captioned pictures to learn from. */
export interface CaptionedPictures {
  /** [n, resolution, resolution, 3] */
  readonly pixels: Uint8Array;
  readonly resolution: number;
  readonly captions: readonly string[];
  /** Which of them are used. */
  readonly indices: readonly number[];
}

/** Pixels that a picture is shifted at most, in both directions. */
const largestShift = 1;

/**
 * CLIP's objective over pictures in a random order, each shifted a little and with its brightness changed a little, each
 * with a text made of its caption by `spoken`.
 *
 * Radford et al. 2021, arXiv:2103.00020, section 2.3.
 */
export function contrastivePretraining(
  clip: Clip,
  tokenizer: ClipTokenizer,
  pictures: CaptionedPictures,
  { batch, seed }: { readonly batch: number; readonly seed: number },
): Pretraining {
  const { resolution } = pictures;
  const length = clip.config.text.maxPositions;
  const order = new ExampleOrder(pictures.indices.length, batch, seed, "clip order");
  const labels = Uint32Array.from({ length: batch }, (_, index) => index);
  return {
    label: "clip",
    parameters: clip.parameters.list(),
    firstScale,
    loss: (g) => {
      const images = clip.image.forward(g.input("images", [batch, resolution, resolution, 3]));
      const texts = clip.text.forward(g.input("ids", [batch, length], "u32"), g.input("ends", [batch], "u32"));
      const logScale = g.parameter(clip.logitScale);
      return contrastiveLoss(l2Normalise(images), l2Normalise(texts), logScale, g.input("labels", [batch], "u32"));
    },
    feed: (step) => {
      const random = new RandomStream(seed, `clip examples/${String(step)}`);
      const images = new Float32Array(batch * resolution * resolution * 3);
      const ids = new Uint32Array(batch * length);
      order.at(step).forEach((place, i) => {
        const index = pictures.indices[place]!;
        shifted(pictures, index, random, images.subarray(i * resolution * resolution * 3));
        ids.set(tokenizer.encodePrompt(spoken(pictures.captions[index]!, random), { length }), i * length);
      });
      return { images, ids, ends: endOfTextRows(ids, length, clip.config.text.endOfText), labels };
    },
  };
}

/** By how much first weights differ from those of a CLIP for millions of pairs; the first pattern that fits counts. */
const firstScales: readonly (readonly [RegExp, number])[] = [
  [/^text_model\..*\.token_embedding\./, 0.25],
  [/^text_model\..*\.position_embedding\./, 0.025],
  [/^text_model\..*\.v_proj\.weight$/, 16],
  [/^text_model\..*\.out_proj\.weight$|^text_projection\./, 8],
  [/\.(?:q_proj|k_proj|v_proj|fc2)\.weight$/, 2],
];

/**
 * The factor of a weight's first values.
 *
 * Adam's steps are about as long for one weight as for another, so a weight that starts small changes fast. Here rows of
 * the token table are to change fast, each seen only now and then, and the matrices that all tokens share slowly, so that
 * the tokens do not chase them; the norms after them take the scale out again. With transformers' own first values the
 * text tower learns captions by heart before it learns words (docs/pretraining.md).
 */
function firstScale({ checkpointName }: Parameter): number {
  return firstScales.find(([pattern]) => pattern.test(checkpointName))?.[1] ?? 1;
}

/** A picture moved by some pixels, its border repeated, with contrast and brightness changed a little. */
function shifted(
  { pixels, resolution }: CaptionedPictures,
  index: number,
  random: RandomStream,
  out: Float32Array,
): void {
  const dx = random.integer(2 * largestShift + 1) - largestShift;
  const dy = random.integer(2 * largestShift + 1) - largestShift;
  const contrast = (0.9 + 0.2 * random.uniform()) / 127.5;
  const brightness = 0.1 * (2 * random.uniform() - 1) - 1;
  const inside = (place: number): number => Math.min(Math.max(place, 0), resolution - 1);
  const start = index * resolution * resolution;
  for (let y = 0, at = 0; y < resolution; y++) {
    const row = start + inside(y + dy) * resolution;
    for (let x = 0; x < resolution; x++) {
      const source = (row + inside(x + dx)) * 3;
      for (let c = 0; c < 3; c++, at++) out[at] = pixels[source + c]! * contrast + brightness;
    }
  }
}
