import { describe, expect, test } from "vitest";
import { imageAt } from "../../src/data/image.ts";
import { LazyGenerator, sourcesOf } from "../../src/experiment/run-sources.ts";
import { networksOf } from "../../src/experiment/run-networks.ts";
import type { AdaptedClass, Learned } from "../../src/methods/adapted.ts";
import { unpackLearned } from "../../src/methods/adapted.ts";
import type { Method, Sources } from "../../src/methods/method.ts";
import { allMethods } from "../../src/methods/registry.ts";
import { meanEmbedding } from "../../src/models/clip/pseudo-word.ts";
import { bytesOf, changedNames, livelyModels } from "../experiment/lively-models.ts";
import { tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

/** What each method that learns has a row for, and what else it trains. */
const learning: Readonly<Record<string, { rows: readonly string[]; learns: "conditioning" | "word"; unet: boolean }>> =
  {
    "ft-conditioning": { rows: ["red", "green"], learns: "conditioning", unet: false },
    "ft-cluster": { rows: ["red/0", "red/1", "green/0", "green/1"], learns: "conditioning", unet: false },
    imagic: { rows: ["red", "green"], learns: "conditioning", unet: true },
    "textual-inversion": { rows: ["red", "green"], learns: "word", unet: false },
    "pseudoword-dm": { rows: ["red", "green"], learns: "word", unet: true },
    "da-fusion": { rows: ["red", "green"], learns: "word", unet: false },
  };

/** Without weight decay, so that what moves was moved by a gradient. */
const settings = "{maxEpochs: 1, examples: 2, draws: 1, flip: 0, rate: 0.01, weightDecay: 0}";
const spec = tinySpec(
  "classes=[red, green]",
  ...Object.keys(learning).map((id) =>
    id === "da-fusion" ? `methods.${id}.strengths=[0.5]` : `methods.${id}=${settings}`,
  ),
  "methods.ft-cluster.clusters=2",
  "methods.imagic.denoiserRate=0.001",
  "methods.pseudoword-dm.denoiserRate=0.001",
  "methods.boomerang.noiseLevel=0.5",
  "generator={steps: 2, guidance: 1, batch: 1}",
  "retrieval.duplicates=1",
);

const { backend, models } = await livelyModels();
const { variables } = models;
const networks = networksOf(backend, models);
const { dataset, pool } = tinyWorld(5);
const pooled = await networks.embedImages({ count: 4, image: (row) => imageAt(pool.pixels, pool.resolution, row) });
const classes: readonly AdaptedClass[] = dataset.classes.slice(0, 2).map(({ key, name, meaning }, classIndex) => {
  return { classIndex, key, name, fullName: name, meaning };
});

/** The sources of a run on the networks, with two real pictures and a validation picture a class. */
function openSources(): { readonly sources: Sources; readonly generator: LazyGenerator } {
  const generator = new LazyGenerator(networks, spec.generator);
  const unused = { threshold: 1, recall: null, singles: 0, others: 0, doubles: 0 };
  const all = sourcesOf({ spec, dataset, pool, networks, generator }, pooled, [unused, unused]);
  const sources = {
    ...all,
    realImages: (classIndex: number) => all.realImages(classIndex).slice(0, 2),
    validationImages: (classIndex: number) => all.validationImages(classIndex).slice(0, 1),
  };
  return { sources, generator };
}

const adaptations = new Map<string, Promise<Uint8Array | undefined>>();

/** What a method adapts to, computed once; null for one that does not. */
async function adaptedOf(method: Method): Promise<Uint8Array | null> {
  if (!method.adapt) return null;
  const known = adaptations.get(method.id) ?? method.adapt(classes, openSources().sources, { seed: 3 });
  adaptations.set(method.id, known);
  return (await known)!;
}

async function learnedBy(method: Method): Promise<Learned | undefined> {
  const bytes = await adaptedOf(method);
  return bytes ? unpackLearned(bytes) : undefined;
}

const before = await bytesOf(variables);
const changed = async (): Promise<string[]> => changedNames(before, await bytesOf(variables));
const unetWeights = models.networks.unet.parameters.trainable().map(({ name }) => name);

test("CLIP, VAE and U-Net are all there are, and all of the U-Net can be trained", () => {
  expect(new Set([...before.keys()].map((name) => name.split(".")[0]))).toEqual(new Set(["clip", "vae", "unet"]));
  expect([...before.keys()].filter((name) => name.startsWith("unet.")).sort()).toEqual(unetWeights.toSorted());
});

test("the methods of the registry that learn are those whose learning is told here", () => {
  const ids = Object.values(allMethods()).flatMap(({ id, adapt }) => (adapt ? [id] : []));
  expect(ids.sort()).toEqual(Object.keys(learning).sort());
});

describe.each(Object.values(allMethods()))("$id", (method) => {
  test("leaves CLIP, VAE and U-Net as they were after it learned and after it made images, bit for bit", async () => {
    const adapted = await adaptedOf(method);
    expect(await changed()).toEqual([]);

    const { sources, generator } = openSources();
    // One picture from each of what it draws on.
    const count = method.draws.length;
    const request = { ...classes[0]!, count, adapted };
    const produced = await method.produce(request, sources, { seed: 3 });
    expect(produced!.images).toHaveLength(count);
    // A trained denoiser stands in for the networks' own until the generator goes, and nothing else is ever touched.
    const standIns = new Set((await learnedBy(method))?.denoiser?.weights.keys() ?? []);
    expect(new Set((await changed()).filter((name) => !name.startsWith("sampler.")))).toEqual(standIns);
    await generator.dispose();
    expect(await changed()).toEqual([]);
  });
});

/** Where a row begins: the conditioning of the simple prompt without white space, or the embedding of the name's last word. */
async function startOf(key: string, learns: "conditioning" | "word"): Promise<Float32Array> {
  if (learns === "conditioning") return (await models.encodePrompts([`A photo of ${key.split("/")[0]!}thing.`]))[0]!;
  const { tokenizer, clip } = models.networks;
  const { name } = clip.text.parameters.get("text_model.embeddings.token_embedding.weight");
  const table = (await variables.get(name)) as Float32Array;
  return meanEmbedding(tokenizer, "thing", table, clip.text.config.hiddenSize);
}

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe.each(Object.entries(learning))("%s", (id, { rows, learns, unet }) => {
  const method = allMethods()[id]!;

  test("moves every row from where it began", async () => {
    const learned = (await learnedBy(method))!;
    expect([...learned.rows.keys()].sort()).toEqual([...rows].sort());
    // The first step of AdamW is as long as the rate, 0.01 · √2; a start that were computed otherwise is off by 1e-6.
    for (const [key, row] of learned.rows) expect(distance(row, await startOf(key, learns)), key).toBeGreaterThan(0.01);
  });

  test(unet ? "moves every weight of the U-Net that it keeps" : "keeps no U-Net", async () => {
    const { denoiser } = (await learnedBy(method))!;
    expect([...(denoiser?.weights.keys() ?? [])].sort()).toEqual(unet ? unetWeights.toSorted() : []);
    for (const [name, values] of denoiser?.weights ?? [])
      // A tenth of the rate.
      expect(distance(values as Float32Array, (await variables.get(name)) as Float32Array), name).toBeGreaterThan(1e-4);
  });
});
