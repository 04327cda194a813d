import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-backend-webgpu";
import type { Library, Prepared } from "./library.ts";
import { serve } from "./library.ts";
import { optimizer, resnet, unet } from "./networks.ts";
import type { Problem, StepProblem } from "./problems.ts";
import { inputShapes } from "./problems.ts";
import { attention, groupNorm, silu, tfjsLayers } from "./tfjs-layers.ts";
import { normalValues } from "./values.ts";
import { batchOf, firstValues } from "./weights.ts";

const open = async (): Promise<Library> => {
  await tf.setBackend("webgpu");
  await tf.ready();
  return { prepare: (problem) => Promise.resolve(problem.kind === "step" ? prepareStep(problem) : prepareOp(problem)) };
};

/** What its backend does before it reads back. */
interface Recorder {
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  readonly device: GPUDevice;
}

/** Sends what is recorded and waits until the device has done it. */
const finish = async (): Promise<void> => {
  const backend = tf.backend() as unknown as Recorder;
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
  await backend.device.queue.onSubmittedWorkDone();
};

const prepareOp = (problem: Exclude<Problem, StepProblem>): Prepared => {
  const given: Record<string, tf.Tensor> = {};
  for (const [name, shape] of Object.entries(inputShapes(problem)))
    given[name] = tf.tensor(normalValues(name, shape), [...shape]);
  const compute = (): tf.Tensor => tf.tidy(() => opOf(problem, given));
  return {
    run: async () => {
      const y = compute();
      await finish();
      y.dispose();
    },
    values: async () => (await compute().data()) as Float32Array,
  };
};

const opOf = (problem: Exclude<Problem, StepProblem>, given: Record<string, tf.Tensor>): tf.Tensor => {
  switch (problem.kind) {
    case "product":
      return tf.matMul(given["a"]!, given["b"]!);
    case "convolution":
      return convolution(problem.pass, given as { x: tf.Tensor4D; weight: tf.Tensor4D; dy: tf.Tensor4D });
    case "attention":
      return attention(given["q"]!, given["k"]!, given["v"]!, problem.heads);
    case "norm":
      return silu(groupNorm(given["x"]!, given["weight"]!, given["bias"]!, problem.groups));
  }
};

/** The gradients' own kernels, so that no forward pass is measured with them. */
const convolution = (
  pass: "forward" | "dx" | "dw",
  { x, weight, dy }: { x: tf.Tensor4D; weight: tf.Tensor4D; dy: tf.Tensor4D },
): tf.Tensor => {
  const attributes = { strides: [1, 1], pad: 1, dataFormat: "NHWC" };
  const engine = tf.engine();
  switch (pass) {
    case "forward":
      return tf.conv2d(x, weight, 1, 1);
    case "dx":
      return engine.runKernel("Conv2DBackpropInput", { dy, filter: weight }, { ...attributes, inputShape: x.shape });
    case "dw":
      return engine.runKernel("Conv2DBackpropFilter", { x, dy }, { ...attributes, filterShape: weight.shape });
  }
};

const prepareStep = async (problem: StepProblem): Promise<Prepared> => {
  const batch = new Map([...batchOf(problem)].map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]));
  const weights = new Map<string, tf.Variable>();
  const layers = tfjsLayers((name, shape, kind) => {
    const known = weights.get(name);
    if (known) return known;
    // Made inside a tidy, but variables outlive it.
    const made = tf.variable(tf.tensor(firstValues(name, shape, kind), [...shape]), true);
    weights.set(name, made);
    return made;
  });
  const input = (name: string): tf.Tensor => batch.get(name)!;
  const lossOf = (): tf.Scalar => {
    if (problem.net === "resnet")
      return tf.losses.softmaxCrossEntropy(input("labels"), resnet(layers, input("images")));
    const given = { latents: input("latents"), time: input("time"), context: input("context") };
    return tf.losses.meanSquaredError(input("noise"), unet(layers, given));
  };
  // The first call declares the weights; later ones only find them.
  tf.tidy(() => void lossOf());
  const momentum = tf.train.momentum(optimizer.rate, optimizer.momentum);
  const step = async (): Promise<number> => {
    const loss = momentum.minimize(lossOf, true, [...weights.values()])!;
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
  const losses = [await step(), await step()];
  return { run: async () => void (await step()), values: () => Promise.resolve(Float32Array.from(losses)) };
};

serve(open);
