/** The lab: what `LabApi` promises, over a device, a store and a place for runs. */
import type { Backend } from "../src/backends/backend.ts";
import { ConfigError, DeviceLostError, MissingError } from "../src/errors.ts";
import type { RunNetworks } from "../src/experiment/run-networks.ts";
import { readRunState } from "../src/experiment/run-log.ts";
import { filesOfRun, removeStoredRun, storedFolder } from "../src/experiment/stored-folder.ts";
import type { Medium } from "../src/storage/medium.ts";
import type { Store } from "../src/storage/store.ts";
import { measureProducts } from "./device-speed.ts";
import { importTarget } from "./import-target.ts";
import { keptEmbeddings } from "./kept-embeddings.ts";
import { KeptTargets } from "./kept-targets.ts";
import { exportRun, finishedTrainings, importRun, keptRuns, unitPictures } from "./kept-runs.ts";
import type {
  DeviceCheck,
  DeviceSpeed,
  ImportedTarget,
  KeptRun,
  KeptTraining,
  LabApi,
  LabEvent,
  PictureFile,
  RunOutcome,
  RunRequest,
  StorageCheck,
  StorageState,
  UnitPictures,
} from "./lab-api.ts";
import { LabDevice } from "./lab-device.ts";
import { downloadOptions, LabDownloads, type DownloadOptions, type RunInputs } from "./lab-downloads.ts";
import { LabRuns } from "./lab-runs.ts";
import { LabWork } from "./lab-work.ts";
import { LookUps } from "./look-up.ts";
import type { OpenImages } from "./open-images.ts";
import { redraw } from "./redraw.ts";
import type {
  LiveProgress,
  LiveRequest,
  LookedUp,
  LookUpRequest,
  Redrawn,
  RedrawRequest,
  RedrawStep,
} from "./redraw-api.ts";
import { checkDownloads, checkRuns, clearStore } from "./storage-check.ts";
import { storageState } from "./storage-state.ts";

/** What a lab stands on. */
export interface LabParts {
  readonly checkDevice: () => Promise<DeviceCheck>;
  /** Opens the device; called again after it was released or lost. */
  readonly openBackend: () => Promise<Backend>;
  /** For worlds and networks. */
  readonly store: Store;
  /** For runs and imported targets. */
  readonly runs: Medium;
  /** Whether they outlive the visit; without it they do. */
  readonly keepsRuns?: () => Promise<boolean>;
  /** Starts the worker that decodes a user's pictures; without it none can be imported. */
  readonly openImages?: () => Promise<OpenImages>;
}

type Listener = (event: LabEvent) => void;

/** Pixels a side of imported pictures: the mini world's, which the page's networks take. */
const ownResolution = 32;

/** @see LabApi */
export class Lab implements LabApi {
  readonly #parts: LabParts;
  readonly #device: LabDevice;
  readonly #downloads: LabDownloads;
  readonly #targets: KeptTargets;
  readonly #lookUps = new LookUps();
  readonly #work = new LabWork();
  readonly #runs: LabRuns;
  /** Asked once. */
  #isWithoutDevice: Promise<boolean> | undefined;

  constructor(parts: LabParts) {
    this.#parts = parts;
    this.#device = new LabDevice(parts.openBackend);
    this.#downloads = new LabDownloads(parts.store);
    this.#targets = new KeptTargets(parts.runs);
    this.#runs = new LabRuns(parts.runs, {
      ...{ device: this.#device, downloads: this.#downloads, targets: this.#targets, work: this.#work },
    });
  }

  checkDevice(): Promise<DeviceCheck> {
    return this.#parts.checkDevice();
  }

  async keepsRuns(): Promise<boolean> {
    return (await this.#parts.keepsRuns?.()) ?? true;
  }

  run(request: RunRequest, onEvent: Listener): Promise<RunOutcome> {
    return this.#runs.run(request, onEvent);
  }

  redraw(
    request: RedrawRequest,
    onStep: (step: RedrawStep) => void,
    onProgress: (progress: LiveProgress) => void = () => undefined,
  ): Promise<Redrawn | null> {
    return this.#live(request, onProgress, (_, networks, signal) => redraw(networks, request, { signal, onStep }));
  }

  async lookUp(
    request: LookUpRequest,
    onProgress: (progress: LiveProgress) => void = () => undefined,
  ): Promise<LookedUp | null> {
    this.#isWithoutDevice ??= this.#parts.checkDevice().then(({ kind }) => kind === "none");
    if (await this.#isWithoutDevice) return this.#lookUpOnCpu(request, onProgress);
    return this.#live(request, onProgress, ({ worldHash, pool }, networks, signal) => {
      const options = { networks, keeps: request.inMemory !== true, signal, onProgress };
      return this.#lookUps.lookUp(request, {
        ...{ networks, computedOn: "gpu", poolKey: worldHash, pool },
        embeddings: (chosen) => keptEmbeddings(this.#parts.store, chosen, options),
      });
    });
  }

  cancel(): Promise<void> {
    return this.#work.cancel();
  }

  skipTraining(id: string, unit: string): Promise<void> {
    this.#runs.skipTraining(id, unit);
    return Promise.resolve();
  }

  async release(): Promise<void> {
    if (!this.#work.isIdle) return;
    this.#lookUps.forget();
    await this.#device.release();
  }

  busyElsewhere(): Promise<boolean> {
    return this.#work.turns.areTaken();
  }

  takeOver(): Promise<void> {
    return this.#work.turns.askFor();
  }

  async measureSpeed(): Promise<DeviceSpeed> {
    this.#work.requireIdle();
    try {
      return await measureProducts(await this.#device.backend());
    } catch (error) {
      if (error instanceof DeviceLostError) this.#device.lose();
      throw error;
    }
  }

  results(): Promise<readonly KeptRun[]> {
    return keptRuns(this.#parts.runs);
  }

  files(id: string): Promise<ReadonlyMap<string, Uint8Array>> {
    return filesOfRun(this.#parts.runs, id);
  }

  pictures(id: string, condition: string, classKey: string, limit: number): Promise<UnitPictures | null> {
    return unitPictures(this.#parts.runs, id, condition, classKey, limit);
  }

  trainings(id: string): Promise<readonly KeptTraining[]> {
    return finishedTrainings(this.#parts.runs, id);
  }

  importRun(bundle: Blob | Uint8Array): Promise<string> {
    return importRun(this.#parts.runs, bundle);
  }

  exportRun(id: string): Promise<Uint8Array> {
    return exportRun(this.#parts.runs, id);
  }

  async remove(id: string): Promise<void> {
    // What was stopped here still writes where it stands; removed before that, the run would come back.
    await this.#work.settle();
    const state = await readRunState(storedFolder(this.#parts.runs, id));
    // Another tab that is at the run would go on to write what is left of it.
    if (state !== undefined && state.state !== "done" && (await this.busyElsewhere()))
      throw new ConfigError(`run ${id}`, "no other tab at work while it is unfinished", "one that may be at it");
    await removeStoredRun(this.#parts.runs, id);
  }

  async importTarget(
    files: readonly PictureFile[],
    name: string,
    onFile?: (count: number) => void,
    resolution = ownResolution,
  ): Promise<ImportedTarget> {
    const { openImages } = this.#parts;
    if (!openImages) throw new MissingError("lab", "the worker that decodes pictures");
    return this.#targets.keep(await importTarget(files, name, { openImages, resolution, onFile }));
  }

  targets(): Promise<readonly ImportedTarget[]> {
    return this.#targets.list();
  }

  removeTarget(hash: string): Promise<void> {
    return this.#targets.remove(hash);
  }

  storage(): Promise<StorageState> {
    return storageState(this.#parts.store, this.#parts.runs);
  }

  async verifyStorage(): Promise<StorageCheck> {
    const [downloads, runs] = [await checkDownloads(this.#parts.store.medium), await checkRuns(this.#parts.runs)];
    return { checked: downloads.checked + runs.checked, damaged: [...downloads.damaged, ...runs.damaged] };
  }

  async clearDownloads(): Promise<void> {
    this.#work.requireIdle();
    this.#downloads.forget();
    this.#lookUps.forget();
    await clearStore(this.#parts.store.medium);
  }

  /** Works outside a run, in the GPU's turn. @returns null when it was stopped */
  async #live<T>(
    request: LiveRequest,
    onProgress: (progress: LiveProgress) => void,
    work: (inputs: RunInputs, networks: RunNetworks, signal: AbortSignal) => Promise<T | null>,
  ): Promise<T | null> {
    this.#work.requireIdle();
    try {
      const { value } = await this.#work.inTurn(async (signal) => {
        const inputs = await this.#downloads.open(downloadOptions(request, signal, telling(onProgress)));
        const networks = await this.#device.networks(inputs.networksKey, (backend) => inputs.networks(backend));
        return work(inputs, networks, signal);
      });
      return value ?? null;
    } catch (error) {
      if (error instanceof DeviceLostError) this.#device.lose();
      throw error;
    }
  }

  /** Looks up where there is no device and so no turn. @returns null when it was stopped */
  async #lookUpOnCpu(request: LookUpRequest, onProgress: (progress: LiveProgress) => void): Promise<LookedUp | null> {
    this.#work.requireIdle();
    const found = await this.#work.withoutTurn(async (signal) => {
      // Only a browser without WebGPU needs the reference backend.
      const { lookUpOnCpu } = await import("./look-up-cpu.ts");
      const inputs = await this.#downloads.openRecorded(downloadOptions(request, signal, telling(onProgress)));
      return lookUpOnCpu(request, inputs, this.#lookUps);
    });
    return found ?? null;
  }
}

/** A download as progress. */
function telling(onProgress: (progress: LiveProgress) => void): DownloadOptions["onDownload"] {
  return (path, bytes) => {
    onProgress({ kind: "download", path, bytes });
  };
}
