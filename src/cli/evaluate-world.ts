/** `rog evaluate-world`: what the mini world's networks reach. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import type { Backend } from "../backends/backend.ts";
import { WebGpuBackend } from "../backends/webgpu/backend.ts";
import { ConfigError } from "../errors.ts";
import type { Dataset } from "../data/dataset.ts";
import { pngDataUri } from "../data/png.ts";
import type { Pool } from "../data/pool.ts";
import type { ClassImages } from "../experiment/evaluate-world.ts";
import {
  generateByClass,
  measurePsnr,
  measurePurity,
  measureRecognition,
  poolImages,
  reconstructed,
  trainJudge,
} from "../experiment/evaluate-world.ts";
import { contactSheet } from "../experiment/contact-sheet.ts";
import { LabEncoders } from "../experiment/lab-encoders.ts";
import { loadLabModels, loadNetworks } from "../experiment/lab-models.ts";
import type { ClassifierRecipe } from "../training/classifier.ts";
import { flagsText, readFlags, requireWhole, type Arguments } from "./arguments.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { openNodeDevice } from "./node-device.ts";
import { openWorld } from "./open-lab.ts";

const flags = {
  world: { type: "string", help: "the world's folder (world/mini)" },
  models: { type: "string", help: "the models' folder (public/models/mini)" },
  only: { type: "string", help: "purity, psnr or recognised: measures just this" },
  steps: { type: "number", help: "DDIM steps (50)" },
  guidance: {
    type: "strings",
    help: "classifier-free guidance (3); given again, the same judge looks at each, and the first counts",
  },
  "per-class": { type: "number", help: "images generated a class (20)" },
  sheet: { type: "string", help: "writes the generated images as a PNG, a row a class" },
  adapter: { type: "string", help: "part of the adapter's name" },
  json: { type: "boolean", help: "prints one JSON object" },
  help: { type: "boolean", help: "this text", short: "h" },
} as const;

/** What the look at generated images needs. */
interface Recognition {
  readonly backend: Backend;
  readonly readModel: (path: string) => Promise<Uint8Array>;
  readonly dataset: Dataset;
  readonly pool: Pool;
  readonly given: Arguments<typeof flags>["flags"];
}

/**
 * The judge: narrow enough for two cores, trained on all real pictures by the paper's recipe, scaled. Of the shapes tried, four
 * stages of basic blocks did best on real test pictures, and mirroring, which turns hands and letters round, did harm.
 */
const judgeRecipe = (classes: number, resolution: number): ClassifierRecipe => ({
  net: { depths: [1, 1, 1, 1], width: 16, classes, stem: "cifar", block: "basic" },
  resolution,
  batch: 64,
  rate: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
  crop: { scale: [0.5, 1], ratio: [3 / 4, 4 / 3], flip: 0 },
  plateau: { kind: "paper", patience: 3, factor: 0.1, stopAfter: 6, maxEpochs: 25 },
});

/** @throws ConfigError when it is no number from 0 up */
function guidanceOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && Number.isFinite(value)) return value;
  throw new ConfigError("rog evaluate-world: --guidance", "a number >= 0", text);
}

const measures = ["purity", "psnr", "recognised"];

/** @throws ConfigError when it is given and none of what is measured */
function requireMeasure(only: string | undefined): void {
  if (only === undefined || measures.includes(only)) return;
  throw new ConfigError("rog evaluate-world: --only", measures.join(", "), only);
}

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const given = readFlags("evaluate-world", args, flags);
  if (given.help) {
    process.stdout.write(`rog evaluate-world\n${flagsText(flags)}`);
    return 0;
  }
  requireMeasure(given.only);
  requireWhole("evaluate-world", "steps", given.steps);
  requireWhole("evaluate-world", "per-class", given["per-class"]);
  const readModel = (path: string): Promise<Uint8Array> => readFile(join(given.models ?? "public/models/mini", path));
  const { pool, dataset } = await openWorld(given.world ?? "world/mini");
  const { device, adapter } = await openNodeDevice({ adapter: given.adapter });
  const backend = new WebGpuBackend(device, adapter.info);
  const { signal } = listenForInterrupt();
  const wants = (name: string): boolean => given.only === undefined || given.only === name;
  const report = (text: string): void => void process.stderr.write(`${text}\n`);
  const measured: Record<string, unknown> = {};
  if (wants("purity")) {
    const { networks, variables } = await loadNetworks(backend, readModel, ["clip"]);
    const encoders = new LabEncoders(backend, variables, networks, 64);
    const purity = await measurePurity(
      {
        embedTexts: async (texts) => (await encoders.texts(texts)).embeddings,
        embedImages: (images) => encoders.images(images),
        embeddingWidth: networks.clip.config.text.projectionDim,
      },
      dataset,
      pool,
    );
    measured["purityAt25"] = purity.mean;
    measured["purityByClass"] = purity.byClass;
    await encoders.dispose();
  }
  if (wants("psnr")) {
    const { networks, variables } = await loadNetworks(backend, readModel, ["vae"]);
    const encoders = new LabEncoders(backend, variables, networks, 64);
    measured["psnr"] = await measurePsnr(encoders, pool);
    await encoders.dispose();
  }
  if (wants("recognised")) {
    const recognised = await judged({ backend, readModel, dataset, pool, given }, { signal, onProgress: report });
    if (!recognised) return 130;
    Object.assign(measured, recognised);
  }
  process.stdout.write(given.json ? `${JSON.stringify(measured)}\n` : textOf(measured));
  return 0;
}

/** Real pictures a class that the judge is held against, beside the generated ones. */
const realPerClass = 60;

/** Generates images, trains the judge, and lets it look. @returns undefined when it was stopped */
async function judged(
  { backend, readModel, dataset, pool, given }: Recognition,
  watch: { readonly signal: AbortSignal; readonly onProgress: (text: string) => void },
): Promise<Record<string, unknown> | undefined> {
  const models = await loadLabModels(backend, readModel);
  const scales = given.guidance.length > 0 ? given.guidance.map(guidanceOf) : [3];
  const settings = { perClass: given["per-class"] ?? 20, steps: given.steps ?? 50, seed: 1, ...watch };
  const generated: ClassImages[] = [];
  for (const guidance of scales)
    generated.push(await generateByClass(backend, models.networks, models, dataset, { ...settings, guidance }));
  if (given.sheet !== undefined) await writeSheet(given.sheet, generated[0]!, dataset);
  const recipe = judgeRecipe(dataset.classes.length, dataset.resolution);
  const judge = await trainJudge(backend, dataset, recipe, 1, watch);
  if (!judge) return undefined;
  const shares: (number | null)[] = [];
  for (const images of generated) shares.push(await measureRecognition(judge, images));
  const real = poolImages(pool, dataset, realPerClass);
  const encoders = new LabEncoders(backend, models.variables, models.networks, 64);
  const passed = await reconstructed(encoders, real);
  await encoders.dispose();
  const byGuidance = Object.fromEntries(scales.map((scale, i) => [String(scale), shares[i]]));
  return {
    recognised: shares[0],
    ...(scales.length > 1 ? { recognisedAtGuidance: byGuidance } : {}),
    judgeTestAccuracy: judge.testAccuracy,
    // What generated images could reach: they come out of the same autoencoder, and show what the pool shows.
    judgePoolAccuracy: await measureRecognition(judge, real),
    judgeReconstructedPoolAccuracy: await measureRecognition(judge, passed),
  };
}

/** The values as lines for people. */
export const textOf = (measured: Record<string, unknown>): string =>
  Object.entries(measured)
    .map(([name, value]) => `${name}: ${valueText(value)}\n`)
    .join("");

/** What could not be measured is a dash. */
function valueText(value: unknown): string {
  if (value === null) return "–";
  if (typeof value === "number") return value.toFixed(4);
  if (typeof value !== "object") return JSON.stringify(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${valueText(one)}`)
    .join(", ");
}

/** A row a class, as a contact sheet. */
async function writeSheet(path: string, { images, labels }: ClassImages, dataset: Dataset): Promise<void> {
  const rows = dataset.classes.map(({ name }, label) => ({
    label: name,
    cells: [images.filter((_, i) => labels[i] === label).map(pngDataUri)],
  }));
  const svg = contactSheet(["generated by the simple prompt"], rows, { size: sheetPixels });
  await sharp(new TextEncoder().encode(svg), { density: 144 }).png({ palette: true }).toFile(path);
}

/** Side of a picture on the sheet; the file has twice as many pixels. */
const sheetPixels = 32;
