/** The lab: what `LabApi` promises, over a device, a store and a place for runs. */
import type { Backend } from "../src/backends/backend.ts";
import { readDataset } from "../src/data/dataset.ts";
import { readPool } from "../src/data/pool.ts";
import { readManifest, worldName } from "../src/data/world.ts";
import { ConfigError, DeviceLostError } from "../src/errors.ts";
import { loadLabModels } from "../src/experiment/lab-models.ts";
import { modelManifestName, parseModelManifest } from "../src/experiment/model-manifest.ts";
import type { Results } from "../src/experiment/record.ts";
import type { RunWorld } from "../src/experiment/run-data.ts";
import { readJson } from "../src/experiment/run-folder.ts";
import { readRunState } from "../src/experiment/run-log.ts";
import { networksOf, type RunNetworks } from "../src/experiment/run-networks.ts";
import { run as runSpec } from "../src/experiment/run.ts";
import { parseSpec } from "../src/experiment/spec-file.ts";
import { specHash, type Spec } from "../src/experiment/spec.ts";
import type { RunEvent } from "../src/experiment/stages.ts";
import {
  chooseStoredRun,
  filesOfRun,
  removeStoredRun,
  storedFolder,
  storedRuns,
} from "../src/experiment/stored-folder.ts";
import { downloads, freshFile, keptFiles, type FileHashes, type ReadFile } from "../src/storage/kept-files.ts";
import type { Medium } from "../src/storage/medium.ts";
import type { Store } from "../src/storage/store.ts";
import type { DeviceCheck, KeptRun, LabApi, RunOutcome, RunRequest, StorageState } from "./lab-api.ts";

/** What a lab stands on. */
export interface LabParts {
  readonly checkDevice: () => Promise<DeviceCheck>;
  /** Opens the device; called again after it was lost. */
  readonly openBackend: () => Promise<Backend>;
  /** For worlds and networks. */
  readonly store: Store;
  readonly runs: Medium;
}

type Listener = (event: RunEvent) => void;

/** Tabs share one GPU, so they take turns. */
const lockName = "retrieve-or-generate gpu";

/** @see LabApi */
export class Lab implements LabApi {
  readonly #parts: LabParts;
  #backend: Promise<Backend> | undefined;
  /** The networks that were loaded last, by their address. */
  #networks: { readonly address: string; readonly loaded: Promise<RunNetworks> } | undefined;
  #going: { readonly controller: AbortController; readonly ended: Promise<unknown> } | undefined;

  constructor(parts: LabParts) {
    this.#parts = parts;
  }

  checkDevice(): Promise<DeviceCheck> {
    return this.#parts.checkDevice();
  }

  async run(request: RunRequest, onEvent: Listener): Promise<RunOutcome> {
    if (this.#going) throw new ConfigError("lab", "no other run in this worker", "one that is going on");
    // JSON is YAML: the same reader says of a mistake which field it is.
    const resolved = parseSpec(JSON.stringify(request.spec));
    const controller = new AbortController();
    const ended = this.#inTurn(controller.signal, () => this.#run(resolved, request, controller.signal, onEvent));
    this.#going = { controller, ended };
    try {
      return await ended;
    } catch (error) {
      if (error instanceof DeviceLostError) this.#forgetDevice();
      throw error;
    } finally {
      this.#going = undefined;
    }
  }

  async cancel(): Promise<void> {
    const going = this.#going;
    going?.controller.abort();
    await going?.ended.catch(() => undefined);
  }

  async results(): Promise<readonly KeptRun[]> {
    const kept: KeptRun[] = [];
    for (const id of await storedRuns(this.#parts.runs)) {
      const folder = storedFolder(this.#parts.runs, id);
      const state = await readRunState(folder);
      if (state)
        kept.push({ id, state, results: ((await readJson(folder, "results.json")) ?? null) as Results | null });
    }
    return kept;
  }

  files(id: string): Promise<ReadonlyMap<string, Uint8Array>> {
    return filesOfRun(this.#parts.runs, id);
  }

  remove(id: string): Promise<void> {
    return removeStoredRun(this.#parts.runs, id);
  }

  async storage(): Promise<StorageState> {
    const { usage = 0, quota = null } = await navigator.storage.estimate();
    return {
      usedBytes: usage,
      quotaBytes: quota,
      persistent: await navigator.storage.persisted(),
      files: (await this.#parts.store.names()).length,
      runs: (await storedRuns(this.#parts.runs)).length,
    };
  }

  /** Waits for other tabs, or to be cancelled. */
  async #inTurn(signal: AbortSignal, work: () => Promise<RunOutcome>): Promise<RunOutcome> {
    try {
      return await navigator.locks.request(lockName, { signal }, work);
    } catch (error) {
      // Only the wait for the lock ends with the signal's own reason; a run that is stopped says so.
      if (!signal.aborted || error !== signal.reason) throw error;
      return { state: "stopped", id: null };
    }
  }

  async #run(
    spec: Spec,
    { files, commands = [] }: RunRequest,
    signal: AbortSignal,
    onEvent: Listener,
  ): Promise<RunOutcome> {
    const { runs } = this.#parts;
    const name = worldName(spec.world.resolution);
    const world = await this.#world(`${files}world/${name}/`, onEvent);
    const networks = await this.#networksAt(`${files}models/${name}/`, onEvent);
    const id = await chooseStoredRun(runs, spec.name, await specHash(spec), Date.now());
    const results = await runSpec(spec, world, networks, storedFolder(runs, id), {
      signal,
      onEvent,
      gauges: { now: Date.now, peakMemoryBytes: () => null },
      commands,
      environment: { browser: navigator.userAgent, cores: navigator.hardwareConcurrency },
    });
    return results ? { state: "done", id, results } : { state: "stopped", id };
  }

  async #world(address: string, onEvent: Listener): Promise<RunWorld> {
    const { store } = this.#parts;
    const manifest = await readManifest((path) => freshFile(store, address, path));
    const read = this.#reader(address, manifest.files, onEvent);
    const [dataset, pool] = [await readDataset(manifest, read), await readPool(manifest, read)];
    return { dataset, pool, hash: manifest.hash };
  }

  async #networksAt(address: string, onEvent: Listener): Promise<RunNetworks> {
    if (this.#networks?.address !== address) this.#networks = { address, loaded: this.#load(address, onEvent) };
    try {
      return await this.#networks.loaded;
    } catch (error) {
      this.#networks = undefined;
      throw error;
    }
  }

  async #load(address: string, onEvent: Listener): Promise<RunNetworks> {
    const { store, openBackend } = this.#parts;
    const where = `${address}${modelManifestName}`;
    const files = parseModelManifest(await freshFile(store, address, modelManifestName), where);
    this.#backend ??= openBackend();
    try {
      const backend = await this.#backend;
      return networksOf(backend, await loadLabModels(backend, this.#reader(address, files, onEvent)));
    } catch (error) {
      this.#backend = undefined;
      throw error;
    }
  }

  #reader(address: string, files: FileHashes, onEvent: Listener): ReadFile {
    const onDownload = (path: string, bytes: number): void => {
      const text = `downloading ${path}, ${(bytes / 1e6).toFixed(1)} MB`;
      onEvent({ event: "note", stage: "world", unit: path, text });
    };
    return keptFiles({ store: this.#parts.store, files, download: downloads(address), where: address, onDownload });
  }

  #forgetDevice(): void {
    this.#backend = undefined;
    this.#networks = undefined;
  }
}
