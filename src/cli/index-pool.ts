/** `rog index`: embeds a world's pool by CLIP into a file, from which a browser without WebGPU looks texts up. */
import { basename, join, resolve } from "node:path";
import type { Backend } from "../backends/backend.ts";
import { WebGpuBackend } from "../backends/webgpu/backend.ts";
import { isBuiltWorld } from "../data/world.ts";
import { ConfigError } from "../errors.ts";
import { LabEncoders } from "../experiment/lab-encoders.ts";
import { loadNetworks } from "../experiment/lab-models.ts";
import { modelFiles, recordedEmbeddingsPath } from "../experiment/lab-networks.ts";
import { embedWholePool, type EmbeddingWatch } from "../experiment/pool-embeddings.ts";
import { writeRecordedEmbeddings } from "../experiment/recorded-embeddings.ts";
import { writeFileAtomic } from "../storage/files.ts";
import { flagsText, readFlags } from "./arguments.ts";
import { indexModels } from "./index-models.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { openNodeDevice } from "./node-device.ts";
import { modelFileReader, openWorld } from "./open-lab.ts";

const flags = {
  world: { type: "string", help: "the world's folder (world/mini)" },
  models: {
    type: "string",
    help: "the models' folder, where the file goes (public/models/mini for world/mini; another world needs it)",
  },
  adapter: { type: "string", help: "part of the adapter's name" },
  help: { type: "boolean", help: "this text", short: "h" },
} as const;

/** Pictures that are embedded at once. */
const batch = 64;

/** @returns the exit code: 130 after Ctrl-C */
export async function run(args: readonly string[]): Promise<number> {
  const given = readFlags("index", args, flags);
  if (given.help) {
    process.stdout.write(`rog index: the pool's embeddings, for look-ups without a device\n\n${flagsText(flags)}`);
    return 0;
  }
  const folders = foldersOf(given);
  const { device, adapter } = await openNodeDevice({ adapter: given.adapter });
  const interrupt = listenForInterrupt();
  const path = await indexPool(new WebGpuBackend(device, adapter.info), folders, {
    signal: interrupt.signal,
    onProgress: (done) => void process.stderr.write(`index: ${String(done)} pictures are embedded\n`),
  });
  interrupt.release();
  if (path === undefined) return interrupt.exitCode() ?? 130;
  process.stdout.write(`${path}\n`);
  return 0;
}

/**
 * The folders that flags name. The file of a built world's pool lies beside the networks that were trained on it; that of another
 * world would take its place there.
 *
 * @throws ConfigError for a world that was not built, without a models' folder
 */
export function foldersOf({
  world = "world/mini",
  models,
}: {
  readonly world?: string | undefined;
  readonly models?: string | undefined;
}): {
  readonly world: string;
  readonly models: string;
} {
  const name = basename(world);
  const isBuilt = isBuiltWorld(name) && resolve(world) === resolve("world", name);
  if (models === undefined && !isBuilt)
    throw new ConfigError("rog index", `--models with the folder where the file of ${world} goes`, "nothing");
  return { world, models: models ?? join("public/models", name) };
}

/**
 * Embeds a world's pool by a models' folder's CLIP, and writes the file and the folder's manifest, which lists it.
 *
 * @returns the file's path; undefined when it was stopped, and nothing is written then
 * @throws MissingError, FormatError, IntegrityError, ShapeError naming file and key
 */
export async function indexPool(
  backend: Backend,
  folders: { readonly world: string; readonly models: string },
  watch: EmbeddingWatch,
): Promise<string | undefined> {
  const { pool, hash } = await openWorld(folders.world);
  const { networks, variables, fileHashes } = await loadNetworks(backend, modelFileReader(folders.models), ["clip"]);
  const encoders = new LabEncoders(backend, variables, networks, batch);
  const embeddingWidth = networks.clip.config.image.projectionDim;
  const tower = { embeddingWidth, embedImages: encoders.images.bind(encoders) };
  const embeddings = await embedWholePool(pool, tower, watch);
  await encoders.dispose();
  if (!embeddings) return undefined;
  await watch.onProgress(pool.entries.length);
  const origin = { world: hash, clip: fileHashes.get(modelFiles.clip)! };
  const path = join(folders.models, recordedEmbeddingsPath);
  await writeFileAtomic(path, [writeRecordedEmbeddings(embeddings, embeddingWidth, origin)]);
  await indexModels(folders.models);
  return path;
}
