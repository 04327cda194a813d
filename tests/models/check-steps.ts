/** Trains a model for a few steps from PyTorch's weights and batches. Runs in Node and in a browser's worker. */
import type { Backend, Values } from "../../src/backends/backend.ts";
import { trace } from "../../src/graph/graph.ts";
import { crossEntropy, meanSquaredError } from "../../src/graph/ops/loss.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { ResNet, parseResNetConfig } from "../../src/models/resnet.ts";
import { parseUnetConfig } from "../../src/models/unet/config.ts";
import { Unet } from "../../src/models/unet/unet.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import type { OptimizerSettings } from "../../src/training/optimizer.ts";
import { addOptimizerStep, prepareOptimizer } from "../../src/training/optimizer.ts";
import { loadParameters } from "../../src/weights/checkpoint.ts";
import { toInt32 } from "../../src/weights/dtypes.ts";
import { nchwToNhwc } from "../../src/weights/layouts.ts";
import type { Safetensors } from "../../src/weights/safetensors.ts";
import { configOf, openFixture, within } from "./check-model.ts";

/** PyTorch's settings as its optimizers name them. */
interface TorchSettings {
  readonly lr: number;
  readonly momentum?: number;
  readonly weight_decay: number;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
}

const settingsOf = ({ momentum = 0, weight_decay: weightDecay, betas, eps = 0 }: TorchSettings): OptimizerSettings =>
  betas
    ? { kind: "adamw", beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay }
    : { kind: "sgd", momentum, weightDecay };

/** A fixture's batches: inputs whose first axis counts batches. */
async function batchesOf(file: Safetensors) {
  const inputs = within(file, "input.");
  const batches = new Map<string, { shape: readonly number[]; isIndex: boolean; values: Values[] }>();
  for (const [name, { dtype, shape }] of inputs.entries) {
    const [count = 0, ...rest] = shape;
    const isIndex = dtype === "I64";
    const all = isIndex ? Uint32Array.from(toInt32(await inputs.read(name), dtype)) : await inputs.readFloat32(name);
    const size = all.length / count;
    const parts = Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
    if (rest.length < 4) {
      batches.set(name, { shape: rest, isIndex, values: parts });
      continue;
    }
    const [n, c, h, w] = rest as [number, number, number, number];
    const values = parts.map((part) => nchwToNhwc(part, [n, c, h, w]));
    batches.set(name, { shape: [n, h, w, c], isIndex, values });
  }
  return batches;
}

/** The loss of a model from its inputs by name. */
function lossOf(file: Safetensors, parameters: Parameters): (inputs: (name: string) => Tensor) => Tensor {
  if (file.metadata.get("kind") === "resnet") {
    const net = new ResNet(parameters, parseResNetConfig(configOf(file)));
    return (input) => crossEntropy(net.forward(input("images"), { training: true }), input("labels"));
  }
  const net = new Unet(parameters, parseUnetConfig(configOf(file)));
  return (input) => {
    const inputs = { sample: input("sample"), timestep: input("timestep") };
    return meanSquaredError(
      net.forward({ ...inputs, encoderHiddenStates: input("encoder_hidden_states") }),
      input("target"),
    );
  };
}

/** A training's losses, ours and PyTorch's, one a step. */
export interface StepLosses {
  readonly actual: number[];
  readonly expected: number[];
}

/** Repeats a fixture's training. */
export async function checkSteps(backend: Backend, name: string, bytes: Uint8Array): Promise<StepLosses> {
  const file = await openFixture(name, bytes);
  const batches = await batchesOf(file);
  const torch = JSON.parse(file.metadata.get("optimizer") ?? "") as TorchSettings;
  const settings = settingsOf(torch);
  const parameters = new Parameters();
  const loss = lossOf(file, parameters);
  const graph = trace((g) => {
    const input = (key: string): Tensor => {
      const { shape, isIndex } = batches.get(key)!;
      return g.input(key, shape, isIndex ? "u32" : "f32");
    };
    const result = loss(input);
    addOptimizerStep(g, result, parameters.trainable(), settings);
    return { loss: result };
  });
  const variables = backend.variables();
  await loadParameters(parameters, variables, within(file, "weight."));
  await prepareOptimizer(variables, parameters.trainable(), settings);
  const program = await backend.compile(graph, variables, { label: name });
  const expected = Array.from(await file.readFloat32("losses"));
  const actual: number[] = [];
  for (let step = 0; step < expected.length; step++) {
    const batch = [...batches].map(([key, { values }]) => [key, values[step % values.length]!] as const);
    const counted = settings.kind === "adamw" ? { step: step + 1 } : {};
    await program.run({ ...Object.fromEntries(batch), rate: torch.lr, ...counted });
    actual.push((await program.read("loss"))[0]!);
  }
  program.dispose();
  variables.dispose();
  return { actual, expected };
}
