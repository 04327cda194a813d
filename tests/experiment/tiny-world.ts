/** A world of coloured squares and networks small enough to read, for tests of whole runs. */
import type { Dataset, Sample } from "../../src/data/dataset.ts";
import type { Image } from "../../src/data/image.ts";
import type { PoolEntry } from "../../src/data/pool.ts";
import type { Classifier, RunNetworks } from "../../src/experiment/run-networks.ts";
import type { RunWorld } from "../../src/experiment/run-data.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";
import type { Spec } from "../../src/experiment/spec.ts";
import { RandomStream } from "../../src/random.ts";
import { advancePlateau, startPlateau } from "../../src/training/plateau.ts";

const side = 16;
const colours: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [210, 60, 60],
  green: [60, 200, 70],
  blue: [60, 70, 220],
  grey: [120, 120, 120],
};
const keys = Object.keys(colours);

/** A square of a class's colour with noise, so strong that classes are confused now and then. */
function picture(key: string, random: RandomStream, noise = 90): Image {
  const data = new Uint8Array(side * side * 3);
  const shift = [0, 1, 2].map(() => noise * (random.uniform() - 0.5) * 2);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.min(255, Math.max(0, colours[key]![i % 3]! + shift[i % 3]! + 60 * (random.uniform() - 0.5)));
  }
  return { width: side, height: side, data };
}

function joined(images: readonly Image[]): Uint8Array {
  const pixels = new Uint8Array(images.length * side * side * 3);
  images.forEach(({ data }, i) => pixels.set(data, i * data.length));
  return pixels;
}

/** @param pooled pool pictures of each class; grey has only a fifth of them */
export function tinyWorld(pooled = 20): RunWorld {
  const counts = { train: 20, validation: 6, test: 20 };
  const samples = keys.flatMap((key, classIndex) =>
    Object.entries(counts).flatMap(([split, count]) =>
      Array.from({ length: count }, (_, i): Sample => {
        const id = `${key}-${split}-${String(i)}`;
        return { id, classIndex, split: split as Sample["split"], icon: id, vendor: "target" };
      }),
    ),
  );
  const pixels = joined(samples.map(({ id, classIndex }) => picture(keys[classIndex]!, new RandomStream(1, id))));
  const train = (from: number, to: number): string[] =>
    keys.flatMap((key, i) =>
      Array.from({ length: to - from - (i === 1 ? 1 : 0) }, (_, n) => `${key}-train-${String(from + n)}`),
    );
  const lowData = { "real-10": train(0, 4), "real-20": [...train(0, 4), ...train(4, 8)] };
  const meaning = { hypernym: "thing", definition: "what fills the picture" };
  const classes = keys.map((key) => ({ key, name: `${key} thing`, meaning }));
  const dataset: Dataset = { name: "tiny", resolution: side, classes, samples, pixels, lowData };
  const entries = keys.flatMap((key) =>
    Array.from({ length: key === "grey" ? pooled / 5 : pooled }, (_, i): PoolEntry => {
      const id = `${key}-pool-${String(i)}`;
      const group = i < 2 ? keys.indexOf(key) : null;
      return {
        ...{ id, caption: key, captionKind: "label", icon: id, vendor: "pool" },
        class: key,
        nearDuplicateGroup: group,
        heldOut: false,
      };
    }),
  );
  const poolImages = entries.map(({ id, class: key, nearDuplicateGroup }) =>
    picture(key!, new RandomStream(2, nearDuplicateGroup === null ? id : `double ${String(nearDuplicateGroup)}`)),
  );
  const pool = { name: "tiny", resolution: side, entries, pixels: joined(poolImages) };
  return { dataset, pool, hash: `tiny ${String(pooled)}` };
}

/** A spec for it: three sets, a few epochs. */
export function tinySpec(...overrides: string[]): Spec {
  const text = `
name: tiny
world: { resolution: 16 }
classes: [red, green, blue]
production: { factor: 3 }
sets: { n: 3 }
retrieval: { duplicates: 0.99999 }
train: { batch: 8, maxEpochs: 3, stop: 2 }`;
  return parseSpec(text, "tiny", overrides);
}

/** Mean colours of the four quarters about grey, at length 1. */
function embed({ data }: Image): Float32Array {
  const row = new Float32Array(12);
  data.forEach((value, i) => {
    const [pixel, c] = [Math.floor(i / 3), i % 3];
    const quarter = 2 * Number(Math.floor(pixel / side) >= side / 2) + Number(pixel % side >= side / 2);
    row[quarter * 3 + c]! += value - 118;
  });
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

const keyOf = (text: string): string => keys.find((key) => text.includes(key))!;

/** Networks that compute on the spot: colours for texts, noise by stream, a classifier by mean colours. */
export function tinyNetworks(): RunNetworks & { readonly calls: string[] } {
  const calls: string[] = [];
  const rows = (images: readonly Image[]) => Float32Array.from(images.flatMap((image) => [...embed(image)]));
  return {
    calls,
    adapter: "tiny adapter",
    hash: "tiny networks",
    resolution: side,
    embeddingWidth: 12,
    embedTexts: (texts) =>
      Promise.resolve(rows(texts.map((text) => picture(keyOf(text), new RandomStream(0, "query"), 0)))),
    embedImages: ({ count, image }) => Promise.resolve(rows(Array.from({ length: count }, (_, i) => image(i)))),
    generator: () => {
      calls.push("generator");
      return Promise.resolve({
        generate: async (drafts, stream, { seed, signal, onImages }) => {
          const images: Image[] = [];
          for (const { prompt, sample } of drafts) {
            await Promise.resolve();
            if (signal?.aborted) break;
            // A learned word's class is in its stream alone.
            images.push(
              picture(keyOf(`${prompt} ${stream}`), new RandomStream(seed, `${stream}/${String(sample)}`), 120),
            );
            onImages?.(images.length);
          }
          return images;
        },
        dispose: () => {
          calls.push("generator disposed");
          return Promise.resolve();
        },
      });
    },
    learn: (groups) => {
      calls.push(`learn ${groups.map(({ key }) => key).join()}`);
      return Promise.resolve({ rows: groups.map(() => Float32Array.of(1)), courses: [] });
    },
    classifier: (recipe) => {
      calls.push("classifier");
      return Promise.resolve(meanColours(recipe, calls));
    },
  };
}

/** Learns each class's mean embedding from a random half of the pictures an epoch. */
function meanColours(recipe: Parameters<RunNetworks["classifier"]>[0], calls: string[]): Classifier {
  let means = new Float32Array(0);
  const classifier: Classifier = {
    train: async (train, validation, seed, options) => {
      calls.push(`train ${String(train.count)} seed ${String(seed)}`);
      const history = [];
      let best = new Float32Array(0);
      let state = startPlateau(recipe.plateau, recipe.rate);
      let endedEarly = false;
      while (!state.stopped && !endedEarly) {
        await Promise.resolve();
        if (options?.signal?.aborted) return undefined;
        const random = new RandomStream(seed, `epoch ${String(state.epoch)}`);
        means = new Float32Array(recipe.net.classes * 12);
        for (let i = 0; i < train.count; i++) {
          const weight = random.uniform();
          embed(train.image(i)).forEach((value, k) => (means[train.label(i) * 12 + k]! += weight * value));
        }
        const { accuracy: validationAccuracy, predictions } = await classifier.score(validation);
        const { accuracy: trainAccuracy } = await classifier.score(train);
        const { rate, bestEpoch } = state;
        state = advancePlateau(recipe.plateau, state, validationAccuracy);
        if (state.bestEpoch !== bestEpoch) best = means.slice();
        const log = { epoch: state.epoch, loss: 1 - validationAccuracy, rate, trainAccuracy, validationAccuracy };
        history.push(log);
        options?.onEpoch?.(log, predictions);
        endedEarly = options?.endsEarly?.() === true && !state.stopped;
      }
      const weights = new Map([["means", best]]);
      return { history, bestEpoch: state.bestEpoch, validationAccuracy: state.best ?? 0, endedEarly, weights };
    },
    load: (weights) => {
      means = Float32Array.from(weights.get("means")!);
    },
    score: ({ count, image, label }) => {
      calls.push(`score ${String(count)}`);
      const predictions = Uint32Array.from({ length: count }, (_, i) => {
        const row = embed(image(i));
        const scores = Array.from({ length: recipe.net.classes }, (_, c) => {
          const mean = means.subarray(c * 12, (c + 1) * 12);
          return row.reduce((sum, value, k) => sum + value * mean[k]!, 0) / Math.hypot(...mean);
        });
        return scores.indexOf(Math.max(...scores));
      });
      const correct = predictions.reduce((sum, predicted, i) => sum + Number(predicted === label(i)), 0);
      return Promise.resolve({ accuracy: correct / count, predictions });
    },
    dispose: () => void calls.push("classifier disposed"),
  };
  return classifier;
}
