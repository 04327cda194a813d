import { blockUntilReady, defaultDevice, grad, init, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { attention, conv, groupNorm, jaxLayers, silu } from "./jax-layers.ts";
import type { Library, Prepared } from "./library.ts";
import { serve } from "./library.ts";
import { optimizer, resnet, unet } from "./networks.ts";
import type { Problem, StepProblem } from "./problems.ts";
import { inputShapes } from "./problems.ts";
import { channelsFirst, channelsLast, normalValues, outputsFirst, outputsLast } from "./values.ts";
import type { WeightKind } from "./weights.ts";
import { batchOf, firstValues } from "./weights.ts";

const open = async (): Promise<Library> => {
  await init("webgpu");
  defaultDevice("webgpu");
  return { prepare: (problem) => Promise.resolve(problem.kind === "step" ? prepareStep(problem) : prepareOp(problem)) };
};

/** A tensor on the device: images and convolutions' weights with channels first. */
const onDevice = (values: Float32Array, shape: readonly number[], isWeight = false): np.Array => {
  if (shape.length !== 4) return np.array(values, { shape: [...shape] });
  const [a, b, c, d] = shape as [number, number, number, number];
  const first = isWeight ? outputsFirst(values, shape) : channelsFirst(values, shape);
  return np.array(first, { shape: isWeight ? [d, c, a, b] : [a, d, b, c] });
};

const prepareOp = (problem: Exclude<Problem, StepProblem>): Prepared => {
  const shapes = Object.entries(inputShapes(problem));
  const given = shapes.map(([name, shape]) => onDevice(normalValues(name, shape), shape, name === "weight"));
  const compute = jit(opOf(problem)) as (...inputs: np.Array[]) => np.Array;
  const run = (): np.Array => compute(...given.map((tensor) => tensor.ref));
  return {
    run: async () => {
      const y = run();
      await blockUntilReady(y);
      y.dispose();
    },
    values: async () => {
      const y = run();
      const shape = y.shape;
      const values = (await y.data()) as Float32Array;
      if (shape.length !== 4) return values;
      const isWeight = problem.kind === "convolution" && problem.pass === "dw";
      return isWeight ? outputsLast(values, shape) : channelsLast(values, shape);
    },
  };
};

type Op = (...inputs: np.Array[]) => np.Array;

const opOf = (problem: Exclude<Problem, StepProblem>): Op => {
  switch (problem.kind) {
    case "product":
      return (a, b) => np.matmul(a, b);
    case "convolution":
      return convolution(problem.pass);
    case "attention":
      return (q, k, v) => attention(q, k, v, problem.heads);
    case "norm":
      return (x, scale, shift) => silu(groupNorm(x, scale, shift, problem.groups));
  }
};

/** Gradients are those of Σ y·dy: compiled, what they do not need of the forward pass is dropped. */
const convolution = (pass: "forward" | "dx" | "dw"): Op => {
  if (pass === "forward") return (x, weight) => conv(x, weight, 1, 1);
  const product = (x: np.Array, weight: np.Array, dy: np.Array): np.Array => conv(x, weight, 1, 1).mul(dy.ref).sum();
  const gradient = grad(product, { argnums: pass === "dx" ? 0 : 1 });
  return (x, weight, dy) => gradient(x, weight, dy);
};

type Tensors = Record<string, np.Array>;

const prepareStep = async (problem: StepProblem): Promise<Prepared> => {
  const batch: Tensors = {};
  for (const [name, { shape, values }] of batchOf(problem)) batch[name] = onDevice(values, shape);
  let weights = declaredWeights(problem);
  let velocities: Tensors = {};
  for (const [name, weight] of Object.entries(weights)) velocities[name] = np.zerosLike(weight.ref);
  const update = jit((current: Tensors, moving: Tensors, given: Tensors): [np.Array, Tensors, Tensors] => {
    const [loss, gradients] = valueAndGrad((w: Tensors) => lossOf(problem, w, given))(refs(current));
    const [next, faster]: [Tensors, Tensors] = [{}, {}];
    for (const [name, weight] of Object.entries(current)) {
      const velocity = moving[name]!.mul(optimizer.momentum).add(gradients[name]!);
      faster[name] = velocity.ref;
      next[name] = weight.sub(velocity.mul(optimizer.rate));
    }
    return [loss, next, faster];
  });
  const step = async (): Promise<number> => {
    const [loss, next, faster] = update(weights, velocities, refs(batch));
    [weights, velocities] = [next, faster];
    const [value] = (await loss.data()) as Float32Array;
    return value!;
  };
  const losses = [await step(), await step()];
  return { run: async () => void (await step()), values: () => Promise.resolve(Float32Array.from(losses)) };
};

const refs = (tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.ref]));

const lossOf = (problem: StepProblem, weights: Tensors, batch: Tensors): np.Array => {
  const layers = jaxLayers((name) => weights[name]!);
  if (problem.net === "resnet") {
    const logProbabilities = nn.logSoftmax(resnet(layers, batch["images"]!));
    return logProbabilities
      .mul(batch["labels"]!.ref)
      .sum()
      .mul(-1 / problem.batch);
  }
  const given = { latents: batch["latents"]!, time: batch["time"]!, context: batch["context"]! };
  return np.mean(np.square(unet(layers, given).sub(batch["noise"]!.ref)));
};

/** The weights that a network asks for, found by building it once over tensors of the right shapes. */
const declaredWeights = (problem: StepProblem): Tensors => {
  const weights: Tensors = {};
  const declare = (name: string, shape: readonly number[], kind: WeightKind): np.Array =>
    (weights[name] ??= onDevice(firstValues(name, shape, kind), shape, kind === "conv"));
  const layers = jaxLayers(declare);
  const batch = new Map([...batchOf(problem)].map(([name, { shape, values }]) => [name, onDevice(values, shape)]));
  const input = (name: string): np.Array => batch.get(name)!;
  if (problem.net === "resnet") resnet(layers, input("images")).dispose();
  else unet(layers, { latents: input("latents"), time: input("time"), context: input("context") }).dispose();
  return weights;
};

serve(open);
