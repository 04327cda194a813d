import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
import { joinRows } from "../../src/data/rows.ts";
import { fitLatentPreview, meanColours } from "../../src/diffusion/fit-latent-preview.ts";
import { latentPreviewOf, miniPreview, previewLatents } from "../../src/diffusion/latent-preview.ts";
import { LabEncoders } from "../../src/experiment/lab-encoders.ts";
import { loadNetworks } from "../../src/experiment/lab-models.ts";
import { modelFiles } from "../../src/experiment/lab-networks.ts";
import type { Gallery } from "../../src/experiment/gallery.ts";
import { RandomStream } from "../../src/random.ts";
import { nodeBackend } from "../engine/node-backend.ts";

const root = join(import.meta.dirname, "../..");
const random = new RandomStream(1, "latent preview");
const signed = (count: number, reach: number): Float32Array =>
  Float32Array.from({ length: count }, () => reach * (2 * random.uniform() - 1));

/** Root of the mean square between previews and colours, both from -1 to 1. */
const errorOf = (previews: readonly Image[], colours: Float32Array): number => {
  const values = previews.flatMap(({ data }) => [...data].map((value) => value / 127.5 - 1));
  return Math.sqrt(values.reduce((sum, value, i) => sum + (value - colours[i]!) ** 2, 0) / values.length);
};

describe("a preview of latents", () => {
  // 3 pictures of 4×4 places with 5 channels.
  const shape = [4, 4, 5] as const;
  const latents = signed(3 * 4 * 4 * 5, 1);
  const weights = [0, 1, 2].map(() => signed(5, 0.15));
  const linear = Float32Array.from({ length: 3 * 16 * 3 }, (_, i) => {
    const row = latents.subarray(Math.floor(i / 3) * 5, Math.floor(i / 3) * 5 + 5);
    return row.reduce((sum, value, c) => sum + value * weights[i % 3]![c]!, 0.1 * (i % 3));
  });

  test("fitted to colours that depend on them linearly gives these colours, to a step of 8 bits", () => {
    const fitted = fitLatentPreview(latents, linear, 5);
    expect(fitted.residual).toBeLessThan(1e-6);
    expect(fitted.spread).toBeGreaterThan(0.1);
    expect(errorOf(previewLatents(latents, shape, fitted), linear)).toBeLessThan(0.5 / 127.5);
  });

  test("fitted to noisy colours is off by its residual, which is the noise's size", () => {
    const noise = signed(linear.length, 0.2);
    const noisy = linear.map((value, i) => value + noise[i]!);
    const fitted = fitLatentPreview(latents, noisy, 5);
    // A uniform number in ±0.2 has a deviation of 0.2/√3; six of the 48 degrees of freedom of a colour go into the fit.
    expect(fitted.residual).toBeGreaterThan(0.8 * (0.2 / Math.sqrt(3)));
    expect(fitted.residual).toBeLessThan(1.1 * (0.2 / Math.sqrt(3)));
    expect(errorOf(previewLatents(latents, shape, fitted), noisy)).toBeCloseTo(fitted.residual, 2);
  });

  test("is grey for an autoencoder that no map is known of, and refuses other channels", () => {
    for (const [hash, factor] of [
      ["another", miniPreview.scalingFactor] as const,
      [miniPreview.weightsHash, 1] as const,
    ]) {
      const [picture] = previewLatents(
        Float32Array.of(0, 0, 0, 0, 9, 9, 9, 9),
        [1, 2, 4],
        latentPreviewOf(hash, factor, 4),
      );
      expect([...picture!.data]).toEqual([128, 128, 128, 255, 255, 255]);
    }
    expect(() => previewLatents(latents, shape, miniPreview)).toThrow(
      "latent preview: map: expected [3, 5], got [3, 4]",
    );
    expect(() => previewLatents(latents.subarray(1), shape, miniPreview)).toThrow(
      "latent preview: expected [n, 4, 4, 5], got [239]",
    );
  });

  test("means colours over the squares that latents stand for", () => {
    // White where x < 2 and y < 2.
    const data = Uint8Array.from({ length: 48 }, (_, i) => (i % 12 < 6 && i < 24 ? 255 : 0));
    const means = meanColours({ width: 4, height: 4, data }, 2);
    expect([...means].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
      1,
      1,
      1,
      ...new Array<number>(9).fill(-1),
    ]);
  });
});

test("the mini autoencoder's map gives the mean colours of real pictures to about the error that it states", async () => {
  const read = async (path: string): Promise<Uint8Array> =>
    Uint8Array.from(await readFile(join(root, "public/models/mini", path)));
  const { networks, variables, fileHashes } = await loadNetworks(await nodeBackend(), read, ["vae"]);
  const hash = fileHashes.get(modelFiles.vae)!;
  const [side, , channels] = networks.latentShape;
  const { scalingFactor } = networks.vaeEncoder.config;
  expect(latentPreviewOf(hash, scalingFactor, channels)).toBe(miniPreview);

  const pictures = await recordedPictures("target");
  const encoders = new LabEncoders(await nodeBackend(), variables, networks);
  const latents = await encoders.latents({ count: pictures.length, image: (i) => pictures[i]! });
  await encoders.dispose();
  const colours = joinRows(pictures.map((picture) => meanColours(picture, side)));
  const error = errorOf(previewLatents(latents, [side, side, channels], miniPreview), colours);
  // These are other pictures than it was fitted to, of other drawers.
  expect(error).toBeLessThan(1.2 * miniPreview.residual);
  expect(
    errorOf(previewLatents(latents, [side, side, channels], latentPreviewOf("", 1, channels)), colours),
  ).toBeGreaterThan(1.5 * error);
});

/** The pictures of one atlas of the recorded demo run. */
async function recordedPictures(id: string): Promise<Image[]> {
  const folder = join(root, "tests/fixtures/recorded/demo");
  const { tile, sets } = JSON.parse(await readFile(join(folder, "gallery.json"), "utf8")) as Gallery;
  const set = sets.find((known) => known.id === id)!;
  const atlas = sharp(join(folder, set.atlas)).removeAlpha();
  const tiles = set.classes.flatMap(({ pictures }, row) => pictures.map((_, column) => [row, column] as const));
  return Promise.all(
    tiles.map(async ([row, column]) => {
      const place = { left: column * tile, top: row * tile, width: tile, height: tile };
      return { width: tile, height: tile, data: new Uint8Array(await atlas.clone().extract(place).raw().toBuffer()) };
    }),
  );
}
