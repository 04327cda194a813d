/** The lab: what `LabApi` promises, over a device, a store and a place for runs. */
import type { Backend } from "../src/backends/backend.ts";
import { ConfigError, DeviceLostError, MissingError } from "../src/errors.ts";
import type { Results } from "../src/experiment/record.ts";
import type { RunWorld } from "../src/experiment/run-data.ts";
import type { RunNetworks } from "../src/experiment/run-networks.ts";
import { run as runSpec } from "../src/experiment/run.ts";
import { parseSpec } from "../src/experiment/spec-file.ts";
import { specHash, type Spec } from "../src/experiment/spec.ts";
import {
  chooseStoredRun,
  filesOfRun,
  removeStoredRun,
  storedFolder,
  storedRuns,
} from "../src/experiment/stored-folder.ts";
import { storageEstimate } from "../src/storage/idb.ts";
import type { Medium } from "../src/storage/medium.ts";
import type { Store } from "../src/storage/store.ts";
import { despiteLosses } from "./device-losses.ts";
import { measureProducts } from "./device-speed.ts";
import { importTarget } from "./import-target.ts";
import { keptEmbeddings } from "./kept-embeddings.ts";
import { KeptTargets, worldWithTarget } from "./kept-targets.ts";
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
import { withSmallerBatches } from "./smaller-batches.ts";
import { checkDownloads, checkRuns, clearStore } from "./storage-check.ts";
import { storageSizes } from "./storage-sizes.ts";
import { nameWithTarget, targetInName } from "./target-name.ts";
import { Turns } from "./turns.ts";

/** What a lab stands on. */
export interface LabParts {
  readonly checkDevice: () => Promise<DeviceCheck>;
  /** Opens the device; called again after it was released or lost. */
  readonly openBackend: () => Promise<Backend>;
  /** For worlds and networks. */
  readonly store: Store;
  /** For runs and imported targets. */
  readonly runs: Medium;
  /** Starts the worker that decodes a user's pictures; without it none can be imported. */
  readonly openImages?: () => Promise<OpenImages>;
}

type Listener = (event: LabEvent) => void;

/** Pixels a side of imported pictures: the mini world's, which the page's networks take. */
const ownResolution = 32;

/** A run, drawing or look-up from its call to its end. */
interface Going {
  readonly controller: AbortController;
  /** Set when the training that goes on is to end with its present epoch. */
  skips: boolean;
  readonly ended: Promise<unknown>;
}

/** What a run works with while it has its turn. */
interface Turn {
  readonly spec: Spec;
  readonly request: RunRequest;
  readonly signal: AbortSignal;
  readonly onEvent: Listener;
}

/** @see LabApi */
export class Lab implements LabApi {
  readonly #parts: LabParts;
  readonly #device: LabDevice;
  readonly #downloads: LabDownloads;
  readonly #targets: KeptTargets;
  readonly #lookUps = new LookUps();
  readonly #turns = new Turns();
  #going: Going | undefined;
  /** Asked once. */
  #isWithoutDevice: Promise<boolean> | undefined;

  constructor(parts: LabParts) {
    this.#parts = parts;
    this.#device = new LabDevice(parts.openBackend);
    this.#downloads = new LabDownloads(parts.store);
    this.#targets = new KeptTargets(parts.runs);
  }

  checkDevice(): Promise<DeviceCheck> {
    return this.#parts.checkDevice();
  }

  async run(request: RunRequest, onEvent: Listener): Promise<RunOutcome> {
    this.#requireIdle();
    // JSON is YAML: the same reader says of a mistake which field it is.
    const asked = parseSpec(JSON.stringify(request.spec));
    const { target } = request;
    const spec = target === undefined ? asked : { ...asked, name: nameWithTarget(asked.name, target) };
    const { value, takenOver } = await this.#inTurn((signal) => this.#run({ spec, request, signal, onEvent }));
    return value?.state === "done" ? value : { state: "stopped", id: value?.id ?? null, takenOver };
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

  async cancel(): Promise<void> {
    const going = this.#going;
    going?.controller.abort();
    await going?.ended.catch(() => undefined);
  }

  skipTraining(): Promise<void> {
    if (this.#going) this.#going.skips = true;
    return Promise.resolve();
  }

  async release(): Promise<void> {
    if (this.#going) return;
    this.#lookUps.forget();
    await this.#device.release();
  }

  busyElsewhere(): Promise<boolean> {
    return this.#turns.areTaken();
  }

  takeOver(): Promise<void> {
    return this.#turns.askFor();
  }

  async measureSpeed(): Promise<DeviceSpeed> {
    this.#requireIdle();
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

  remove(id: string): Promise<void> {
    return removeStoredRun(this.#parts.runs, id);
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

  async storage(): Promise<StorageState> {
    const { usage = 0, quota = null, persistent } = await storageEstimate();
    return {
      usedBytes: usage,
      quotaBytes: quota,
      persistent,
      files: (await this.#parts.store.names()).length,
      runs: (await storedRuns(this.#parts.runs)).length,
      sizes: await storageSizes(this.#parts.store, this.#parts.runs),
    };
  }

  async verifyStorage(): Promise<StorageCheck> {
    const [downloads, runs] = [await checkDownloads(this.#parts.store.medium), await checkRuns(this.#parts.runs)];
    return { checked: downloads.checked + runs.checked, damaged: [...downloads.damaged, ...runs.damaged] };
  }

  async clearDownloads(): Promise<void> {
    this.#requireIdle();
    this.#downloads.forget();
    this.#lookUps.forget();
    await clearStore(this.#parts.store.medium);
  }

  /** Whether a training was skipped since this was asked last. */
  #takeSkip(): boolean {
    const skips = this.#going?.skips === true;
    if (this.#going) this.#going.skips = false;
    return skips;
  }

  #requireIdle(): void {
    if (this.#going) throw new ConfigError("lab", "no other run in this worker", "one that is going on");
  }

  /** Works outside a run, in the GPU's turn. @returns null when it was stopped */
  async #live<T>(
    request: LiveRequest,
    onProgress: (progress: LiveProgress) => void,
    work: (inputs: RunInputs, networks: RunNetworks, signal: AbortSignal) => Promise<T | null>,
  ): Promise<T | null> {
    this.#requireIdle();
    try {
      const { value } = await this.#inTurn(async (signal) => {
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
    this.#requireIdle();
    const controller = new AbortController();
    const work = async (): Promise<LookedUp | null> => {
      // Only a browser without WebGPU needs the reference backend.
      const { lookUpOnCpu } = await import("./look-up-cpu.ts");
      const inputs = await this.#downloads.openRecorded(
        downloadOptions(request, controller.signal, telling(onProgress)),
      );
      return lookUpOnCpu(request, inputs, this.#lookUps);
    };
    return (await this.#untilStopped(controller, work())) ?? null;
  }

  /**
   * Works in the GPU's turn, until it is done, cancelled, or asked by another lab to give way.
   *
   * @returns what it gave, and whether it gave way; no value where it was stopped in its wait or its downloads
   */
  async #inTurn<T>(
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ readonly value: T | undefined; readonly takenOver: boolean }> {
    const controller = new AbortController();
    const { signal } = controller;
    let takenOver = false;
    const giveWay = (): void => {
      takenOver = true;
      controller.abort();
    };
    const value = await this.#untilStopped(
      controller,
      this.#turns.take(signal, giveWay, () => work(signal)),
    );
    return { value, takenOver };
  }

  /** What goes on until it is done or cancelled. @returns undefined where it was stopped in its wait or its downloads */
  async #untilStopped<T>(controller: AbortController, ended: Promise<T>): Promise<T | undefined> {
    const { signal } = controller;
    this.#going = { controller, ended, skips: false };
    try {
      return await ended;
    } catch (error) {
      // The wait for the turn and downloads end with the signal's own reason; what is stopped so says so.
      if (!signal.aborted || error !== signal.reason) throw error;
      return undefined;
    } finally {
      this.#going = undefined;
    }
  }

  async #run(turn: Turn): Promise<RunOutcome> {
    const { spec, signal, onEvent } = turn;
    const named = targetInName(spec.name);
    const target = named === undefined ? undefined : await this.#targets.open(named);
    const inputs = await this.#inputs(turn);
    const own = await inputs.world();
    const world = target ? await worldWithTarget(target, own) : own;
    const id = await chooseStoredRun(this.#parts.runs, spec.name, await specHash(spec), Date.now());
    const results = await despiteLosses((losses) => this.#attempt(turn, inputs, world, id, losses), {
      now: Date.now,
      adapter: () => this.#device.adapter,
      onLoss: (reason, losses) => {
        this.#device.lose();
        onEvent({ event: "device-lost", reason, losses });
      },
      signal,
    });
    return results ? { state: "done", id, results } : { state: "stopped", id, takenOver: false };
  }

  #inputs({ spec, request, signal, onEvent }: Turn): Promise<RunInputs> {
    const onDownload = (path: string, bytes: number): void => {
      const text = `downloading ${path}, ${(bytes / 1e6).toFixed(1)} MB`;
      onEvent({ event: "note", stage: "world", unit: path, text });
    };
    const asked = { ...request, resolution: spec.world.resolution };
    return this.#downloads.open(downloadOptions(asked, signal, onDownload));
  }

  /** From the finished units on, as long as the device lasts. */
  async #attempt(
    { spec, request: { commands = [], until }, signal, onEvent }: Turn,
    inputs: RunInputs,
    world: RunWorld,
    id: string,
    losses: number,
  ): Promise<Results | undefined> {
    const networks = await this.#device.networks(inputs.networksKey, (backend) => inputs.networks(backend));
    onEvent({ event: "run-opened", id });
    return runSpec(spec, world, withSmallerBatches(networks, losses), storedFolder(this.#parts.runs, id), {
      ...{ signal, onEvent, commands, until },
      endsTraining: () => this.#takeSkip(),
      gauges: { now: Date.now, peakMemoryBytes: () => null },
      environment: { browser: navigator.userAgent, cores: navigator.hardwareConcurrency },
    });
  }
}

/** A download as progress. */
function telling(onProgress: (progress: LiveProgress) => void): DownloadOptions["onDownload"] {
  return (path, bytes) => {
    onProgress({ kind: "download", path, bytes });
  };
}
