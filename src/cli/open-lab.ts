/** What a run needs of this machine: a device with the networks, and the world. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { WebGpuBackend } from "../backends/webgpu/backend.ts";
import { readDataset } from "../data/dataset.ts";
import { readPool } from "../data/pool.ts";
import { isBuiltWorld, readManifest, worldName, type OwnWorldManifest } from "../data/world.ts";
import { MissingError } from "../errors.ts";
import { loadLabModels } from "../experiment/lab-models.ts";
import type { RunWorld } from "../experiment/run-data.ts";
import { networksOf, type RunNetworks } from "../experiment/run-networks.ts";
import { elsewhereHint } from "./callers-folder.ts";
import { openNodeDevice } from "./node-device.ts";
import { quoted } from "./quoted.ts";
import type { PlaceFlags } from "./run-flags.ts";

/** What a run computes with. */
export interface Lab {
  readonly world: RunWorld;
  readonly networks: RunNetworks;
}

/**
 * Opens the world and the networks that flags name, or those of a size.
 *
 * @param resolution pixels a side of every picture
 * @throws what `openWorld` and `openNetworks` throw
 */
export async function openLab(
  resolution: number,
  given: Pick<PlaceFlags, "world" | "models" | "adapter">,
): Promise<Lab> {
  const name = worldName(resolution);
  const world = await openWorld(given.world ?? join("world", name));
  return { world, networks: await openNetworks(given.models ?? join("public/models", name), given.adapter) };
}

/**
 * Reads a world, built or imported.
 *
 * @throws MissingError when it is not there, or one of its parts was not imported
 * @throws FormatError, IntegrityError naming the folder when a file is not what the manifest says
 */
export async function openWorld(folder: string): Promise<RunWorld> {
  const read = worldFileReader(folder);
  const manifest = await readManifest(read, join(folder, "world.json"));
  if (manifest.format === "own-world/1") requireParts(manifest, folder);
  const dataset = await readDataset(manifest, read, folder);
  return { dataset, pool: await readPool(manifest, read, folder), hash: manifest.hash };
}

/** Reads files of a world's folder. @returns a reader that throws MissingError for a file that is not there */
export function worldFileReader(folder: string): (path: string) => Promise<Uint8Array> {
  const imports = "`rog data import` and `rog pool import` make it";
  return fileReader(folder, isBuiltWorld(basename(folder)) ? "`npm run world` builds it" : imports);
}

/** @throws MissingError naming the command that imports what is missing */
function requireParts({ imports }: OwnWorldManifest, folder: string): void {
  for (const part of ["target", "pool"] as const)
    if (!imports[part]) throw new MissingError(folder, `the ${part}`, `\`${importCommand(part, folder)}\` imports it`);
}

/** The command that imports a part of a world. */
export const importCommand = (part: "target" | "pool", folder: string): string =>
  `rog ${part === "target" ? "data" : "pool"} import SOURCE -o ${quoted([folder])}`;

/**
 * Opens the device and loads the networks.
 *
 * @param folder of the networks' files
 * @param adapter part of the adapter's name
 * @throws AdapterError, MissingError, FormatError
 */
export async function openNetworks(folder: string, adapter: string | undefined): Promise<RunNetworks> {
  const opened = await openNodeDevice({ adapter });
  const backend = new WebGpuBackend(opened.device, opened.adapter.info);
  return networksOf(backend, await loadLabModels(backend, modelFileReader(folder)));
}

/** Reads files of a models' folder. @returns a reader that throws MissingError for a file that is not there */
export function modelFileReader(folder: string): (path: string) => Promise<Uint8Array> {
  return fileReader(folder, "`rog pretrain` makes it");
}

function fileReader(folder: string, hint: string): (path: string) => Promise<Uint8Array> {
  return async (path) => {
    try {
      const bytes = await readFile(join(folder, path));
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT")
        throw new MissingError(folder, path, elsewhereHint(join(folder, path)) ?? hint);
      throw error;
    }
  };
}
