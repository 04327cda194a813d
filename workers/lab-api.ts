/** What a page, the command line and the tests may ask of the engine; types only. */
import type { ConditionId } from "../src/experiment/conditions.ts";
import type { Results } from "../src/experiment/record.ts";
import type { RunState } from "../src/experiment/run-log.ts";
import type { SpecInput } from "../src/experiment/spec.ts";
import type { StageName } from "../src/experiment/stage-names.ts";
import type { RunEvent } from "../src/experiment/stages.ts";
import type { TrainingRecord } from "../src/experiment/trainings.ts";
import type { RedrawApi } from "./redraw-api.ts";

/** What this browser offers the experiment. */
export type DeviceCheck =
  { readonly kind: "gpu" | "software"; readonly name: string } | { readonly kind: "none"; readonly reason: string };

/** What to run, and where its inputs are. */
export interface RunRequest {
  /** Fields that are left out take their defaults. */
  readonly spec: SpecInput;
  /** Absolute address, ending with `/`, below which `world/` and `models/` are served. */
  readonly files: string;
  /** Commands that repeat the run, for its report. */
  readonly commands?: readonly string[];
  /** The last stage to work on; all without it. The run is `stopped` after it, and goes on with a later request. */
  readonly until?: StageName;
  /** Keeps what is downloaded in memory alone, for as long as the worker lives: for a browser without room on its disk. */
  readonly inMemory?: boolean;
  /**
   * Hash of an imported target that takes the place of the world's. The run's name then ends with `-own-` and the hash's first
   * eight digits; a spec with such a name, as a run's own record has it, needs no `target` and goes on with that one.
   */
  readonly target?: string;
  /** The id of a run to go on with: where another tab has finished it by the time that its turn comes, its results are the outcome. */
  readonly goesOnWith?: string;
}

/** One of a user's files: a picture, a description, or an archive of them. */
export interface PictureFile {
  /** With the folders that it lies in, joined by `/`. */
  readonly path: string;
  readonly file: Blob;
}

/** A user's own pictures as the target of runs. */
export interface ImportedTarget {
  readonly name: string;
  /** Of its pictures, labels and splits. */
  readonly hash: string;
  /** `images` are over all splits. */
  readonly classes: readonly { readonly key: string; readonly name: string; readonly images: number }[];
  /** Pictures of each split, and of the low-data set, which is of the training ones. */
  readonly images: Readonly<Record<"train" | "validation" | "test" | "real10", number>>;
  /** Files that are not used, and why. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/** What a run tells while it goes: its own events, and what became of the run and its device. */
export type LabEvent =
  | RunEvent
  /** World and networks are there; the run of this id goes on now. */
  | { readonly event: "run-opened"; readonly id: string }
  /** The device was lost; another one is opened, and the run goes on from its finished units: its stages begin again. */
  | {
      readonly event: "device-lost";
      readonly reason: string;
      /** How often this run has lost its device within the last ten minutes, this time included; at the third it ends. */
      readonly losses: number;
    };

/**
 * How a run ended: `stopped` when it was cancelled or `until` is done; the same request goes on then. It has no id when it was
 * cancelled while another tab had the device.
 */
export type RunOutcome =
  | { readonly state: "done"; readonly id: string; readonly results: Results }
  | {
      readonly state: "stopped";
      readonly id: string | null;
      /** Whether another tab or worker asked for the turn. */
      readonly takenOver: boolean;
    };

/** How fast a device multiplies matrices. */
export interface DeviceSpeed {
  /** Billions of floating-point operations a second, a multiplication and an addition being two. */
  readonly gflops: number;
  /** How long measuring took, the opening of the device left out. */
  readonly milliseconds: number;
}

/** The first pictures that a method made of a class. */
export interface UnitPictures {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** [n, height, width, 3], 8-bit RGB. */
  readonly pixels: Uint8Array;
  /** [n]: how each picture came about. */
  readonly provenance: readonly Readonly<Record<string, unknown>>[];
  /** Pictures of the unit, those beyond the limit included. */
  readonly total: number;
}

/** A finished training of a run. */
export interface KeptTraining extends TrainingRecord {
  readonly condition: ConditionId;
  readonly set: number;
}

/** What reading all that is kept has found. */
export interface StorageCheck {
  /** Files that were read. */
  readonly checked: number;
  /**
   * Names of those that are not what they were: `download <sha256>`, which is gone and downloaded again when it is needed, or a
   * run's file by its id and path, which stays: an unfinished run makes it again when it goes on, a finished one never does.
   */
  readonly damaged: readonly string[];
}

/** A run that this browser keeps. */
export interface KeptRun {
  readonly id: string;
  readonly state: RunState;
  /** Null while it is unfinished. */
  readonly results: Results | null;
}

/** What one thing takes that is kept. */
export interface KeptSize {
  /**
   * `world` and `networks`: a downloaded file. `embeddings`: of a pool. `other`: bytes that nothing names any more. `target`: a user's
   * own pictures. All but runs and targets go with `clearDownloads`.
   */
  readonly kind: "world" | "networks" | "embeddings" | "other" | "run" | "target";
  /** A file's folder and path, such as `mini/pool.rgb`; the id of a run; the hash of a target; of all others the beginning of their hash. */
  readonly name: string;
  readonly files: number;
  readonly sizeBytes: number;
}

/** What the lab keeps in this browser. */
export interface StorageState {
  /** By the browser's own estimate, which counts what the page itself keeps too. */
  readonly usedBytes: number;
  /** Null where the browser does not tell. */
  readonly quotaBytes: number | null;
  /** Whether the browser has promised not to clear it on its own. */
  readonly persistent: boolean;
  /** Files of worlds and networks. */
  readonly files: number;
  readonly runs: number;
  /** Everything that is kept, each byte in one place, the largest first. */
  readonly sizes: readonly KeptSize[];
}

/**
 * The engine in its worker. Values are copied unless they are moved by name. Failures arrive as the classes of
 * `src/errors.ts`, where both ends opened the connection by `openLab`.
 */
export interface LabApi extends RedrawApi {
  /** Asks the browser for a WebGPU adapter, as the worker sees it. */
  checkDevice(): Promise<DeviceCheck>;
  /**
   * Whether what is kept outlives the visit. A browser may refuse that to a frame of another site or a private window; runs and
   * downloads are then held in memory for as long as the worker lives.
   */
  keepsRuns(): Promise<boolean>;
  /**
   * Runs a spec to its report, or goes on with its latest unfinished run. World and networks are downloaded once, kept, and
   * checked by hash at every visit. One run at a time, over all tabs. A lost device is replaced and the run goes on.
   *
   * @param onEvent told of every event; across threads a Comlink `proxy`
   * @throws ConfigError when the spec is wrong or a run is going on in this worker
   * @throws MissingError when its target is not kept; FormatError when the target's pictures have another size
   * @throws QuotaError before anything is downloaded when the browser has no room for it
   * @throws DeviceLostError with times and adapter at the third loss within ten minutes
   * @throws AdapterError, IntegrityError, MissingError, OutOfMemoryError
   */
  run(request: RunRequest, onEvent: (event: LabEvent) => void): Promise<RunOutcome>;
  /** Stops the run, drawing or look-up that is going on, if any; resolves when it has stopped. A run's finished units are kept. */
  cancel(): Promise<void>;
  /**
   * Ends a training after its present epoch, also where its run is stopped before that and goes on later in this worker. Its best
   * epoch is kept as that of any other, and the report names it among the deviations. Nothing happens where it has ended already.
   *
   * @param id the run's
   * @param unit the training's, such as `retrieval/set-0`
   */
  skipTraining(id: string, unit: string): Promise<void>;
  /** Frees the device with everything on it; the next run opens it again. Does nothing while a run is going on. */
  release(): Promise<void>;
  /** Whether another tab or worker has the GPU's turn now. */
  busyElsewhere(): Promise<boolean>;
  /**
   * Asks whoever has the GPU's turn in this browser, or waits for it, to stop; their finished units are kept. Resolves when the
   * turn is free, or this worker's own waiting run has it.
   */
  takeOver(): Promise<void>;
  /**
   * About a second of matrix products. Opens the device where it is not open.
   *
   * @throws ConfigError while a run is going on in this worker; AdapterError, DeviceLostError
   */
  measureSpeed(): Promise<DeviceSpeed>;
  /** The runs that this browser keeps, oldest first. */
  results(): Promise<readonly KeptRun[]>;
  /** Files that a run leaves for people, such as `report.html` and `results.json`, by path. */
  files(id: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * The first pictures of a finished unit of production, also while the run goes on; null while the unit is not finished.
   *
   * @param limit pictures at most
   */
  pictures(id: string, condition: string, classKey: string, limit: number): Promise<UnitPictures | null>;
  /** The trainings that a run has finished, set by set, each set in the order of the table. */
  trainings(id: string): Promise<readonly KeptTraining[]>;
  /**
   * Adds a run from a bundle, as `rog export bundle` and `exportRun` write it, every member checked by its hash.
   *
   * @returns the run's id
   * @throws FormatError, IntegrityError, MissingError when it is not a whole bundle of a run; nothing of it stays
   * @throws ConfigError when the run is there already; QuotaError
   */
  importRun(bundle: Blob | Uint8Array): Promise<string>;
  /** A run as a bundle, without the weights of its classifiers. @throws MissingError when there is no such run */
  exportRun(id: string): Promise<Uint8Array>;
  /** Forgets a run. @throws ConfigError while it is unfinished and another tab has the turn, which may be at it */
  remove(id: string): Promise<void>;
  /**
   * Makes a target of a user's labelled pictures, dealt as `rog data import` deals them, and keeps it in this browser.
   *
   * @param files of one or several folders, or one zip or tar
   * @param name what they are called, also in errors
   * @param onFile told how many files were read; across threads a Comlink `proxy`
   * @param resolution pixels a side; 32, which the networks take, without it
   * @throws ConfigError when they are of more than 20 classes, or of none; FormatError naming the file or class that is wrong;
   *   QuotaError, MissingError, AdapterError. Nothing is kept then
   */
  importTarget(
    files: readonly PictureFile[],
    name: string,
    onFile?: (count: number) => void,
    resolution?: number,
  ): Promise<ImportedTarget>;
  /** The imported targets that this browser keeps, by name. */
  targets(): Promise<readonly ImportedTarget[]>;
  /** Forgets an imported target; an unfinished run on it cannot go on then. */
  removeTarget(hash: string): Promise<void>;
  /** What is kept in this browser. */
  storage(): Promise<StorageState>;
  /** Reads everything that is kept under a hash, downloads and runs' units, and compares. */
  verifyStorage(): Promise<StorageCheck>;
  /** Forgets worlds and networks; runs stay. @throws ConfigError while a run is going on in this worker */
  clearDownloads(): Promise<void>;
}
