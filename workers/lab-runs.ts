/** Runs of specs in the lab: from the downloads to the results, over lost devices. */
import type { Results } from "../src/experiment/record.ts";
import type { RunWorld } from "../src/experiment/run-data.ts";
import { run as runSpec } from "../src/experiment/run.ts";
import { parseSpec } from "../src/experiment/spec-file.ts";
import { specHash, type Spec } from "../src/experiment/spec.ts";
import { chooseStoredRun, storedFolder } from "../src/experiment/stored-folder.ts";
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

/** @see LabApi.run */
export class LabRuns {
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

  async #run(turn: Turn): Promise<RunOutcome> {
    const { spec, signal, onEvent } = turn;
    const named = targetInName(spec.name);
    const target = named === undefined ? undefined : await this.parts.targets.open(named);
    const inputs = await this.#inputs(turn);
    const own = await inputs.world();
    const world = target ? await worldWithTarget(target, own) : own;
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
    return runSpec(spec, world, withSmallerBatches(networks, losses), storedFolder(this.kept, id), {
      ...{ signal, onEvent, commands, until },
      endsTraining: () => this.parts.work.takeSkip(),
      gauges: { now: Date.now, peakMemoryBytes: () => null },
      environment: { browser: navigator.userAgent, cores: navigator.hardwareConcurrency },
    });
  }
}
