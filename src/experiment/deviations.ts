/** Where a run departs from the paper's protocol, in sentences made from its spec. */
import { isBuiltWorld } from "../data/world.ts";
import type { Spec } from "./spec.ts";

/** A sentence where trainings were ended by hand. @param names such as `retrieval/set-0` */
export function endedByHand(names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [`Trainings that were ended by hand, before their own rule did: ${names.join(", ")}.`];
}

/** The paper's numbers that a spec can change. Burg et al. 2023, section 3; the sampler is Stable Diffusion's default. */
const paper = {
  sets: 5,
  ratio: 1,
  factor: 3,
  maxEpochs: 270,
  patience: 10,
  stop: 20,
  batch: 256,
  steps: 50,
  guidance: 7.5,
};

/**
 * A sentence for each departure.
 *
 * @param worldName such as "mini", or an imported world's
 */
export function deviations(spec: Spec, worldName: string): string[] {
  const { train, generator, sets, production } = spec;
  const numbers: [string, number, number][] = [
    ["Sets and classifiers a condition", sets.n, paper.sets],
    ["Added images for each real one", sets.ratio, paper.ratio],
    ["Generated images for each real one", production.factor, paper.factor],
    ["Epochs at most", train.maxEpochs, paper.maxEpochs],
    ["Epochs without a gain before the rate falls", train.plateau.patience, paper.patience],
    ["Epochs without a gain before training ends", train.stop, paper.stop],
    ["Batch size", train.batch, paper.batch],
    ["Sampler steps", generator.steps, paper.steps],
    ["Guidance scale", generator.guidance, paper.guidance],
  ];
  return [
    worldText(worldName, spec.world.resolution),
    ...(isResNet50(train.net) ? [] : [`The classifier is ${netText(train.net)}, not ResNet-50.`]),
    ...numbers
      .filter(([, value, usual]) => value !== usual)
      .map(([what, value, usual]) => `${what}: ${String(value)} instead of ${String(usual)}.`),
    ...(spec.classNames === "without-spaces"
      ? []
      : ["Class names keep their white space in prompts and queries; the paper takes it out."]),
    ...(spec.pictureCodec === "lossless" ? [] : [`Every picture passes ${spec.pictureCodec} before training.`]),
    ...(train.crop.flip === 0 ? ["Training pictures are not mirrored: left and right matter here."] : []),
    ...(train.crop.smallest === 0.08
      ? []
      : [`Crops keep at least ${String(train.crop.smallest)} of a picture's area instead of 0.08.`]),
    ...(spec.retrieval.duplicates === 0.94
      ? []
      : [`Retrieval takes two images for the same above ${thresholdText(spec)} instead of a cosine of 0.94.`]),
    ...(spec.safety.concepts.length === 0 ? ["No safety checker."] : []),
    ...(spec.retrieval.minAesthetics === "off" ? ["No aesthetics filter of the search."] : []),
  ];
}

function worldText(name: string, resolution: number): string {
  const side = `${String(resolution)} px`;
  return isBuiltWorld(name)
    ? `The world is "${name}": drawn pictures of ${side} instead of ImageNet, its pool instead of LAION-5B, and networks trained on that pool instead of Stable Diffusion v1.4 and CLIP ViT-L/14.`
    : `The world is "${name}": imported pictures of ${side} instead of ImageNet, and an imported pool instead of LAION-5B; whether the generator was trained on that pool is not known here.`;
}

function isResNet50(net: Spec["train"]["net"]): boolean {
  return net.block === "bottleneck" && net.width === 64 && net.depths.join() === "3,4,6,3";
}

function netText({ block, depths, width, stem }: Spec["train"]["net"]): string {
  return `a ResNet with ${depths.join(", ")} ${block} blocks, ${String(width)} channels first and the ${stem} stem`;
}

function thresholdText({ retrieval }: Spec): string {
  return retrieval.duplicates === "calibrate" ? "a cosine calibrated on known doubles" : String(retrieval.duplicates);
}
