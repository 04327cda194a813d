/** `rog pretrain`: trains one network of the mini world on its pool, resumable, and writes its weights. */
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Variables } from "../backends/backend.ts";
import { WebGpuBackend } from "../backends/webgpu/backend.ts";
import { imageAt } from "../data/image.ts";
import type { Pool } from "../data/pool.ts";
import { readPool } from "../data/pool.ts";
import { readManifest } from "../data/world.ts";
import { scaledLinearSchedule } from "../diffusion/schedule.ts";
import { ConfigError, MissingError } from "../errors.ts";
import type { NetworkPart } from "../experiment/lab-networks.ts";
import { LabEncoders } from "../experiment/lab-encoders.ts";
import { loadNetworks } from "../experiment/lab-models.ts";
import { LabNetworks, modelFiles } from "../experiment/lab-networks.ts";
import { miniText, miniUnet, miniVae, miniVision, miniVocabulary } from "../models/mini.ts";
import type { Parameters } from "../nn/parameters.ts";
import { initialise } from "../nn/parameters.ts";
import { sha256Text } from "../storage/hash.ts";
import { openFile, writeFileAtomic } from "../storage/files.ts";
import { ClipTokenizer, formatMerges } from "../tokenizer/clip-tokenizer.ts";
import { trainMerges } from "../tokenizer/train-merges.ts";
import type { CaptionParts } from "../training/caption-parts.ts";
import { captionParts } from "../training/caption-parts.ts";
import { autoencoderPretraining } from "../training/pretrain-autoencoder.ts";
import { contrastivePretraining } from "../training/pretrain-contrastive.ts";
import { denoiserPretraining } from "../training/pretrain-denoiser.ts";
import { imageTowerPretraining } from "../training/pretrain-image-tower.ts";
import { averageName } from "../training/optimizer.ts";
import type { Pretraining, PretrainSchedule } from "../training/pretrain.ts";
import { pretrain } from "../training/pretrain.ts";
import { goesOnFrom } from "../training/training-state.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { loadParameters, saveParameters } from "../weights/checkpoint.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { flagsText, readArguments, requireWhole, type Arguments } from "./arguments.ts";
import { indexModels } from "./index-models.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { openNodeDevice } from "./node-device.ts";

const flags = {
  world: { type: "string", help: "the world's folder (world/mini)" },
  models: { type: "string", help: "where the weights go and are read from (public/models/mini)" },
  state: { type: "string", help: "where the training keeps itself (.cache/pretrain)" },
  steps: { type: "number", help: "optimizer steps" },
  batch: { type: "number", help: "examples a step" },
  rate: { type: "number", help: "the peak learning rate" },
  seed: { type: "number", help: "decides weights, order and noise (1)" },
  "warm-start": { type: "boolean", help: "begins from the weights in the models' folder, not from random ones" },
  "freeze-text": {
    type: "boolean",
    help: "clip: trains the image tower alone, towards the parts of captions, so that the U-Net stays valid",
  },
  "time-budget": { type: "number", help: "minutes after which it stops cleanly; the same command goes on" },
  "log-every": { type: "number", help: "steps from one log line to the next (50)" },
  adapter: { type: "string", help: "part of the adapter's name" },
  help: { type: "boolean", help: "this text", short: "h" },
} as const;

/** What each network is trained with unless flags say otherwise. */
const schedules: Readonly<Record<NetworkPart, PretrainSchedule>> = {
  vae: { steps: 4000, batch: 16, rate: 1.5e-3, warmup: 100, weightDecay: 0, emaDecay: 0.995, clip: 1, seed: 1 },
  clip: { steps: 8000, batch: 128, rate: 1e-3, warmup: 100, weightDecay: 0.1, emaDecay: 0.99, clip: 1, seed: 1 },
  unet: { steps: 12000, batch: 32, rate: 1e-3, warmup: 200, weightDecay: 0.01, emaDecay: 0.999, clip: 1, seed: 1 },
};

/** Weight of the autoencoder's divergence, and the share of captions that the denoiser does without. */
const divergenceWeight = 3e-4;
const captionDropout = 0.1;

/** @throws ConfigError naming a flag that no training goes by */
function requireTrainable(part: NetworkPart, given: Arguments<typeof flags>["flags"]): void {
  for (const name of ["steps", "batch", "log-every"] as const) requireWhole("pretrain", name, given[name]);
  requireWhole("pretrain", "seed", given.seed, 0);
  for (const name of ["rate", "time-budget"] as const) {
    const value = given[name] ?? 1;
    if (value <= 0) throw new ConfigError("rog pretrain", `--${name} above 0`, String(value));
  }
  if (given["freeze-text"] && part !== "clip") throw new ConfigError("rog pretrain", "--freeze-text with clip", part);
}

/** @returns the exit code: 75 when the time budget ended it, 130 after Ctrl-C */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("pretrain", args, flags);
  const [part, ...more] = positionals;
  if (given.help) {
    process.stdout.write(`rog pretrain clip|vae|unet\n${flagsText(flags)}`);
    return 0;
  }
  if ((part !== "clip" && part !== "vae" && part !== "unet") || more.length > 0)
    throw new ConfigError("rog pretrain", "clip, vae or unet", positionals.join(" ") || "nothing");
  requireTrainable(part, given);
  const schedule: PretrainSchedule = {
    ...schedules[part],
    ...(given.steps === undefined ? {} : { steps: given.steps }),
    ...(given.batch === undefined ? {} : { batch: given.batch }),
    ...(given.rate === undefined ? {} : { rate: given.rate }),
    ...(given.seed === undefined ? {} : { seed: given.seed }),
  };
  const folder = given.models ?? "public/models/mini";
  const world = given.world ?? "world/mini";
  const read = (path: string): Promise<Uint8Array> => readFile(join(world, path));
  const manifest = await readManifest(read);
  const pool = await readPool(manifest, read);
  const { device, adapter } = await openNodeDevice({ adapter: given.adapter });
  const backend = new WebGpuBackend(device, adapter.info);
  process.stderr.write(
    `pretrain ${part}: ${String(schedule.steps)} steps of ${String(schedule.batch)} on ${backend.name}\n`,
  );

  const networks = await miniNetworks(folder, pool);
  await writeConfigs(networks, folder);
  const warm = given["warm-start"];
  const freezeText = given["freeze-text"];
  const ways = [...(warm ? ["warm"] : []), ...(freezeText ? ["towards parts"] : [])];
  const key = await sha256Text(JSON.stringify([part, schedule, networks.configs, manifest.hash, ...ways]));
  const { task, variables, parameters } = await taskOf(
    part,
    networks,
    backend,
    pool,
    { ...schedule, freezeText },
    folder,
  );
  if (warm) await readWeights(part, parameters, variables, folder);
  else initialise(parameters, variables, schedule.seed, task.firstScale);
  const stateFolder = given.state ?? ".cache/pretrain";
  const statePath = join(stateFolder, `${part}.safetensors`);
  const logPath = join(stateFolder, `${part}.jsonl`);
  await mkdir(dirname(statePath), { recursive: true });
  const source = await openFile(statePath).catch((error: unknown) => {
    if (error instanceof MissingError) return undefined;
    throw error;
  });
  const kept = source && (await openSafetensors(source));
  const state = kept && goesOnFrom(kept, key) ? kept : undefined;
  const interrupt = listenForInterrupt();
  const start = performance.now();
  const budget = given["time-budget"];
  const finished = await pretrain(backend, variables, task, schedule, {
    ...(state ? { state } : {}),
    key,
    keep: async (state, step) => {
      await writeFileAtomic(statePath, [state]);
      await writeWeights(part, parameters, variables, folder, step);
    },
    onLog: (log) => {
      const line = JSON.stringify({ ...log, seconds: Math.round((performance.now() - start) / 1000) });
      process.stderr.write(`${part} ${line}\n`);
      void appendFile(logPath, `${line}\n`);
    },
    logEvery: given["log-every"] ?? 50,
    checkpointEvery: 500,
    signal: interrupt.signal,
    ...(budget === undefined ? {} : { deadline: start + budget * 60_000 }),
    now: () => performance.now(),
  });
  await source?.close();
  interrupt.release();
  if (finished === schedule.steps) return 0;
  process.stderr.write(
    `pretrain ${part}: stopped after ${String(finished)} of ${String(schedule.steps)} steps; the same command goes on\n`,
  );
  return interrupt.exitCode() ?? 75;
}

/** The mini networks, with the vocabulary of the folder or, where there is none, one made from the pool's captions. */
async function miniNetworks(folder: string, pool: Pool): Promise<LabNetworks> {
  const path = join(folder, modelFiles.merges);
  const text = await readFile(path, "utf8").catch(() => undefined);
  const merges =
    text?.split("\n").slice(1).filter(Boolean) ??
    trainMerges(
      pool.entries.map(({ caption }) => caption),
      miniVocabulary,
    );
  if (text === undefined) await writeFileAtomic(path, [new TextEncoder().encode(formatMerges(merges))]);
  const tokenizer = ClipTokenizer.fromMerges(merges);
  const networks = { text: miniText(tokenizer.size), vision: miniVision, vae: miniVae, unet: miniUnet };
  return new LabNetworks(tokenizer, networks);
}

async function taskOf(
  part: NetworkPart,
  networks: LabNetworks,
  backend: WebGpuBackend,
  pool: Pool,
  schedule: PretrainSchedule & { readonly freezeText: boolean },
  folder: string,
): Promise<{ task: Pretraining; variables: Variables; parameters: Parameters }> {
  const { resolution, pixels, entries } = pool;
  const captions = entries.map(({ caption }) => caption);
  const indices = entries.flatMap(({ heldOut }, index) => (heldOut ? [] : [index]));
  if (part === "clip") {
    const { clip, tokenizer } = networks;
    const pictures = { pixels, resolution, captions, indices };
    const task = schedule.freezeText
      ? imageTowerPretraining(clip, await partsOf(captions, backend, folder), pictures, schedule)
      : contrastivePretraining(clip, tokenizer, pictures, schedule);
    return { task, variables: backend.variables(), parameters: networks.clip.parameters };
  }
  if (part === "vae") {
    const { vaeEncoder, vaeDecoder } = networks;
    const options = { ...schedule, divergence: divergenceWeight };
    const task = autoencoderPretraining(vaeEncoder, vaeDecoder, { pixels, resolution, indices }, options);
    return { task, variables: backend.variables(), parameters: vaeEncoder.parameters };
  }
  const loaded = await loadNetworks(backend, (path) => readFile(join(folder, path)), ["clip", "vae"]);
  const encoders = new LabEncoders(backend, loaded.variables, loaded.networks, 64);
  const latents = await encoders.latents({
    count: indices.length,
    image: (i) => imageAt(pixels, resolution, indices[i]!),
  });
  await encoders.dispose();
  const { latentShape, clip, tokenizer } = loaded.networks;
  const examples = { latents, latentShape, captions: indices.map((index) => captions[index]!) };
  const options = { ...schedule, dropout: captionDropout };
  const denoiser = { unet: networks.unet, text: clip.text, tokenizer };
  const task = denoiserPretraining(denoiser, examples, scaledLinearSchedule(), options);
  return { task, variables: loaded.variables, parameters: networks.unet.parameters };
}

/** Captions that say a part that counts, at least. */
const saidAtLeast = 3;

/** What the captions say, by the text tower in the folder. */
async function partsOf(captions: readonly string[], backend: WebGpuBackend, folder: string): Promise<CaptionParts> {
  const { networks, variables } = await loadNetworks(backend, (path) => readFile(join(folder, path)), ["clip"]);
  const encoders = new LabEncoders(backend, variables, networks, 64);
  const embed = async (texts: readonly string[]) => (await encoders.texts(texts)).embeddings;
  const parts = await captionParts(captions, saidAtLeast, embed);
  await encoders.dispose();
  return parts;
}

/** Reads the weights that an earlier training wrote. */
async function readWeights(
  part: NetworkPart,
  parameters: Parameters,
  variables: Variables,
  folder: string,
): Promise<void> {
  const path = join(folder, modelFiles[part]);
  await loadParameters(parameters, variables, await openSafetensors(bytesSource(path, await readFile(path))));
}

/** Writes the averaged weights in half precision. */
async function writeWeights(
  part: NetworkPart,
  parameters: Parameters,
  variables: Variables,
  folder: string,
  step: number,
): Promise<void> {
  const averaged: Pick<Variables, "get"> = {
    get: (name) => variables.get(variables.spec(averageName(name)) ? averageName(name) : name),
  };
  const metadata = new Map([
    ["format", "pt"],
    ["step", String(step)],
  ]);
  await writeFileAtomic(
    join(folder, modelFiles[part]),
    saveParameters(parameters, averaged, { dtype: "F16", metadata }),
  );
  // The other networks may not be there yet; the manifest follows with the last one.
  await indexModels(folder).catch(ignoreMissing);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

/** Writes each network's configuration beside where its weights go. */
async function writeConfigs({ configs }: LabNetworks, folder: string): Promise<void> {
  const { text, vision, vae, unet } = configs;
  const files = {
    [modelFiles.clipConfig]: { text_config: text, vision_config: vision },
    [modelFiles.vaeConfig]: vae,
    [modelFiles.unetConfig]: unet,
  };
  for (const [path, config] of Object.entries(files)) {
    await writeFileAtomic(join(folder, path), [new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)]);
  }
}
