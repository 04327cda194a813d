/**
 * How much cheaper many classes adapt in one program than one after another: `npm run bench:adaptation`.
 *
 * Prints, for textual inversion and FT conditioning on the mini networks, the seconds of 24 classes side by side, of one class
 * alone times 24 in the same program, and of a process a class, with its start, weights and compilation, times 24.
 * Latents are random: the time does not depend on them.
 */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openNodeDevice } from "../../src/cli/node-device.ts";
import { loadNetworks } from "../../src/experiment/lab-models.ts";
import { gappedTexts } from "../../src/models/clip/pseudo-word.ts";
import { textualInversionTemplates } from "../../src/prompts/template-lists.ts";
import { fillNormal, streamKey } from "../../src/random.ts";
import type { AdaptationGroup, AdaptationRecipe } from "../../src/training/adaptation-recipe.ts";
import { adapt } from "../../src/training/adaptation.ts";

const classes = 24;
const pictures = 24;
const epochs = 2;

const { device, adapter } = await openNodeDevice();
const backend = new WebGpuBackend(device, adapter.info);
const read = (path: string): Promise<Uint8Array> => readFile(join("public/models/mini", path));
const { networks, variables } = await loadNetworks(backend, read, ["clip", "unet"]);
const { unet, clip, tokenizer, latentShape, contextShape } = networks;
const texts = (templates: readonly string[]) => gappedTexts(tokenizer, templates, contextShape[0]);
const adapted = { unet, text: clip.text, latentShape, texts };

const normal = (name: string, size: number): Float32Array => {
  const values = new Float32Array(size);
  fillNormal(values, streamKey(1, name), 0, 0);
  return values;
};
const size = latentShape[0] * latentShape[1] * latentShape[2];

function groupOf(index: number, width: number): AdaptationGroup {
  const key = `class ${String(index)}`;
  const latents = (name: string): Float32Array => normal(`${key} ${name}`, size);
  return {
    key,
    pictures: Array.from({ length: pictures }, (_, i) => [latents(String(i)), latents(`${String(i)} turned`)] as const),
    validation: Array.from({ length: 4 }, (_, i) => latents(`validation ${String(i)}`)),
    start: normal(key, width),
  };
}

/** Seconds of an adaptation, the compilation left out: the second of two runs. */
async function seconds(groups: readonly AdaptationGroup[], recipe: AdaptationRecipe): Promise<number> {
  await adapt(backend, variables, adapted, groups, { ...recipe, maxEpochs: 1 });
  const began = performance.now();
  await adapt(backend, variables, adapted, groups, recipe);
  return (performance.now() - began) / 1000;
}

function recipeOf(learns: AdaptationRecipe["learns"]): AdaptationRecipe {
  return {
    ...{ learns, templates: learns === "pseudo-word" ? textualInversionTemplates : [], trainsDenoiser: false },
    ...{ rate: 1e-3, denoiserRate: 0, weightDecay: 0, examples: 2, atOnce: classes, maxEpochs: epochs },
    ...{ patience: epochs, checkpoint: epochs, flip: 0.5, draws: 1, stream: "bench", seed: 1 },
  };
}

function groupsOf(learns: AdaptationRecipe["learns"], count: number): AdaptationGroup[] {
  const width = learns === "conditioning" ? contextShape[0] * contextShape[1] : contextShape[1];
  return Array.from({ length: count }, (_, i) => groupOf(i, width));
}

/** Seconds of a process that does nothing but adapt to so many classes. */
function secondsOfProcess(learns: AdaptationRecipe["learns"], count: number): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [process.argv[1]!, learns, String(count)], { stdio: "ignore" });
  if (status !== 0)
    throw new Error(`a process of ${String(count)} classes: exit code 0 expected, got ${String(status)}`);
  return (performance.now() - began) / 1000;
}

/** Seconds of a process for all classes, and of one for a class: medians of five each, in turn, so that both meet the same load. */
function secondsOfProcesses(learns: AdaptationRecipe["learns"]): readonly [number, number] {
  const each = [1, 2, 3, 4, 5].map(() => [secondsOfProcess(learns, classes), secondsOfProcess(learns, 1)] as const);
  const median = (which: 0 | 1): number => each.map((pair) => pair[which]).sort((x, y) => x - y)[2]!;
  return [median(0), median(1)];
}

const text = (value: number): string => value.toFixed(1);

/** Prints how long all classes take together, and one after another. */
async function compare(learns: AdaptationRecipe["learns"]): Promise<void> {
  const recipe = recipeOf(learns);
  const together = await seconds(groupsOf(learns, classes), recipe);
  const alone = (await seconds(groupsOf(learns, 1), recipe)) * classes;
  const [all, each] = secondsOfProcesses(learns);
  const one = each * classes;
  process.stdout.write(
    `${learns}: together ${text(together)} s, one after another ${text(alone)} s, ratio ${(alone / together).toFixed(2)}; ` +
      `a process for all ${text(all)} s, one a class ${text(one)} s, ratio ${(one / all).toFixed(2)}\n`,
  );
}

const [only, count] = process.argv.slice(2);
if (only !== undefined) {
  if ((only !== "pseudo-word" && only !== "conditioning") || !(Number(count) >= 1)) {
    process.stderr.write(
      "bench:adaptation takes nothing, or pseudo-word or conditioning and a number of classes to adapt to once\n",
    );
    process.exit(2);
  }
  await adapt(backend, variables, adapted, groupsOf(only, Number(count)), recipeOf(only));
} else {
  process.stdout.write(
    `${backend.name}; ${String(classes)} classes of ${String(pictures)} pictures, ${String(epochs)} epochs; one class times ${String(classes)} where not together\n`,
  );
  for (const learns of ["pseudo-word", "conditioning"] as const) await compare(learns);
}
process.exit(0);
