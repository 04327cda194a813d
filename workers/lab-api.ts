/** What a page, the command line and the tests may ask of the engine; types only. */
import type { Results } from "../src/experiment/record.ts";
import type { RunState } from "../src/experiment/run-log.ts";
import type { SpecInput } from "../src/experiment/spec.ts";
import type { RunEvent } from "../src/experiment/stages.ts";

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
}

/**
 * How a run ended: `stopped` when it was cancelled; the same request goes on then. It has no id when it was cancelled while
 * another tab had the device.
 */
export type RunOutcome =
  | { readonly state: "done"; readonly id: string; readonly results: Results }
  | { readonly state: "stopped"; readonly id: string | null };

/** A run that this browser keeps. */
export interface KeptRun {
  readonly id: string;
  readonly state: RunState;
  /** Null while it is unfinished. */
  readonly results: Results | null;
}

/** What the lab keeps in this browser. Bytes are the browser's own estimates. */
export interface StorageState {
  readonly usedBytes: number;
  /** Null where the browser does not tell. */
  readonly quotaBytes: number | null;
  /** Whether the browser has promised not to clear it on its own. */
  readonly persistent: boolean;
  /** Files of worlds and networks. */
  readonly files: number;
  readonly runs: number;
}

/**
 * The engine in its worker. Values are copied unless they are moved by name. Failures arrive as the classes of
 * `src/errors.ts`, where both ends opened the connection by `openLab`.
 */
export interface LabApi {
  /** Asks the browser for a WebGPU adapter, as the worker sees it. */
  checkDevice(): Promise<DeviceCheck>;
  /**
   * Runs a spec to its report, or goes on with its latest unfinished run. World and networks are downloaded once, kept, and
   * checked by hash at every visit. One run at a time, over all tabs.
   *
   * @param onEvent told of every event; across threads a Comlink `proxy`
   * @throws ConfigError when the spec is wrong or a run is going on in this worker; AdapterError, DeviceLostError,
   *   IntegrityError, MissingError, OutOfMemoryError, QuotaError
   */
  run(request: RunRequest, onEvent: (event: RunEvent) => void): Promise<RunOutcome>;
  /** Stops the run that is going on, if any; resolves when it has stopped. Its finished units are kept. */
  cancel(): Promise<void>;
  /** The runs that this browser keeps, oldest first. */
  results(): Promise<readonly KeptRun[]>;
  /** Files that a run leaves for people, such as `report.html` and `results.json`, by path. */
  files(id: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Forgets a run. */
  remove(id: string): Promise<void>;
  /** What is kept in this browser. */
  storage(): Promise<StorageState>;
}
