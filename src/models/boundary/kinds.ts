/** The models as other libraries know them: their config files, input names and output names. */
import type { Graph } from "../../graph/graph.ts";
import { crossEntropy } from "../../graph/ops/loss.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { Parameters } from "../../nn/parameters.ts";
import type { Safetensors } from "../../weights/safetensors.ts";
import { parseClipImageConfig, parseClipTextConfig } from "../clip/config.ts";
import { ClipImage } from "../clip/image.ts";
import { ClipText, endOfTextRows } from "../clip/text.ts";
import type { ConfigJson } from "../config-fields.ts";
import { ResNet, parseResNetConfig } from "../resnet.ts";
import { parseUnetConfig } from "../unet/config.ts";
import { Unet } from "../unet/unet.ts";
import { parseVaeConfig } from "../vae/config.ts";
import { VaeDecoder } from "../vae/decoder.ts";
import { VaeEncoder } from "../vae/encoder.ts";
import type { BoundInput } from "./inputs.ts";
import { inputTensor, readImages, readIndices, readNumbers, readTimesteps } from "./inputs.ts";

/** A model with the inputs of one file, ready to be traced. */
export interface BoundModel {
  readonly inputs: readonly BoundInput[];
  /** Builds the outputs by name; images are [n, h, w, c]. One named `loss` is what gradients are taken of. */
  forward(g: Graph): Readonly<Record<string, Tensor>>;
}

/** A model from its config. */
export interface BoundaryModel {
  readonly parameters: Parameters;
  /** Another name that files use for a weight. */
  readonly alias?: (checkpointName: string) => string | undefined;
  /** @throws MissingError, ShapeError, FormatError */
  bind(inputs: Safetensors): Promise<BoundModel>;
}

/** What a model is made from. */
export interface ModelSource {
  readonly config: ConfigJson;
  /** Names the config in errors. */
  readonly where: string;
  /** Whether the checkpoint has a tensor. */
  hasWeight(name: string): boolean;
}

/** Older diffusers files name the autoencoder's attention otherwise. */
const VAE_ALIASES: readonly (readonly [string, string])[] = [
  [".to_q.", ".query."],
  [".to_k.", ".key."],
  [".to_v.", ".value."],
  [".to_out.0.", ".proj_attn."],
];

const vaeAlias = (name: string): string | undefined => {
  const found = VAE_ALIASES.find(([now]) => name.includes(now));
  return found && name.replace(found[0], found[1]);
};

/** transformers leaves the tower's name out of files of a single tower. */
const towerAlias = (name: string): string => name.replace(/^(text|vision)_model\./, "");

const unet = ({ config, where }: ModelSource): BoundaryModel => {
  const net = new Unet(new Parameters(), parseUnetConfig(config, where));
  return {
    parameters: net.parameters,
    async bind(file) {
      const sample = await readImages(file, "sample");
      const timestep = await readTimesteps(file, "timestep", sample.shape[0]!, net.config.timesteps);
      const context = await readNumbers(file, "encoder_hidden_states", 3);
      return {
        inputs: [sample, timestep, context],
        forward: (g) => ({
          sample: net.forward({
            sample: inputTensor(g, sample),
            timestep: inputTensor(g, timestep),
            encoderHiddenStates: inputTensor(g, context),
          }),
        }),
      };
    },
  };
};

/** A model from images to images. */
const imageToImage = (
  net: { readonly parameters: Parameters; forward(x: Tensor): Tensor },
  from: string,
  to: string,
): BoundaryModel => ({
  parameters: net.parameters,
  alias: vaeAlias,
  async bind(file) {
    const images = await readImages(file, from);
    return { inputs: [images], forward: (g) => ({ [to]: net.forward(inputTensor(g, images)) }) };
  },
});

const vaeEncoder = ({ config, where }: ModelSource): BoundaryModel =>
  imageToImage(new VaeEncoder(new Parameters(), parseVaeConfig(config, where)), "sample", "moments");

const vaeDecoder = ({ config, where }: ModelSource): BoundaryModel =>
  imageToImage(new VaeDecoder(new Parameters(), parseVaeConfig(config, where)), "latents", "sample");

const clipText = ({ config, where, hasWeight }: ModelSource): BoundaryModel => {
  const projection = hasWeight("text_projection.weight");
  const net = new ClipText(new Parameters(), parseClipTextConfig(config, where), { projection });
  return {
    parameters: net.parameters,
    alias: towerAlias,
    async bind(file) {
      const ids = await readIndices(file, "input_ids", 2, net.config.vocabSize);
      const [n, length] = ids.shape as [number, number];
      const ends = endOfTextRows(ids.values, length, net.config.endOfText);
      const endInput: BoundInput = { name: "ends", shape: [n], dtype: "u32", values: ends };
      return {
        inputs: projection ? [ids, endInput] : [ids],
        forward: (g) => {
          const hidden = net.encode(net.embed(inputTensor(g, ids)));
          const states = { last_hidden_state: hidden };
          return projection ? { ...states, text_embeds: net.project(hidden, inputTensor(g, endInput)) } : states;
        },
      };
    },
  };
};

const clipImage = ({ config, where }: ModelSource): BoundaryModel => {
  const net = new ClipImage(new Parameters(), parseClipImageConfig(config, where));
  return {
    parameters: net.parameters,
    alias: towerAlias,
    async bind(file) {
      const images = await readImages(file, "pixel_values");
      return { inputs: [images], forward: (g) => ({ image_embeds: net.forward(inputTensor(g, images)) }) };
    },
  };
};

const resnet = ({ config, where }: ModelSource): BoundaryModel => {
  const net = new ResNet(new Parameters(), parseResNetConfig(config, where));
  const mode = { training: config["training"] === true };
  return {
    parameters: net.parameters,
    async bind(file) {
      const images = await readImages(file, "images");
      const { classes } = net.config;
      const labels = file.entries.has("labels") ? await readIndices(file, "labels", 1, classes) : undefined;
      return {
        inputs: labels ? [images, labels] : [images],
        forward: (g) => {
          const logits = net.forward(inputTensor(g, images), mode);
          return labels ? { logits, loss: crossEntropy(logits, inputTensor(g, labels)) } : { logits };
        },
      };
    },
  };
};

/** Every model that can be held against another implementation, by name. */
export const modelKinds = {
  unet,
  "vae-encoder": vaeEncoder,
  "vae-decoder": vaeDecoder,
  "clip-text": clipText,
  "clip-image": clipImage,
  resnet,
} as const satisfies Readonly<Record<string, (source: ModelSource) => BoundaryModel>>;

/** The name of such a model. */
export type ModelKind = keyof typeof modelKinds;
