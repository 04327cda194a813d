import { expect, test } from "vitest";
import type { Checkpoint } from "../../src/training/adaptation-unit.ts";
import { AdaptationUnit } from "../../src/training/adaptation-unit.ts";

/** Goes through epochs of these losses until it is done. @returns epochs done and epoch kept */
function course(checkpoint: Checkpoint, validation: readonly number[], training = validation, maxEpochs = 40) {
  const unit = new AdaptationUnit([0], 1, { checkpoint, maxEpochs, patience: 2 });
  for (let epoch = 0; !unit.isDone; epoch++) {
    const losses = { training: training[epoch]!, validation: validation[epoch]! };
    if (unit.finishEpoch(losses)) unit.keep([Float32Array.of(epoch)], undefined);
  }
  return { done: unit.epochs.length, kept: unit.keptEpoch };
}

test("stops after `patience` epochs without a better validation loss and keeps the best", () => {
  expect(course("best-validation", [5, 3, 4, 3, 9])).toEqual({ done: 4, kept: 2 });
});

test("the best training loss is kept, and the validation loss still ends it", () => {
  expect(course("best-train", [5, 3, 4, 4, 9], [5, 4, 3, 2, 1])).toEqual({ done: 4, kept: 4 });
});

test("an epoch that was asked for ends it and is kept, whatever the losses", () => {
  expect(course(3, [1, 2, 3, 4])).toEqual({ done: 3, kept: 3 });
  expect(course(9, [1, 2], [1, 2], 2)).toEqual({ done: 2, kept: 2 });
});

test("never goes beyond the last epoch", () => {
  expect(course("best-validation", [4, 3, 2, 1], [4, 3, 2, 1], 3)).toEqual({ done: 3, kept: 3 });
});

test("the training loss is the mean over examples since the last epoch", () => {
  const unit = new AdaptationUnit([0], 2, { checkpoint: "best-train", maxEpochs: 9, patience: 2 });
  unit.add(Float32Array.of(1, 2));
  unit.add(Float32Array.of(3));
  expect(unit.trainingLoss()).toBe(2);
  unit.finishEpoch({ training: 2, validation: 1 });
  unit.add(Float32Array.of(8));
  expect(unit.trainingLoss()).toBe(8);
});
