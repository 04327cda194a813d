import { afterAll, expect, test } from "vitest";
import { RandomStream } from "../../src/random.ts";
import type { ClassifierRecipe, LabelledImages } from "../../src/training/classifier.ts";
import { ClassifierTrainer } from "../../src/training/classifier.ts";
import { nodeBackend } from "../engine/node-backend.ts";

const recipe: ClassifierRecipe = {
  net: { depths: [1], width: 4, classes: 3, stem: "cifar", block: "basic" },
  resolution: 8,
  batch: 4,
  rate: 0.05,
  momentum: 0.9,
  weightDecay: 1e-4,
  crop: { scale: [0.5, 1], ratio: [3 / 4, 4 / 3], flip: 0.5 },
  plateau: { kind: "paper", patience: 9, factor: 0.1, stopAfter: 9, maxEpochs: 3 },
};

const side = 8;

/** Red, green and blue in turn, with noise; ten are two batches and a half. */
const pictures: LabelledImages = {
  count: 10,
  image: (index) => {
    const random = new RandomStream(1, `picture ${String(within(index))}`);
    const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
      return (i % 3 === index % 3 ? 150 : 50) + random.integer(100);
    });
    return { width: side, height: side, data };
  },
  label: (index) => within(index) % 3,
};

/** A picture that fills a batch up is one of the ten. */
function within(index: number): number {
  if (index >= 10) throw new RangeError(`picture ${String(index)} of 10`);
  return index;
}

/** The same pictures with other labels. */
const labelled = (labels: readonly number[]): LabelledImages => {
  return { ...pictures, label: (index) => labels[within(index)]! };
};

/** A single one of the pictures. */
const only = (index: number): LabelledImages => {
  return { count: 1, image: () => pictures.image(index), label: () => pictures.label(index) };
};

const trainer = await ClassifierTrainer.create(await nodeBackend(), recipe);
afterAll(() => {
  trainer.dispose();
});

const trained = async (seed: number) => (await trainer.train(pictures, pictures, seed))!;
type Trained = Awaited<ReturnType<typeof trained>>;

/** The names of weights and running statistics that differ in any bit. */
function differing({ weights }: Trained, other: Trained): string[] {
  const bytes = (values: ArrayBufferView) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return [...weights.keys()].filter((name) => !bytes(weights.get(name)!).equals(bytes(other.weights.get(name)!)));
}

test("the same seed gives the same weights, bit for bit, after a training with another seed that gives others", async () => {
  const [first, another, again] = [await trained(1), await trained(2), await trained(1)];
  expect(first.weights.size).toBeGreaterThan(10);
  expect([...again.weights.keys()]).toEqual([...first.weights.keys()]);
  expect(differing(first, again)).toEqual([]);
  expect(again.history).toEqual(first.history);
  // Every weight is drawn anew or learned from other crops.
  expect(differing(first, another)).toEqual([...first.weights.keys()]);
});

test("with a padded last batch each picture is predicted once, as it is alone", async () => {
  trainer.load((await trained(1)).weights);
  const { predictions } = await trainer.score(pictures);
  expect(predictions).toHaveLength(10);
  expect(new Set(predictions).size).toBeGreaterThan(1);
  const alone = [];
  for (let i = 0; i < 10; i++) alone.push((await trainer.score(only(i))).predictions[0]);
  expect([...predictions]).toEqual(alone);
});

test("with a padded last batch the accuracy is the share of the predictions that are the labels", async () => {
  const { accuracy, predictions } = await trainer.score(pictures);
  const right = Array.from(predictions).filter((predicted, i) => predicted === pictures.label(i)).length;
  expect(accuracy).toBe(right / 10);
  // The last picture is what fills the last batch: it counts once all the same.
  const wrong = Array.from(predictions, (predicted) => (predicted + 1) % 3);
  for (const index of [0, 8, 9]) {
    const labels = wrong.with(index, predictions[index]!);
    expect((await trainer.score(labelled(labels))).accuracy).toBe(0.1);
  }
  expect((await trainer.score(labelled([...predictions]))).accuracy).toBe(1);
});
