import type { ConfigJson } from "./config-fields.ts";
import { ConfigFields } from "./config-fields.ts";

/** A residual network's sizes. */
export interface ResnetConfig {
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
export const resnet50: ResnetConfig = {
  depths: [3, 4, 6, 3],
  width: 64,
  classes: 1000,
  stem: "imagenet",
  block: "bottleneck",
};

/**
 * Reads a residual network's configuration: `depths`, `width`, `classes`, `stem`, `block`.
 *
 * @param where names the document in errors
 * @throws ConfigError naming the first field that is wrong or unknown
 */
export function parseResnetConfig(json: ConfigJson, where = "config.json"): ResnetConfig {
  const fields = new ConfigFields(where, json);
  const config: ResnetConfig = {
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
