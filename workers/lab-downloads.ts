/** World and networks of a run: downloaded once, kept, checked by hash. */
import type { Backend } from "../src/backends/backend.ts";
import { readDataset } from "../src/data/dataset.ts";
import { readPool } from "../src/data/pool.ts";
import { readManifest, worldName, type WorldManifest } from "../src/data/world.ts";
import { MissingError, QuotaError } from "../src/errors.ts";
import { loadLabModels } from "../src/experiment/lab-models.ts";
import { recordedEmbeddingsPath, textTowerFiles } from "../src/experiment/lab-networks.ts";
import { modelManifestName, networkFiles, parseModelManifest } from "../src/experiment/model-manifest.ts";
import type { RunPool, RunWorld } from "../src/experiment/run-data.ts";
import { networksOf, type RunNetworks } from "../src/experiment/run-networks.ts";
import { downloads, freshFile, isKept, keptFiles, type FileHashes, type ReadFile } from "../src/storage/kept-files.ts";
import { memoryMedium } from "../src/storage/medium.ts";
import { Store } from "../src/storage/store.ts";

/** Where a run's inputs are, and how they are fetched. */
export interface DownloadOptions {
  /** Addresses of the two folders, each ending with `/`. */
  readonly world: string;
  readonly models: string;
  /** Keeps what is missing in memory alone. */
  readonly inMemory: boolean;
  readonly signal: AbortSignal;
  /** Called before each download. */
  readonly onDownload: (path: string, bytes: number) => void;
}

/**
 * The options for a world and its networks at the page's usual places.
 *
 * @param asked `files` is the address below which `world/` and `models/` are served; `resolution` tells which
 */
export function downloadOptions(
  asked: { readonly files: string; readonly resolution: number; readonly inMemory?: boolean | undefined },
  signal: AbortSignal,
  onDownload: DownloadOptions["onDownload"],
): DownloadOptions {
  const { files, resolution, inMemory = false } = asked;
  const name = worldName(resolution);
  return { world: `${files}world/${name}/`, models: `${files}models/${name}/`, inMemory, signal, onDownload };
}

/** A run's inputs, read when they are asked for. */
export interface RunInputs {
  world(): Promise<RunWorld>;
  /** The world without its dataset. */
  pool(): Promise<RunPool>;
  /** Of what decides the world. */
  readonly worldHash: string;
  /** Of what decides the networks. */
  readonly networksKey: string;
  networks(backend: Backend): Promise<RunNetworks>;
}

/** The inputs of a look-up without a device, read when they are asked for. */
export interface RecordedInputs extends Pick<RunInputs, "pool" | "worldHash"> {
  /** Files of CLIP's text tower, and the pool's embeddings. */
  readonly readModel: ReadFile;
}

/** Listed with a world's files, and never read by a run. */
const unread = "CREDITS.md";

/** What the lab has downloaded: on the disk, or in memory for as long as it lives. */
export class LabDownloads {
  #memory = new Store(memoryMedium());

  constructor(private readonly store: Store) {}

  /**
   * Fetches the lists of files and makes sure that there is room for those that are missing.
   *
   * @throws QuotaError when there is not; MissingError, FormatError; the signal's reason
   */
  async open(options: DownloadOptions): Promise<RunInputs> {
    const { models } = options;
    const { manifest, listed } = await this.#lists(options);
    const files = networkFiles(listed);
    await this.#requireRoom([manifest.files, files], options);
    const readWorld = this.#reader(options.world, manifest.files, options);
    return {
      world: async () => {
        const [dataset, pool] = [await readDataset(manifest, readWorld), await readPool(manifest, readWorld)];
        return { dataset, pool, hash: manifest.hash };
      },
      pool: async () => ({ pool: await readPool(manifest, readWorld), hash: manifest.hash }),
      worldHash: manifest.hash,
      networksKey: JSON.stringify([models, files]),
      networks: async (backend) =>
        networksOf(backend, await loadLabModels(backend, this.#reader(models, files, options))),
    };
  }

  /**
   * The same for a look-up without a device, which needs neither the dataset nor the weights of VAE and U-Net.
   *
   * @throws MissingError where the pool's embeddings were not recorded; QuotaError, FormatError; the signal's reason
   */
  async openRecorded(options: DownloadOptions): Promise<RecordedInputs> {
    const { world, models } = options;
    const { manifest, listed } = await this.#lists(options);
    if (!Object.hasOwn(listed, recordedEmbeddingsPath))
      throw new MissingError(`${models}${modelManifestName}`, recordedEmbeddingsPath, "`rog index` makes it");
    const isPool = (path: string): boolean => path.startsWith("pool.");
    const isRead = (path: string): boolean => [...textTowerFiles, recordedEmbeddingsPath].includes(path);
    await this.#requireRoom([filesThat(manifest.files, isPool), filesThat(listed, isRead)], options);
    const readWorld = this.#reader(world, manifest.files, options);
    return {
      pool: async () => ({ pool: await readPool(manifest, readWorld), hash: manifest.hash }),
      worldHash: manifest.hash,
      readModel: this.#reader(models, listed, options),
    };
  }

  /** Forgets what is in memory. */
  forget(): void {
    this.#memory = new Store(memoryMedium());
  }

  /** What is served, as of now. */
  async #lists({
    world,
    models,
    inMemory,
  }: DownloadOptions): Promise<{ readonly manifest: WorldManifest; readonly listed: FileHashes }> {
    const lists = inMemory ? this.#memory : this.store;
    const manifest = await readManifest((path) => freshFile(lists, world, path));
    const list = await freshFile(lists, models, modelManifestName);
    return { manifest, listed: parseModelManifest(list, `${models}${modelManifestName}`) };
  }

  async #requireRoom(lists: readonly FileHashes[], { inMemory }: DownloadOptions): Promise<void> {
    if (inMemory) return;
    const missing = new Map<string, number>();
    for (const [path, { bytes, sha256 }] of lists.flatMap((files) => Object.entries(files)))
      if (path !== unread && !(await isKept(this.store, sha256))) missing.set(sha256, bytes);
    const needed = [...missing.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (needed === 0) return;
    const free = await this.store.medium.freeBytes(needed);
    if (needed > free) throw new QuotaError("downloads", needed, free);
  }

  /** What is on the disk is taken from there in any case. */
  #reader(where: string, files: FileHashes, { inMemory, signal, onDownload }: DownloadOptions): ReadFile {
    const download = downloads(where, { signal });
    const keptIn = (store: Store): ReadFile => keptFiles({ store, files, download, where, onDownload });
    const [onDisk, here] = [keptIn(this.store), keptIn(this.#memory)];
    return async (path) => {
      signal.throwIfAborted();
      const hash = files[path]?.sha256 ?? "";
      return inMemory && !(await isKept(this.store, hash)) ? here(path) : onDisk(path);
    };
  }
}

/** The files whose paths a test lets through. */
function filesThat(files: FileHashes, test: (path: string) => boolean): FileHashes {
  return Object.fromEntries(Object.entries(files).filter(([path]) => test(path)));
}
