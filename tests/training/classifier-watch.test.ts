import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import type {
  ClassifierRecipe,
  LabelledImages,
  TrainedClassifier,
  TrainingWatch,
} from "../../src/training/classifier.ts";
import { OutOfMemoryError } from "../../src/errors.ts";
import { ClassifierTrainer } from "../../src/training/classifier.ts";
import { brokenBackend } from "../backends/broken-backend.ts";

const recipe: ClassifierRecipe = {
  net: { depths: [1], width: 4, classes: 2, stem: "cifar", block: "basic" },
  resolution: 4,
  batch: 4,
  rate: 0.2,
  momentum: 0.9,
  weightDecay: 0,
  crop: { scale: [1, 1], ratio: [1, 1], flip: 0 },
  plateau: { kind: "paper", patience: 50, factor: 0.1, stopAfter: 50, maxEpochs: 6 },
};

/** Black and white in turn. */
const pictures: LabelledImages = {
  count: 12,
  image: (i) => ({ width: 4, height: 4, data: new Uint8Array(48).fill(i % 2 === 0 ? 20 + i : 235 - i) }),
  label: (i) => i % 2,
};

async function trained(watch: TrainingWatch = {}): Promise<TrainedClassifier> {
  const trainer = await ClassifierTrainer.create(new ReferenceBackend(), recipe);
  const result = await trainer.train(pictures, pictures, 1, watch);
  trainer.dispose();
  return result!;
}

test("the training pictures that are named right are counted anew in each epoch", async () => {
  const { history } = await trained();
  const shares = history.map(({ trainAccuracy }) => trainAccuracy!);
  expect(shares).toHaveLength(6);
  for (const share of shares) expect(12 * share).toBeCloseTo(Math.round(12 * share), 6);
  expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  expect(shares[0]).toBeLessThan(1);
  expect(shares.at(-1)).toBe(1);
});

test("each epoch is told with the predicted classes that its validation accuracy counts", async () => {
  const told: number[] = [];
  const { history } = await trained({
    onEpoch: ({ validationAccuracy }, predictions) => {
      const right = predictions.filter((predicted, i) => predicted === pictures.label(i)).length;
      expect(right / pictures.count).toBe(validationAccuracy);
      told.push(validationAccuracy);
    },
  });
  expect(told).toEqual(history.map(({ validationAccuracy }) => validationAccuracy));
});

test("a training ends with the epoch after which it is told to, and says so", async () => {
  let epochs = 0;
  const result = await trained({ endsEarly: () => ++epochs === 2 });
  expect(result.history).toHaveLength(2);
  expect(result.endedEarly).toBe(true);
  expect(result.bestEpoch).toBeGreaterThan(0);
  expect(result.weights.size).toBeGreaterThan(0);
});

test("a training that its own rule ended was not ended early", async () => {
  const result = await trained({ endsEarly: () => false });
  expect([result.history.length, result.endedEarly]).toEqual([6, false]);
  let epochs = 0;
  expect((await trained({ endsEarly: () => ++epochs === 6 })).endedEarly).toBe(false);
});

test.each([0, 1])("a trainer whose program %s finds no memory leaves nothing behind", async (failing) => {
  const { backend, alive } = brokenBackend(failing);
  const variables = backend.variables();
  backend.variables = () => variables;
  await expect(ClassifierTrainer.create(backend, recipe)).rejects.toThrow(OutOfMemoryError);
  expect(alive.size).toBe(0);
  expect(variables.names()).toEqual([]);
});
