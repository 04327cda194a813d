/** Runs of specs in the lab: from the downloads to the results, over lost devices. */
import { requireFit } from "../src/experiment/fit.ts";
import type { Results } from "../src/experiment/record.ts";
import type { RunWorld } from "../src/experiment/run-data.ts";
import { run as runSpec } from "../src/experiment/run.ts";
import { parseSpec } from "../src/experiment/spec-file.ts";
import { specHash, type Spec } from "../src/experiment/spec.ts";
import { readJson } from "../src/experiment/run-folder.ts";
import { readRunState } from "../src/experiment/run-log.ts";
import { chooseStoredRun, storedFolder } from "../src/experiment/stored-folder.ts";
import type { RunEvent } from "../src/experiment/stages.ts";
import { allMethods } from "../src/methods/registry.ts";
import type { Medium } from "../src/storage/medium.ts";
import { despiteLosses } from "./device-losses.ts";
import { worldWithTarget, type KeptTargets } from "./kept-targets.ts";
import type { LabEvent, RunOutcome, RunRequest } from "./lab-api.ts";
import type { LabDevice } from "./lab-device.ts";
import { downloadOptions, type LabDownloads, type RunInputs } from "./lab-downloads.ts";
import type { LabWork } from "./lab-work.ts";
import { withSmallerBatches } from "./smaller-batches.ts";
import { nameWithTarget, targetInName } from "./target-name.ts";

/** What a run works with while it has its turn. */
interface Turn {
  readonly spec: Spec;
  readonly request: RunRequest;
  readonly signal: AbortSignal;
  readonly onEvent: (event: LabEvent) => void;
}

/** The lab's parts that a run needs. */
interface RunParts {
  readonly device: LabDevice;
  readonly downloads: LabDownloads;
  readonly targets: KeptTargets;
  readonly work: LabWork;
}

/** How a run ended that came to its results. */
type Done = Extract<RunOutcome, { readonly state: "done" }>;

/** A training of a run, among those of all runs. */
const trainingOf = (id: string, unit: string): string => `${id}/${unit}`;

/** @see LabApi.run */
export class LabRuns {
  /** Trainings that are to end with their present epoch; a wish lasts until its training asks for it, however often its run stops. */
  readonly #skipped = new Set<string>();
  /** The training that has told of an epoch and is not finished. */
  #training = "";

  /** @param kept where runs lie */
  constructor(
    private readonly kept: Medium,
    private readonly parts: RunParts,
  ) {}

  async run(request: RunRequest, onEvent: (event: LabEvent) => void): Promise<RunOutcome> {
    const { work } = this.parts;
    work.requireIdle();
    // JSON is YAML: the same reader says of a mistake which field it is.
    const asked = parseSpec(JSON.stringify(request.spec));
    const { target } = request;
    const spec = target === undefined ? asked : { ...asked, name: nameWithTarget(asked.name, target) };
    const { value, takenOver } = await work.inTurn((signal) => this.#run({ spec, request, signal, onEvent }));
    return value?.state === "done" ? value : { state: "stopped", id: value?.id ?? null, takenOver };
  }

  /** @see LabApi.skipTraining */
  skipTraining(id: string, unit: string): void {
    if (trainingOf(id, unit) === this.#training) this.#skipped.add(this.#training);
  }

  async #run(turn: Turn): Promise<RunOutcome> {
    const { spec, request, signal, onEvent } = turn;
    const done = request.goesOnWith === undefined ? null : await this.#done(request.goesOnWith);
    if (done) return done;
    const named = targetInName(spec.name);
    const target = named === undefined ? undefined : await this.parts.targets.open(named);
    const inputs = await this.#inputs(turn);
    const own = await inputs.world();
    const world = target ? await worldWithTarget(target, own) : own;
    // Before networks are downloaded, and before the run is said to be there.
    requireFit(spec, world.dataset, allMethods());
    const id = await chooseStoredRun(this.kept, spec.name, await specHash(spec), Date.now());
    const results = await despiteLosses((losses) => this.#attempt(turn, inputs, world, id, losses), {
      now: Date.now,
      adapter: () => this.parts.device.adapter,
      onLoss: (reason, losses) => {
        this.parts.device.lose();
        onEvent({ event: "device-lost", reason, losses });
      },
      signal,
    });
    return results ? { state: "done", id, results } : { state: "stopped", id, takenOver: false };
  }

  /** What became of a run that another tab may have finished in its turn; null where it is not finished. */
  async #done(id: string): Promise<Done | null> {
    const folder = storedFolder(this.kept, id);
    if ((await readRunState(folder))?.state !== "done") return null;
    return { state: "done", id, results: (await readJson(folder, "results.json")) as Results };
  }

  #inputs({ spec, request, signal, onEvent }: Turn): Promise<RunInputs> {
    const onDownload = (path: string, bytes: number): void => {
      const text = `downloading ${path}, ${(bytes / 1e6).toFixed(1)} MB`;
      onEvent({ event: "note", stage: "world", unit: path, text });
    };
    const asked = { ...request, resolution: spec.world.resolution };
    return this.parts.downloads.open(downloadOptions(asked, signal, onDownload));
  }

  /** From the finished units on, as long as the device lasts. */
  async #attempt(
    { spec, request: { commands = [], until }, signal, onEvent }: Turn,
    inputs: RunInputs,
    world: RunWorld,
    id: string,
    losses: number,
  ): Promise<Results | undefined> {
    const networks = await this.parts.device.networks(inputs.networksKey, (backend) => inputs.networks(backend));
    onEvent({ event: "run-opened", id });
    const onRunEvent = (event: RunEvent): void => {
      if (event.event === "epoch") this.#training = trainingOf(id, event.unit);
      // Trials of checkpoints have trainings of one name: a wish that came too late must not end the next one.
      if (event.event === "unit-finished" && event.stage === "train") {
        this.#skipped.delete(trainingOf(id, event.unit));
        this.#training = "";
      }
      onEvent(event);
    };
    return runSpec(spec, world, withSmallerBatches(networks, losses), storedFolder(this.kept, id), {
      ...{ signal, onEvent: onRunEvent, commands, until },
      // A training asks after it told of its epoch.
      endsTraining: () => this.#skipped.delete(this.#training),
      gauges: { now: Date.now, peakMemoryBytes: () => null },
      environment: { browser: navigator.userAgent, cores: navigator.hardwareConcurrency },
    });
  }
}
