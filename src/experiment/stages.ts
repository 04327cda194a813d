/** Stages of units: a unit is made once, kept under the hash of what decides it, and found again after a kill. */
import { QuotaError } from "../errors.ts";
import { sha256, sha256Text } from "../storage/hash.ts";
import type { EpochLog } from "../training/classifier.ts";
import type { Resumption } from "../training/resumption.ts";
import { readJson, writeJson, type RunFolder } from "./run-folder.ts";
import { canonicalJson } from "./spec.ts";
import { stageNames, type StageName } from "./stage-names.ts";
import { forgetUnfinished, UnfinishedUnit } from "./unfinished-unit.ts";

/** A finished epoch of a training. */
export interface TrainingEpoch {
  readonly log: EpochLog;
  /** Class names, in the order of the matrix. */
  readonly classes: readonly string[];
  /** [true][predicted]: counts over the validation pictures, after the epoch. */
  readonly confusion: readonly (readonly number[])[];
  /** The epochs before, where a training was gone on with in the middle: told with the first one after. */
  readonly earlier?: readonly EpochLog[];
}

/** What a run tells while it goes; all but `progress` and `epoch` is kept in `events.jsonl`. */
export type RunEvent =
  | { readonly event: "stage-started"; readonly stage: StageName; readonly units: number }
  | {
      readonly event: "unit-finished";
      readonly stage: StageName;
      readonly unit: string;
      readonly reused: boolean;
      /** How long making it took; absent where it was there from an earlier start. */
      readonly elapsedMs?: number;
    }
  | { readonly event: "stage-finished"; readonly stage: StageName }
  | {
      /** A unit is gone on with in the middle, where an earlier start left it. */
      readonly event: "unit-resumed";
      readonly stage: StageName;
      readonly unit: string;
      /** How much of it was done, 0 to 1. */
      readonly share: number;
    }
  | { readonly event: "progress"; readonly stage: StageName; readonly unit: string; readonly share: number }
  | ({ readonly event: "epoch"; readonly stage: "train"; readonly unit: string } & TrainingEpoch)
  | {
      /** A unit looks at the test pictures: a classifier's score, or the audit of what a method made. */
      readonly event: "test-read";
      readonly stage: "audit" | "evaluate";
      readonly unit: string;
      readonly images: number;
    }
  | { readonly event: "class-excluded"; readonly stage: "produce"; readonly unit: string; readonly reason: string }
  | { readonly event: "note"; readonly stage: StageName; readonly unit: string; readonly text: string };

/** What a unit gave. */
export interface Made<T> {
  /** Plain JSON. */
  readonly value: T;
  /** Bytes that belong to it, such as pixels or weights. */
  readonly blob?: Uint8Array;
}

/** A finished unit. */
export interface Unit<T> {
  readonly value: T;
  /** Empty where the unit has none. */
  readonly blob: Uint8Array;
  /** SHA-256 of value and bytes: what a later stage's key is made of. */
  readonly hash: string;
}

/** The record of a unit, written after its bytes. */
interface UnitRecord {
  readonly key: string;
  readonly value: unknown;
  readonly blob: { readonly sizeBytes: number; readonly sha256: string } | null;
}

/** Whether a unit is made here, by its stage and its place among that stage's units. */
export type Share = (stage: StageName, place: number) => boolean;

/** A run whose units serve others. */
export interface UnitSource {
  readonly folder: RunFolder;
  /** How long making each took in milliseconds, by `stage/unit`. */
  readonly times: ReadonlyMap<string, number>;
}

/** What of a run is worked on, and with what. */
export interface StagesOptions {
  /** The last stage that is worked on; all without it. */
  readonly until?: StageName;
  /** Which units are made here; all without it. */
  readonly isOwn?: Share;
  /** Other runs, whose units are taken over where they were made from the same things. */
  readonly others?: readonly UnitSource[];
}

/** Makes units, or finds them in the folder where an earlier start left them. */
export class Stages {
  /** Units of each stage that were asked for, with their places. */
  readonly #places = new Map<StageName, Map<string, number>>();
  readonly #left: string[] = [];

  constructor(
    private readonly folder: RunFolder,
    private readonly onEvent: (event: RunEvent) => Promise<void>,
    private readonly options: StagesOptions = {},
  ) {}

  /** Units that were left to other shares and are not there yet, such as `train/retrieval/set-0`. */
  get left(): readonly string[] {
    return this.#left;
  }

  /**
   * One stage: says that it starts and ends.
   *
   * @param units how many `unit` calls `work` will make
   * @returns what `work` gives; undefined when it was stopped, or when the stage follows the last one that is asked for
   */
  async stage<T>(stage: StageName, units: number, work: () => Promise<T | undefined>): Promise<T | undefined> {
    if (stageNames.indexOf(stage) > stageNames.indexOf(this.options.until ?? "report")) return undefined;
    await this.onEvent({ event: "stage-started", stage, units });
    const result = await work();
    if (result !== undefined) await this.onEvent({ event: "stage-finished", stage });
    return result;
  }

  /**
   * A unit from the folder when it was made from the same things, else made now and kept.
   *
   * @param name its file's path below the stage's folder, without an ending
   * @param decidedBy plain JSON of everything that decides the unit, hashes of its inputs included
   * @param make gives undefined when it was stopped; then only what it gave the resumption is kept
   * @returns undefined when it was stopped, and when the unit is another share's and not there yet
   */
  async unit<T>(
    stage: StageName,
    name: string,
    decidedBy: unknown,
    make: (resumption: Resumption) => Promise<Made<T> | undefined>,
  ): Promise<Unit<T> | undefined> {
    const place = this.#placeOf(stage, name);
    const key = await sha256Text(canonicalJson([stage, name, decidedBy]));
    const path = `${stage}/${name}`;
    const kept = await this.#find(path, key);
    if (kept) {
      await forgetUnfinished(this.folder, path);
      await this.onEvent({ event: "unit-finished", stage, unit: name, reused: true });
      return kept as Unit<T>;
    }
    const taken = await this.#takeOver(path, key);
    if (taken) {
      await forgetUnfinished(this.folder, path);
      const time = taken.elapsedMs === undefined ? {} : { elapsedMs: taken.elapsedMs };
      await this.onEvent({ event: "unit-finished", stage, unit: name, reused: true, ...time });
      return taken.unit as Unit<T>;
    }
    if (this.options.isOwn?.(stage, place) === false) {
      this.#left.push(path);
      return undefined;
    }
    const unfinished = await UnfinishedUnit.open(this.folder, path, key);
    if (unfinished.found)
      await this.onEvent({ event: "unit-resumed", stage, unit: name, share: unfinished.found.share });
    const made = await make(unfinished);
    if (made === undefined) return undefined;
    // The time goes into the event, not into the record: what is kept of a unit is the same whenever it is made.
    const elapsedMs = Number(unfinished.elapsedMs.toFixed(1));
    const unit = await this.#keepFinished(path, key, made);
    await this.onEvent({ event: "unit-finished", stage, unit: name, reused: false, elapsedMs });
    return unit;
  }

  /** A unit's place among those of its stage; one that is asked for again keeps it. */
  #placeOf(stage: StageName, name: string): number {
    const places = this.#places.get(stage) ?? new Map<string, number>();
    this.#places.set(stage, places);
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  }

  /** Copies a unit from the first run that has it. @returns the unit, and how long making it took there */
  async #takeOver(
    path: string,
    key: string,
  ): Promise<{ readonly unit: Unit<unknown>; readonly elapsedMs: number | undefined } | undefined> {
    for (const { folder, times } of this.options.others ?? []) {
      const unit = await this.#find(path, key, folder);
      if (!unit) continue;
      // In the order in which they are made.
      for (const file of [`${path}.bin`, `${path}.json`]) {
        const bytes = await folder.read(file);
        if (bytes) await this.folder.write(file, bytes);
      }
      return { unit, elapsedMs: times.get(path) };
    }
    return undefined;
  }

  async #find(path: string, key: string, folder = this.folder): Promise<Unit<unknown> | undefined> {
    const record = (await readJson(folder, `${path}.json`)) as Partial<UnitRecord> | undefined;
    if (record?.key !== key || record.blob === undefined) return undefined;
    const { value, blob: expected } = record;
    if (expected === null) return { value, blob: new Uint8Array(0), hash: await unitHash(value, null) };
    const blob = await folder.read(`${path}.bin`);
    if (blob?.length !== expected.sizeBytes || (await sha256(blob)) !== expected.sha256) return undefined;
    return { value, blob, hash: await unitHash(value, expected.sha256) };
  }

  /** Keeps a unit, and lets go of what was kept of it before it was done; first, where there is no room for both. */
  async #keepFinished<T>(path: string, key: string, made: Made<T>): Promise<Unit<T>> {
    let unit: Unit<T>;
    try {
      unit = await this.#keep(path, key, made);
    } catch (error) {
      if (!(error instanceof QuotaError)) throw error;
      await forgetUnfinished(this.folder, path);
      unit = await this.#keep(path, key, made);
    }
    await forgetUnfinished(this.folder, path);
    return unit;
  }

  async #keep<T>(path: string, key: string, { value, blob }: Made<T>): Promise<Unit<T>> {
    const digest = blob ? await sha256(blob) : null;
    // The record names the bytes by hash and follows them, so that a kill in between leaves a unit that is not there.
    if (blob) await this.folder.write(`${path}.bin`, blob);
    const kept = blob && digest !== null ? { sizeBytes: blob.length, sha256: digest } : null;
    // What goes on is what a later start would read, so both take the same path.
    const plain = JSON.parse(JSON.stringify(value)) as T;
    await writeJson(this.folder, `${path}.json`, { key, value: plain, blob: kept } satisfies UnitRecord);
    return { value: plain, blob: blob ?? new Uint8Array(0), hash: await unitHash(plain, digest) };
  }
}

function unitHash(value: unknown, blobHash: string | null): Promise<string> {
  return sha256Text(canonicalJson([value, blobHash]));
}

/**
 * Makes one after another, past those that are left to other shares.
 *
 * @param make gives undefined for one that was stopped or left
 * @returns in order; undefined when the signal stopped it or one was left
 */
export async function makeAll<In, Out>(
  items: readonly In[],
  signal: AbortSignal,
  make: (item: In) => Promise<Out | undefined>,
): Promise<Out[] | undefined> {
  const all: Out[] = [];
  for (const item of items) {
    const made = await make(item);
    if (made !== undefined) all.push(made);
    else if (signal.aborted) return undefined;
  }
  return all.length === items.length ? all : undefined;
}
