/** Residual networks for classification, of any depth and width. */
import { add, relu } from "../graph/ops/elementwise.ts";
import { spatialMean } from "../graph/ops/mean.ts";
import { maxPool2d } from "../graph/ops/pool.ts";
import type { Tensor } from "../graph/tensor.ts";
import { BatchNorm } from "../nn/batch-norm.ts";
import { Conv2d } from "../nn/conv2d.ts";
import { kaimingNormalFanOut } from "../nn/initialisers.ts";
import { Linear } from "../nn/linear.ts";
import type { Parameters } from "../nn/parameters.ts";
import type { ConfigJson } from "./config-fields.ts";
import { ConfigFields } from "./config-fields.ts";

/** A residual network's sizes. */
export interface ResNetConfig {
  /** Blocks of each stage; the image is halved between stages. */
  readonly depths: readonly number[];
  /** Channels of the stem; each stage doubles them. */
  readonly width: number;
  readonly classes: number;
  /** `imagenet`: 7×7 stride 2 and max pooling; `cifar`: 3×3 stride 1. */
  readonly stem: "imagenet" | "cifar";
  /** `bottleneck`: 1×1, 3×3, 1×1 with four times the channels out; `basic`: two 3×3. */
  readonly block: "bottleneck" | "basic";
}

/** ResNet-50 on 1000 classes: 25,557,032 parameters. */
export const resnet50: ResNetConfig = {
  depths: [3, 4, 6, 3],
  width: 64,
  classes: 1000,
  stem: "imagenet",
  block: "bottleneck",
};

/** Whether batch norms use the batch's statistics and move the running ones. */
export interface ResNetMode {
  readonly training: boolean;
}

/** A convolution without bias and its batch norm. */
class ConvNorm {
  readonly #conv: Conv2d;
  readonly #norm: BatchNorm;

  constructor(
    parameters: Parameters,
    names: readonly [string, string],
    sizes: { inputs: number; outputs: number; kernel: number; stride?: number },
  ) {
    const init = kaimingNormalFanOut(sizes.outputs * sizes.kernel ** 2);
    this.#conv = new Conv2d(parameters.scope(names[0]), { ...sizes, bias: false, init });
    this.#norm = new BatchNorm(parameters.scope(names[1]), sizes.outputs);
  }

  forward(x: Tensor, { training }: ResNetMode, activation: "none" | "relu"): Tensor {
    return this.#norm.forward(this.#conv.forward(x), { training, activation });
  }
}

/** How many times wider a bottleneck is outside. */
const EXPANSION = 4;

/** Convolutions with a shortcut around them; the stride sits in the first 3×3 convolution, as in torchvision. */
class Block {
  readonly #steps: readonly ConvNorm[];
  readonly #shortcut: ConvNorm | undefined;

  constructor(parameters: Parameters, inputs: number, width: number, stride: number, kind: ResNetConfig["block"]) {
    const outputs = kind === "bottleneck" ? EXPANSION * width : width;
    const sizes =
      kind === "bottleneck"
        ? [
            { inputs, outputs: width, kernel: 1 },
            { inputs: width, outputs: width, kernel: 3, stride },
            { inputs: width, outputs, kernel: 1 },
          ]
        : [
            { inputs, outputs: width, kernel: 3, stride },
            { inputs: width, outputs: width, kernel: 3 },
          ];
    this.#steps = sizes.map((size, index) => {
      const place = String(index + 1);
      return new ConvNorm(parameters, [`conv${place}`, `bn${place}`], size);
    });
    this.#shortcut =
      stride === 1 && inputs === outputs
        ? undefined
        : new ConvNorm(parameters, ["downsample.0", "downsample.1"], { inputs, outputs, kernel: 1, stride });
  }

  forward(x: Tensor, mode: ResNetMode): Tensor {
    return x.graph.block(() => {
      const last = this.#steps.length - 1;
      const y = this.#steps.reduce((h, step, index) => step.forward(h, mode, index === last ? "none" : "relu"), x);
      return relu(add(y, this.#shortcut?.forward(x, mode, "none") ?? x));
    });
  }
}

/**
 * A residual network.
 *
 * He et al. 2016, arXiv:1512.03385; names and the place of the stride as torchvision's.
 */
export class ResNet {
  readonly #stem: ConvNorm;
  readonly #blocks: readonly Block[];
  readonly #head: Linear;

  constructor(
    readonly parameters: Parameters,
    readonly config: ResNetConfig,
  ) {
    const { depths, width, classes, stem, block } = config;
    const stemSizes = stem === "imagenet" ? { kernel: 7, stride: 2 } : { kernel: 3, stride: 1 };
    this.#stem = new ConvNorm(parameters, ["conv1", "bn1"], { inputs: 3, outputs: width, ...stemSizes });
    const expansion = block === "bottleneck" ? EXPANSION : 1;
    let channels = width;
    this.#blocks = depths.flatMap((depth, stage) => {
      const inner = width * 2 ** stage;
      const scope = parameters.scope(`layer${String(stage + 1)}`);
      return Array.from({ length: depth }, (_, index) => {
        const stride = stage > 0 && index === 0 ? 2 : 1;
        const made = new Block(scope.scope(index), channels, inner, stride, block);
        channels = expansion * inner;
        return made;
      });
    });
    this.#head = new Linear(parameters.scope("fc"), channels, classes);
  }

  /** @param images [n, h, w, 3], normalised @returns [n, classes], logits */
  forward(images: Tensor, mode: ResNetMode): Tensor {
    return this.#head.forward(this.features(images, mode));
  }

  /** The pooled features before the last layer. @param images [n, h, w, 3] @returns [n, width·2^(stages−1)·expansion] */
  features(images: Tensor, mode: ResNetMode): Tensor {
    let h = this.#stem.forward(images, mode, "relu");
    if (this.config.stem === "imagenet") h = maxPool2d(h, { size: 3, stride: 2, padding: 1 });
    for (const block of this.#blocks) h = block.forward(h, mode);
    return spatialMean(h);
  }
}

/**
 * Reads a residual network's configuration: `depths`, `width`, `classes`, `stem`, `block`.
 *
 * @param where names the document in errors
 * @throws ConfigError naming the first field that is wrong or unknown
 */
export function parseResNetConfig(json: ConfigJson, where = "config.json"): ResNetConfig {
  const fields = new ConfigFields(where, json);
  const config: ResNetConfig = {
    depths: fields.counts("depths", undefined, resnet50.depths),
    width: fields.count("width", resnet50.width),
    classes: fields.count("classes", resnet50.classes),
    stem: fields.choice("stem", ["imagenet", "cifar"], resnet50.stem),
    block: fields.choice("block", ["bottleneck", "basic"], resnet50.block),
  };
  // How it is run, not what it is.
  fields.ignore("training");
  fields.done();
  return config;
}
