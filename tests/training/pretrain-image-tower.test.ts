import { expect, test } from "vitest";
import { Clip } from "../../src/models/clip/clip.ts";
import { parseClipImageConfig, parseClipTextConfig } from "../../src/models/clip/config.ts";
import { miniText, miniVision } from "../../src/models/mini.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import { imageTowerPretraining } from "../../src/training/pretrain-image-tower.ts";

const clip = new Clip(new Parameters(), {
  text: parseClipTextConfig(miniText(600)),
  image: parseClipImageConfig(miniVision),
});
const parts = { texts: ["hen", "farm"], embeddings: new Float32Array(2 * 96).fill(0.1), said: [[0, 1], [], [1]] };
const pixels = new Uint8Array(3 * 3072).map((_, i) => Math.floor(i / 3072) * 127);
const pretraining = (indices: readonly number[]): ReturnType<typeof imageTowerPretraining> =>
  imageTowerPretraining(clip, parts, { pixels, resolution: 32, indices }, { batch: 2, seed: 1 });

test("the image tower is trained, and nothing else", () => {
  const trained = pretraining([0]).parameters.filter(({ trainable }) => trainable);
  const towers = new Set(trained.map(({ checkpointName }) => checkpointName.split(".")[0]));
  expect(towers).toEqual(new Set(["vision_model", "visual_projection"]));
});

test("a step is fed pictures as they are, each with the parts that its caption says", () => {
  const { images, said } = pretraining([2, 0]).feed(0) as { images: Float32Array; said: Float32Array };
  const rows = [0, 1].map((i) => ({ pixel: images[i * 3072]!, said: [...said.subarray(2 * i, 2 * i + 2)] }));
  const byPixel = rows.sort((a, b) => a.pixel - b.pixel);
  expect(byPixel[0]).toEqual({ pixel: -1, said: [1, 1] });
  expect(byPixel[1]!.pixel).toBeCloseTo(254 / 127.5 - 1, 6);
  expect(byPixel[1]!.said).toEqual([0, 1]);
});

test("pictures that are held out are never fed", () => {
  const task = pretraining([1]);
  for (let step = 0; step < 3; step++) expect([...(task.feed(step)["said"] as Float32Array)]).toEqual([0, 0, 0, 0]);
});
