/** The networks of a world, loaded and ready: prompts to conditioning, texts and images to one space, images to latents. */
import type { Backend, Program, Variables } from "../backends/backend.ts";
import { signedPixels } from "../data/image.ts";
import type { Image } from "../data/image.ts";
import type { LatentDiffusion } from "../diffusion/pipeline.ts";
import type { Graph } from "../graph/graph.ts";
import { trace } from "../graph/graph.ts";
import { affine } from "../graph/ops/elementwise.ts";
import { l2Normalise } from "../graph/ops/loss.ts";
import { slice } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Clip } from "../models/clip/clip.ts";
import { parseClipImageConfig, parseClipTextConfig } from "../models/clip/config.ts";
import { embedWithWords, gappedTexts } from "../models/clip/pseudo-word.ts";
import { endOfTextRows } from "../models/clip/text.ts";
import type { ConfigJson } from "../models/config-fields.ts";
import { parseUnetConfig } from "../models/unet/config.ts";
import { Unet } from "../models/unet/unet.ts";
import { parseVaeConfig } from "../models/vae/config.ts";
import { VaeDecoder } from "../models/vae/decoder.ts";
import { VaeEncoder } from "../models/vae/encoder.ts";
import { Parameters } from "../nn/parameters.ts";
import { sha256, sha256Text } from "../storage/hash.ts";
import { ClipTokenizer, parseMerges } from "../tokenizer/clip-tokenizer.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { loadParameters } from "../weights/checkpoint.ts";
import { openSafetensors } from "../weights/safetensors.ts";

/** Gives a model file's bytes by its path in the models' folder. */
export type ReadModelFile = (path: string) => Promise<Uint8Array>;

/** Square pictures by number. */
export interface ImageList {
  readonly count: number;
  image(index: number): Image;
}

/** The networks' configurations, as their config.json files hold them. */
export interface LabConfigs {
  readonly text: ConfigJson;
  readonly vision: ConfigJson;
  readonly vae: ConfigJson;
  readonly unet: ConfigJson;
}

/** The files of a models' folder. */
export const modelFiles = {
  merges: "tokenizer/merges.txt",
  clip: "clip/model.safetensors",
  clipConfig: "clip/config.json",
  vae: "vae/diffusion_pytorch_model.safetensors",
  vaeConfig: "vae/config.json",
  unet: "unet/diffusion_pytorch_model.safetensors",
  unetConfig: "unet/config.json",
} as const;

/** Networks without weights: the modules, and the lists of what they ask for. */
export class LabNetworks {
  readonly clip: Clip;
  readonly vaeEncoder: VaeEncoder;
  readonly vaeDecoder: VaeDecoder;
  readonly unet: Unet;

  constructor(
    readonly tokenizer: ClipTokenizer,
    readonly configs: LabConfigs,
  ) {
    const text = parseClipTextConfig(configs.text, modelFiles.clipConfig);
    const image = parseClipImageConfig(configs.vision, modelFiles.clipConfig);
    this.clip = new Clip(new Parameters("clip."), { text, image });
    const vae = new Parameters("vae.");
    const vaeConfig = parseVaeConfig(configs.vae, modelFiles.vaeConfig);
    this.vaeEncoder = new VaeEncoder(vae, vaeConfig);
    this.vaeDecoder = new VaeDecoder(vae, vaeConfig);
    this.unet = new Unet(new Parameters("unet."), parseUnetConfig(configs.unet, modelFiles.unetConfig));
  }

  /** Side of the images. */
  get resolution(): number {
    return this.clip.config.image.imageSize;
  }

  /** [h, w, c] of an image's latents. */
  get latentShape(): [number, number, number] {
    const { blockOutChannels, latentChannels } = this.vaeEncoder.config;
    const side = this.resolution / 2 ** (blockOutChannels.length - 1);
    return [side, side, latentChannels];
  }

  /** [tokens, width] of a prompt's conditioning. */
  get contextShape(): [number, number] {
    const { maxPositions, hiddenSize } = this.clip.config.text;
    return [maxPositions, hiddenSize];
  }

  /** The denoiser and decoder as the sampling pipeline takes them. */
  diffusion(): LatentDiffusion {
    const { scalingFactor } = this.vaeDecoder.config;
    return {
      denoise: (sample, timestep, encoderHiddenStates) => this.unet.forward({ sample, timestep, encoderHiddenStates }),
      decode: (latents) => this.vaeDecoder.forward(affine(latents, 1 / scalingFactor)),
      latentShape: this.latentShape,
      contextShape: this.contextShape,
      resolution: this.resolution,
    };
  }
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

/** Everything that methods and analyses ask of the networks. */
export interface LabModels {
  /** Weights of all networks. */
  readonly variables: Variables;
  readonly diffusion: LatentDiffusion;
  /** The modules that the weights belong to. */
  readonly networks: LabNetworks;
  /** Each template's conditioning with its pseudo-word, [tokens, width]. */
  encodeWorded(texts: readonly WordedText[]): Promise<Float32Array[]>;
  /** Each text's conditioning, [tokens, width]. */
  encodePrompts(texts: readonly string[]): Promise<Float32Array[]>;
  /** [n, dim], rows of length 1 */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  /** [n, dim], rows of length 1 */
  embedImages(images: ImageList): Promise<Float32Array>;
  /** The means of images' latents, scaled as the denoiser sees them. @returns [n, h, w, c] */
  encodeImages(images: ImageList): Promise<Float32Array>;
  readonly embeddingWidth: number;
  /** SHA-256 over the files: equal exactly when the networks are. */
  readonly hash: string;
}

/**
 * Loads a models' folder.
 * @throws MissingError, ShapeError, ConfigError, FormatError naming file and key
 */
export async function loadLabModels(backend: Backend, read: ReadModelFile): Promise<LabModels> {
  const { networks, variables, hash } = await loadNetworks(backend, read, ["clip", "vae", "unet"]);
  const encoders = new LabEncoders(backend, variables, networks);
  const [tokens, width] = networks.contextShape;
  const rowsOf = (contexts: Float32Array, count: number): Float32Array[] => {
    const size = tokens * width;
    return Array.from({ length: count }, (_, i) => contexts.slice(i * size, (i + 1) * size));
  };
  return {
    variables,
    diffusion: networks.diffusion(),
    networks,
    encodePrompts: async (texts) => rowsOf((await encoders.texts(texts)).contexts, texts.length),
    encodeWorded: async (texts) => rowsOf(await encoders.worded(texts), texts.length),
    embedTexts: async (texts) => (await encoders.texts(texts)).embeddings,
    embedImages: (images) => encoders.images(images),
    encodeImages: (images) => encoders.latents(images),
    embeddingWidth: networks.clip.config.text.projectionDim,
    hash,
  };
}

/** A part of the networks, each with a file of its own. */
export type NetworkPart = "clip" | "vae" | "unet";

/** Builds the networks and loads the weights of some parts. */
export async function loadNetworks(
  backend: Backend,
  read: ReadModelFile,
  parts: readonly NetworkPart[],
): Promise<{ readonly networks: LabNetworks; readonly variables: Variables; readonly hash: string }> {
  const hashes: string[] = [];
  const bytes = async (path: string): Promise<Uint8Array> => {
    const content = await read(path);
    hashes.push(`${path} ${await sha256(content)}`);
    return content;
  };
  const json = async (path: string): Promise<ConfigJson> =>
    JSON.parse(new TextDecoder().decode(await bytes(path))) as ConfigJson;
  const tokenizer = ClipTokenizer.fromMerges(parseMerges(new TextDecoder().decode(await bytes(modelFiles.merges))));
  const clip = (await json(modelFiles.clipConfig)) as { text_config: ConfigJson; vision_config: ConfigJson };
  const networks = new LabNetworks(tokenizer, {
    text: clip.text_config,
    vision: clip.vision_config,
    vae: await json(modelFiles.vaeConfig),
    unet: await json(modelFiles.unetConfig),
  });
  const variables = backend.variables();
  const lists = { clip: networks.clip.parameters, vae: networks.vaeEncoder.parameters, unet: networks.unet.parameters };
  for (const part of parts) {
    const path = modelFiles[part];
    await loadParameters(lists[part], variables, await openSafetensors(bytesSource(path, await bytes(path))));
  }
  return { networks, variables, hash: await sha256Text(hashes.join("\n")) };
}
