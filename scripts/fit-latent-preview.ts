/**
 * Fits the linear preview of an autoencoder's latents to pictures of a world's pool, and prints the numbers for
 * `src/diffusion/latent-preview.ts`: `fit-latent-preview [MODELS [WORLD]]`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { WebGpuBackend } from "../src/backends/webgpu/backend.ts";
import { openNodeDevice } from "../src/cli/node-device.ts";
import { openWorld } from "../src/cli/open-lab.ts";
import { imageAt } from "../src/data/image.ts";
import { joinRows } from "../src/data/rows.ts";
import { fitLatentPreview, meanColours } from "../src/diffusion/fit-latent-preview.ts";
import type { KnownPreview } from "../src/diffusion/latent-preview.ts";
import { LabEncoders } from "../src/experiment/lab-encoders.ts";
import { loadNetworks } from "../src/experiment/lab-models.ts";
import { modelFiles } from "../src/experiment/lab-networks.ts";

/** Every so many-th picture of the pool. */
const stride = 8;

const [models = "public/models/mini", world = "world/mini"] = process.argv.slice(2);
const { device, adapter } = await openNodeDevice();
const backend = new WebGpuBackend(device, adapter.info);
const read = async (path: string): Promise<Uint8Array> => Uint8Array.from(await readFile(join(models, path)));
const { networks, variables, fileHashes } = await loadNetworks(backend, read, ["vae"]);
const { pool } = await openWorld(world);

const count = Math.ceil(pool.entries.length / stride);
const image = (index: number) => imageAt(pool.pixels, pool.resolution, index * stride);
const latents = await new LabEncoders(backend, variables, networks).latents({ count, image });
const [side, , channels] = networks.latentShape;
const colours = joinRows(Array.from({ length: count }, (_, index) => meanColours(image(index), side)));

const { weights, bias, residual, spread } = fitLatentPreview(latents, colours, channels);
const short = (value: number): number => Number(value.toFixed(4));
const known: KnownPreview = {
  weightsHash: fileHashes.get(modelFiles.vae)!,
  scalingFactor: networks.vaeEncoder.config.scalingFactor,
  weights: weights.map((row) => row.map(short)),
  bias: bias.map(short),
  residual: short(residual),
  spread: short(spread),
};
process.stdout.write(`${JSON.stringify(known, null, 2)}\n`);
process.stderr.write(`fitted to ${String(count)} pictures, ${String(colours.length / 3)} places\n`);
backend.dispose();
