/** Texts and images to what the networks make of them, in batches. */
import type { Backend, Program, Variables } from "../backends/backend.ts";
import { signedPixels } from "../data/image.ts";
import type { Image } from "../data/image.ts";
import type { Graph } from "../graph/graph.ts";
import { trace } from "../graph/graph.ts";
import { affine } from "../graph/ops/elementwise.ts";
import { l2Normalise } from "../graph/ops/loss.ts";
import { slice } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { embedWithWords, gappedTexts } from "../models/clip/pseudo-word.ts";
import { endOfTextRows } from "../models/clip/text.ts";
import type { LabNetworks } from "./lab-networks.ts";

/** Square pictures by number. */
export interface ImageList {
  readonly count: number;
  image(index: number): Image;
}

/** A template with a slot `{}`, and the embedding of the word that stands in it. */
export interface WordedText {
  readonly template: string;
  /** [width] */
  readonly word: Float32Array;
}

/** Texts' conditioning and embeddings. */
export interface EncodedTexts {
  /** [n, tokens, width] */
  readonly contexts: Float32Array;
  /** [n, dim], rows of length 1 */
  readonly embeddings: Float32Array;
}

/** Runs the encoders of networks whose weights are in place, in batches. */
export class LabEncoders {
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(
    private readonly backend: Backend,
    private readonly variables: Variables,
    readonly networks: LabNetworks,
    private readonly batch = 32,
  ) {}

  /** Encodes texts with CLIP's text tower. */
  async texts(texts: readonly string[]): Promise<EncodedTexts> {
    const { tokenizer, clip, contextShape } = this.networks;
    const [length, width] = contextShape;
    const { batch } = this;
    const program = await this.#program("text", (g) => {
      const hidden = clip.text.encode(clip.text.embed(g.input("ids", [batch, length], "u32")));
      return { contexts: hidden, embeddings: l2Normalise(clip.text.project(hidden, g.input("ends", [batch], "u32"))) };
    });
    const dim = clip.config.text.projectionDim;
    const contexts = new Float32Array(texts.length * length * width);
    const embeddings = new Float32Array(texts.length * dim);
    await this.#batches(texts.length, async (indices, start, count) => {
      const ids = new Uint32Array(batch * length);
      indices.forEach((index, i) => ids.set(tokenizer.encodePrompt(texts[index]!, { length }), i * length));
      await program.run({ ids, ends: endOfTextRows(ids, length, clip.config.text.endOfText) });
      contexts.set((await program.read("contexts")).subarray(0, count * length * width), start * length * width);
      embeddings.set((await program.read("embeddings")).subarray(0, count * dim), start * dim);
    });
    return { contexts, embeddings };
  }

  /** The conditioning of templates with pseudo-words. @returns [n, tokens, width] */
  async worded(texts: readonly WordedText[]): Promise<Float32Array> {
    const { tokenizer, clip, contextShape } = this.networks;
    const [length, width] = contextShape;
    const { batch } = this;
    const program = await this.#program("worded text", (g) => {
      const ids = g.input("ids", [batch, length], "u32");
      const embedded = embedWithWords(
        clip.text,
        ids,
        g.input("gaps", [batch, length]),
        g.input("words", [batch, width]),
      );
      return { contexts: clip.text.encode(embedded) };
    });
    const contexts = new Float32Array(texts.length * length * width);
    await this.#batches(texts.length, async (indices, start, count) => {
      const gapped = gappedTexts(
        tokenizer,
        indices.map((index) => texts[index]!.template),
        length,
      );
      const words = new Float32Array(batch * width);
      indices.forEach((index, i) => words.set(texts[index]!.word, i * width));
      await program.run({ ...gapped, words });
      contexts.set((await program.read("contexts")).subarray(0, count * length * width), start * length * width);
    });
    return contexts;
  }

  /** Embeds images with CLIP's image tower. @returns [n, dim], rows of length 1 */
  async images(images: ImageList): Promise<Float32Array> {
    const { clip, resolution } = this.networks;
    const program = await this.#program("image", (g) => ({
      embeddings: l2Normalise(clip.image.forward(g.input("images", [this.batch, resolution, resolution, 3]))),
    }));
    return this.#overImages(images, program, "embeddings", clip.config.image.projectionDim);
  }

  /** The means of images' latents, scaled as the denoiser sees them. @returns [n, h, w, c] */
  async latents(images: ImageList): Promise<Float32Array> {
    const { vaeEncoder, resolution, latentShape } = this.networks;
    const program = await this.#program("latents", (g) => {
      const moments = vaeEncoder.forward(g.input("images", [this.batch, resolution, resolution, 3]));
      return { latents: affine(slice(moments, 0, latentShape[2]), vaeEncoder.config.scalingFactor) };
    });
    return this.#overImages(images, program, "latents", latentShape[0] * latentShape[1] * latentShape[2]);
  }

  /** Images after encoding to the mean and decoding. @returns [n, resolution, resolution, 3] in about [-1, 1] */
  async reconstructions(images: ImageList): Promise<Float32Array> {
    const { vaeEncoder, vaeDecoder, resolution, latentShape } = this.networks;
    const program = await this.#program("reconstruction", (g) => {
      const moments = vaeEncoder.forward(g.input("images", [this.batch, resolution, resolution, 3]));
      return { images: vaeDecoder.forward(slice(moments, 0, latentShape[2])) };
    });
    return this.#overImages(images, program, "images", resolution * resolution * 3);
  }

  /** Releases the programs; the weights stay. */
  async dispose(): Promise<void> {
    for (const program of this.#programs.values()) (await program).dispose();
    this.#programs.clear();
  }

  #program(label: string, build: Build): Promise<Program> {
    let program = this.#programs.get(label);
    if (!program) {
      program = this.backend.compile(trace(build), this.variables, { label: `encode ${label}` });
      this.#programs.set(label, program);
    }
    return program;
  }

  async #overImages(images: ImageList, program: Program, output: string, size: number): Promise<Float32Array> {
    const { resolution } = this.networks;
    const all = new Float32Array(images.count * size);
    await this.#batches(images.count, async (indices, start, count) => {
      const pixels = new Float32Array(indices.length * resolution * resolution * 3);
      indices.forEach((index, i) => {
        signedPixels(images.image(index).data, resolution, [0], pixels.subarray(i * resolution * resolution * 3));
      });
      await program.run({ images: pixels });
      all.set((await program.read(output)).subarray(0, count * size), start * size);
    });
    return all;
  }

  /** Calls `run` for each batch; the last one repeats its last index to be full. */
  async #batches(
    count: number,
    run: (indices: number[], start: number, count: number) => Promise<void>,
  ): Promise<void> {
    for (let start = 0; start < count; start += this.batch) {
      const here = Math.min(this.batch, count - start);
      await run(
        Array.from({ length: this.batch }, (_, i) => start + Math.min(i, here - 1)),
        start,
        here,
      );
    }
  }
}

type Build = (g: Graph) => Readonly<Record<string, Tensor>>;
