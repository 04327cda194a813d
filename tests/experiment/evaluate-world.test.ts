import { expect, test } from "vitest";
import { signedPixels, type Image } from "../../src/data/image.ts";
import { run as evaluateWorld, textOf } from "../../src/cli/evaluate-world.ts";
import {
  measurePsnr,
  measurePurity,
  measureRecognition,
  poolImages,
  reconstructed,
  type Judge,
} from "../../src/experiment/evaluate-world.ts";
import type { LabEncoders } from "../../src/experiment/lab-encoders.ts";
import { tinyNetworks, tinyWorld } from "./tiny-world.ts";

test("a class's pool pictures are those that show it, no more than were asked for", () => {
  const { pool, dataset } = tinyWorld();
  const { images, labels } = poolImages(pool, dataset, 6);
  expect([...labels]).toEqual([0, 1, 2, 3].flatMap((label) => Array<number>(label === 3 ? 4 : 6).fill(label)));
  const meanColours = images.map(({ data }) =>
    [0, 1, 2].map((c) => data.reduce((sum, value, i) => sum + (i % 3 === c ? value : 0), 0)),
  );
  const strongest = meanColours.map((sums) => sums.indexOf(Math.max(...sums)));
  // Noise confuses a few of them; a list of the wrong class would be wrong nearly everywhere.
  expect(strongest.slice(0, 18).filter((c, i) => c === Math.floor(i / 6)).length).toBeGreaterThan(12);
});

test("reconstructed pictures keep order and labels, as bytes again", async () => {
  const { pool, dataset } = tinyWorld();
  const real = poolImages(pool, dataset, 2);
  const inverted = (image: Image): Float32Array =>
    signedPixels(image.data, image.width, [0]).map((value) => (value === 0 ? 0 : -value));
  const encoders = {
    networks: { resolution: pool.resolution },
    reconstructions: ({ count, image }: { count: number; image(i: number): Image }) =>
      Promise.resolve(Float32Array.from(Array.from({ length: count }, (_, i) => [...inverted(image(i))]).flat())),
  } as unknown as LabEncoders;
  const passed = await reconstructed(encoders, real);
  expect(passed.labels).toEqual(real.labels);
  passed.images.forEach(({ data }, i) => {
    expect([...data]).toEqual([...real.images[i]!.data].map((value) => 255 - value));
  });
});

test("purity is the share of a query's neighbours that show its class, class by class", async () => {
  const { pool, dataset } = tinyWorld();
  const { mean, byClass } = await measurePurity(tinyNetworks(), dataset, pool);
  const shares = Object.values(byClass).map(Number);
  expect(Object.keys(byClass)).toEqual(dataset.classes.map(({ key }) => key));
  expect(mean).toBeCloseTo(shares.reduce((sum, share) => sum + share, 0) / 4, 12);
  // Twenty of 25 at most show the class, and of grey there are four.
  for (const key of ["red", "green", "blue"]) expect(byClass[key]).toBeGreaterThan(0.4);
  for (const share of shares) expect(share).toBeLessThanOrEqual(0.8);
  expect(byClass["grey"]).toBeLessThanOrEqual(4 / 25);
});

test("what a pool without labels and held-out pictures gives no measure of is null, and a dash in print", async () => {
  const { pool, dataset } = tinyWorld();
  const entries = pool.entries.map((entry) => ({ ...entry, class: null, heldOut: false }));
  const { mean, byClass } = await measurePurity(tinyNetworks(), dataset, { ...pool, entries });
  expect(mean).toBeNull();
  expect(byClass).toEqual({ red: null, green: null, blue: null, grey: null });
  expect(await measurePsnr({} as LabEncoders, { ...pool, entries })).toBeNull();
  const none = poolImages({ ...pool, entries }, dataset, 6);
  expect(await measureRecognition({} as Judge, none)).toBeNull();
  expect(textOf({ purityAt25: mean, purityByClass: { red: 0.5, grey: null }, psnr: 20 })).toBe(
    "purityAt25: –\npurityByClass: red 0.5000, grey –\npsnr: 20.0000\n",
  );
});

test.each([
  ["--only", "foo", /--only: expected purity, psnr, recognised, got foo/],
  ["--per-class", "0", /--per-class with a whole number from 1 up, got 0/],
  ["--steps", "1.5", /--steps with a whole number from 1 up, got 1.5/],
])("%s %s is refused before anything is measured", async (flag, value, message) => {
  await expect(evaluateWorld([flag, value])).rejects.toThrow(message);
});
