import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readCurves, type Curve } from "../../src/app/runs/run-view.ts";
import { rowShares, worstConfusion } from "../../src/app/steps/train/confusion-shares.ts";
import {
  axesOf,
  byCondition,
  curveOf,
  goingCurve,
  keptPoint,
  meanKept,
  meanPoints,
  pathOf,
  pointsOf,
} from "../../src/app/steps/train/curves.ts";
import { patienceText } from "../../src/app/steps/train/patience.ts";
import type { Confusions } from "../../src/experiment/gallery.ts";
import { linearAxis } from "../../src/experiment/axis.ts";

const recorded = (file: string): Promise<string> => readFile(`tests/fixtures/recorded/demo/${file}`, "utf8");

const curve = (condition: string, set: number, accuracies: readonly number[], bestEpoch: number): Curve => {
  const epochs = accuracies.map((validationAccuracy, i) => ({ epoch: i + 1, loss: 2 - i * 0.5, validationAccuracy }));
  return { condition, set, epochs, bestEpoch };
};

describe("learning curves", () => {
  const long = curve("retrieval", 1, [0.1, 0.2, 0.6, 0.5], 3);
  const short = curve("retrieval", 0, [0.3, 0.4], 2);

  test("are grouped by condition in the given order, set by set", () => {
    const groups = byCondition([long, short], ["real-10", "retrieval"]);
    expect(groups.map(({ id, sets }) => [id, sets.map(({ set }) => set)])).toEqual([
      ["real-10", []],
      ["retrieval", [0, 1]],
    ]);
  });

  test("have a mean as far as all sets were trained", () => {
    const mean = meanPoints([short, long], "validationAccuracy");
    expect(mean.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(mean.map(({ value }) => Math.round(1000 * value))).toEqual([200, 300]);
    expect(meanPoints([], "loss")).toEqual([]);
  });

  test("are kept at the best epoch, whose accuracies are averaged", () => {
    expect(keptPoint(long, "validationAccuracy")).toEqual({ epoch: 3, value: 0.6 });
    expect(keptPoint({ ...long, bestEpoch: null }, "loss")).toBeNull();
    expect(meanKept([short, long])).toBeCloseTo(0.5, 12);
    expect(meanKept([])).toBeNull();
  });

  test("share axes that begin at zero and hold every point", () => {
    const axes = axesOf([long, short]);
    expect([axes.epoch.low, axes.loss.low, axes.validationAccuracy.low]).toEqual([0, 0, 0]);
    expect(axes.epoch.high).toBeGreaterThanOrEqual(4);
    expect(axes.loss.high).toBeGreaterThanOrEqual(2);
    expect(axes.validationAccuracy.high).toBeGreaterThanOrEqual(0.6);
    expect(axesOf([]).epoch.high).toBeGreaterThan(0);
  });

  test("have one axis for both accuracies", () => {
    const learned = { ...short, epochs: short.epochs.map((log) => ({ ...log, trainAccuracy: 0.97 })) };
    const { trainAccuracy, validationAccuracy } = axesOf([learned, long]);
    expect(trainAccuracy).toBe(validationAccuracy);
    expect(trainAccuracy.high).toBeGreaterThanOrEqual(0.97);
    expect(pointsOf(learned, "trainAccuracy").map(({ value }) => value)).toEqual([0.97, 0.97]);
    expect(pointsOf(long, "trainAccuracy")).toEqual([]);
  });

  test("of a training that goes on keep the first of its best epochs so far", () => {
    const { epochs } = curve("real-10", 0, [0.2, 0.5, 0.5, 0.4], 0);
    expect(goingCurve("real-10/set-3", epochs)).toMatchObject({ condition: "real-10", set: 3, bestEpoch: 2 });
    expect(goingCurve("calibration", epochs)).toBeNull();
  });

  test("say when the training ends if no epoch is better", () => {
    const text = (accuracies: readonly number[], best: number, stop: number | null, maxEpochs = 40): string =>
      patienceText(curve("real-10", 0, accuracies, best), stop === null ? null : { stop, maxEpochs });
    expect(text([0.2, 0.5], 2, 6)).toMatch(/Epoch 2: the best .* 50/);
    expect(text([0.2, 0.5, 0.4], 2, 6)).toMatch(/40.*epoch 2's, 50.*ends after epoch 8\./);
    expect(text([0.2, 0.5, 0.4], 2, 6, 7)).toMatch(/ends after epoch 7\./);
    expect(text([0.2, 0.5, 0.4], 2, null)).not.toMatch(/ends/);
  });

  test("leave out what is no number", () => {
    const broken: Curve = { ...short, epochs: [{ epoch: 1, loss: NaN, validationAccuracy: 0.1 }] };
    expect(pointsOf(broken, "loss")).toEqual([]);
    expect(Number.isFinite(axesOf([broken]).loss.high)).toBe(true);
  });

  test("are drawn from the lower left", () => {
    const points = [
      { epoch: 0, value: 0 },
      { epoch: 10, value: 1 },
    ];
    expect(pathOf(points, linearAxis(0, 10), linearAxis(0, 1))).toBe("M0.00,100.00L100.00,0.00");
    expect(pathOf([], linearAxis(0, 10), linearAxis(0, 1))).toBe("");
  });

  test("of the lab's trainings are those that a finished run's metrics give", async () => {
    const [first] = readCurves(await recorded("metrics.jsonl"));
    const { condition, set, epochs, bestEpoch } = first!;
    const training = { condition, set, bestEpoch: bestEpoch!, validationAccuracy: 0 };
    const history = epochs.map((log) => ({ ...log, rate: 0.1 }));
    const asked = curveOf({ ...training, history } as Parameters<typeof curveOf>[0]);
    expect(pointsOf(asked, "loss")).toEqual(pointsOf(first!, "loss"));
    expect(keptPoint(asked, "validationAccuracy")).toEqual(keptPoint(first!, "validationAccuracy"));
  });
});

describe("confusions", () => {
  test("are shares of each true class, none where it has no pictures", () => {
    expect(
      rowShares([
        [3, 1],
        [0, 0],
      ]),
    ).toEqual([
      [0.75, 0.25],
      [0, 0],
    ]);
  });

  test("have a worst pair off the diagonal, or none where all is right", async () => {
    const { conditions } = JSON.parse(await recorded("confusions.json")) as Confusions;
    const { matrix } = conditions[0]!;
    const worst = worstConfusion(matrix)!;
    const shares = rowShares(matrix);
    expect(shares[worst.truth]![worst.predicted]).toBe(worst.share);
    const others = shares.flatMap((row, truth) => row.filter((_, predicted) => truth !== predicted));
    expect(worst.share).toBe(Math.max(...others));
    expect(
      worstConfusion([
        [4, 0],
        [0, 5],
      ]),
    ).toBeNull();
  });
});
