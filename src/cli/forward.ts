/** `rog forward`: one forward pass of a checkpoint, and its gradients, to hold against another implementation. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Backend } from "../backends/backend.ts";
import { ReferenceBackend } from "../backends/reference/backend.ts";
import { WebGpuBackend } from "../backends/webgpu/backend.ts";
import { ConfigError, MissingError } from "../errors.ts";
import type { ModelKind } from "../models/boundary/kinds.ts";
import { modelKinds } from "../models/boundary/kinds.ts";
import { runForward } from "../models/boundary/run.ts";
import { parseConfigJson, type ConfigJson } from "../models/config-fields.ts";
import { nearestName } from "../nearest-name.ts";
import type { FileSource } from "../storage/files.ts";
import { openFile, writeFileAtomic } from "../storage/files.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { writeSafetensors } from "../weights/safetensors-writer.ts";
import { flagsText, readFlags } from "./arguments.ts";
import { openNodeDevice } from "./node-device.ts";

const flags = {
  model: { type: "string", help: Object.keys(modelKinds).join(" | ") },
  config: { type: "string", help: "JSON as diffusers or transformers write it" },
  weights: { type: "string", help: "safetensors with the checkpoint's names" },
  inputs: { type: "string", help: "safetensors; images are [n, c, h, w]" },
  out: { type: "string", help: "where the outputs go, as safetensors" },
  gradients: { type: "boolean", help: "also grad.<name> of Σ output · cotangent (or of the loss)" },
  adapter: { type: "string", help: "part of the adapter's name, or reference for the f64 loops" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

const INTRODUCTION = `rog forward: one forward pass of a checkpoint in PyTorch's layouts

  unet         sample, timestep, encoder_hidden_states → sample
  vae-encoder  sample → moments
  vae-decoder  latents → sample
  clip-text    input_ids → last_hidden_state, text_embeds
  clip-image   pixel_values → image_embeds
  resnet       images (, labels) → logits (, loss)

With --gradients the inputs hold cotangent, or cotangent.<output> where there are several outputs.

`;

/**
 * @param args after the verb
 * @returns 0
 * @throws ConfigError, MissingError, ShapeError, FormatError, AdapterError
 */
export const run = async (args: readonly string[]): Promise<number> => {
  const given = readFlags("forward", args, flags);
  if (given.help) {
    process.stdout.write(INTRODUCTION + flagsText(flags));
    return 0;
  }
  const kind = modelKind(required("model", given.model));
  const configPath = required("config", given.config);
  const out = required("out", given.out);
  const paths = { weights: required("weights", given.weights), inputs: required("inputs", given.inputs) };
  const config = await readConfig(configPath);
  const where = basename(configPath);
  const files: FileSource[] = [];
  const open = async (path: string) => {
    const file = await openFile(path);
    files.push(file);
    return openSafetensors(file);
  };
  try {
    const [weights, inputs] = [await open(paths.weights), await open(paths.inputs)];
    const backend = await openBackend(given.adapter);
    const request = { kind, config, where, weights, inputs, withGradients: given.gradients };
    const { tensors, unused } = await runForward(backend, request);
    await writeFileAtomic(out, [writeSafetensors(tensors)]);
    if (unused.length > 0) process.stderr.write(`${unusedText(unused)}\n`);
    process.stdout.write(`${out}: ${String(tensors.size)} tensors from ${backend.name}\n`);
    return 0;
  } finally {
    for (const file of files) await file.close();
  }
};

const required = (name: keyof typeof flags, value: string | undefined): string => {
  if (value === undefined) throw new ConfigError("rog forward", `--${name} with a value`, "nothing");
  return value;
};

const modelKind = (name: string): ModelKind => {
  if (Object.hasOwn(modelKinds, name)) return name as ModelKind;
  const near = nearestName(name, Object.keys(modelKinds));
  const expected = near === null ? Object.keys(modelKinds).join(", ") : `a model such as ${near}`;
  throw new ConfigError("rog forward: --model", expected, name);
};

const readConfig = async (path: string): Promise<ConfigJson> => {
  const text = await readFile(path, "utf8").catch(() => {
    throw new MissingError("rog forward: --config", path);
  });
  return parseConfigJson(text, basename(path));
};

const openBackend = async (adapter: string | undefined): Promise<Backend> => {
  if (adapter === "reference") return new ReferenceBackend();
  const opened = await openNodeDevice({ adapter });
  return new WebGpuBackend(opened.device, opened.adapter.info);
};

const SHOWN = 3;

const unusedText = (unused: readonly string[]): string => {
  const more = unused.length > SHOWN ? `, and ${String(unused.length - SHOWN)} more` : "";
  return `rog forward: the model does not use ${unused.slice(0, SHOWN).join(", ")}${more}`;
};
