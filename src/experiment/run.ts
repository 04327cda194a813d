/** A run from its spec to its report: every unit is kept, so that it can be killed anywhere and resumed. */
import type { Dataset } from "../data/dataset.ts";
import type { Method } from "../methods/method.ts";
import { allMethods } from "../methods/registry.ts";
import { analyze, type Analyses } from "./analysis.ts";
import { conditionIds, type ConditionId } from "./conditions.ts";
import { Making, type Made } from "./making.ts";
import type { RunWatch } from "./production.ts";
import type { Results } from "./record.ts";
import { chooseClasses, chooseWorld, realIds, type HeldOutSplit, type RunWorld } from "./run-data.ts";
import { requireFit } from "./fit.ts";
import { writeJson, type RunFolder } from "./run-folder.ts";
import { jobOf, realSets } from "./run-jobs.ts";
import { RunLog, type Gauges } from "./run-log.ts";
import type { RunNetworks } from "./run-networks.ts";
import { writeReport, type Scored } from "./run-report.ts";
import { chosenTrials, selectCheckpoints, trialFolder, type Selected } from "./selection.ts";
import { resampleSets, type TrainingSet } from "./sets.ts";
import type { SpecOrigins } from "./spec-origins.ts";
import { specHash, type Spec } from "./spec.ts";
import { lastOf, openShard, shardSeconds, shareOf, unitSource, type Shard } from "./shards.ts";
import type { StageName } from "./stage-names.ts";
import { makeAll, Stages, type RunEvent, type UnitSource } from "./stages.ts";
import { Trainings } from "./trainings.ts";

/** How a run goes. */
export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  readonly gauges: Gauges;
  /** Commands that repeat the run, for the report. */
  readonly commands: readonly string[];
  /** What else is known of the machine, for `env.json`. */
  readonly environment?: Readonly<Record<string, unknown>>;
  /** The methods by id, where they are not the registry's. */
  readonly methods?: Readonly<Record<string, Method>>;
  /** The last stage to work on; all without it. */
  readonly until?: StageName | undefined;
  /** The part of the units that is made here; all without it. What other parts have not made yet ends the run early. */
  readonly shard?: Shard | undefined;
  /** Other runs, whose units serve this one where they are the same. */
  readonly unitsFrom?: readonly UnitSource[];
  /** Where the spec's values come from, to be kept beside it. */
  readonly origins?: SpecOrigins | undefined;
  /** The splits that the audit holds added images against; all without it. */
  readonly auditAgainst?: readonly HeldOutSplit[];
  /** Asked after every epoch whether the training that goes on ends with it; the report names what was ended so. */
  readonly endsTraining?: (() => boolean) | undefined;
  /** Told at such an end which units are missing. */
  readonly onLeft?: (units: readonly string[]) => void;
}

/**
 * Runs a spec in a folder, or goes on with what the folder holds of it.
 *
 * @returns the results, also written with figures and report; undefined when the signal stopped it or `until` is done: the
 *   folder then holds every finished unit
 * @throws LeakError when the audit finds copies and is set to fail
 * @throws ConfigError, MissingError when the spec does not fit the world
 */
export async function run(
  spec: Spec,
  world: RunWorld,
  networks: RunNetworks,
  whole: RunFolder,
  options: RunOptions,
): Promise<Results | undefined> {
  requireFit(spec, world.dataset, options.methods ?? allMethods());
  const hash = await specHash(spec);
  const { shard } = options;
  const folder = shard ? await openShard(whole, shard, hash, new Date(options.gauges.now()).toISOString()) : whole;
  const log = await RunLog.open(folder, hash, options.gauges, (event) => options.onEvent?.(event));
  await writeJson(folder, "config.resolved.json", spec);
  if (options.origins) await writeJson(folder, "config.origins.json", options.origins);
  await writeJson(folder, "env.json", {
    adapter: networks.adapter,
    networks: networks.hash,
    world: world.hash,
    ...options.environment,
  });
  const selected = await selectCheckpoints(spec, folder, async (variant, place, path) => {
    const units = new Set<string>();
    const onEvent = (event: RunEvent): void => {
      if (event.event === "unit-finished") units.add(`${event.stage}/${event.unit}`);
      options.onEvent?.(event);
    };
    // What is chosen here must not go by the test pictures, not even by a copy of one that the audit drops.
    const changes = { onEvent, until: "train", auditAgainst: ["validation"] } as const;
    const { unitsFrom: others = [] } = options;
    const theirTrials = await Promise.all(others.map((source) => unitSource(trialFolder(source.folder, path))));
    await run(variant, world, networks, place, { ...options, ...changes, unitsFrom: [...others, ...theirTrials] });
    return units;
  });
  const trials = await Promise.all(selected ? chosenTrials(selected, folder).map(unitSource) : []);
  const watch: RunWatch = {
    stages: new Stages(folder, (event) => log.event(event), {
      until: lastOf(shard, options.until),
      ...(shard ? { isOwn: shareOf(shard) } : {}),
      others: [...trials, ...(options.unitsFrom ?? [])],
    }),
    signal: options.signal,
    onEvent: (event) => log.event(event),
    endsTraining: options.endsTraining,
  };
  const results =
    selected &&
    (await new Run(spec, selected, hash, chooseWorld(world, spec), networks, folder, watch, log, options).results());
  await log.save(results ? "done" : "stopped");
  if (watch.stages.left.length > 0) options.onLeft?.(watch.stages.left);
  return results;
}

class Run {
  readonly #whole: Dataset;
  readonly #hashes: readonly string[];
  readonly #methods: ReadonlyMap<ConditionId, Method>;

  private readonly spec: Spec;

  /** @param asked the spec as it was given, of which `hash` is */
  constructor(
    private readonly asked: Spec,
    private readonly selected: Selected,
    private readonly hash: string,
    private readonly world: RunWorld,
    private readonly networks: RunNetworks,
    private readonly folder: RunFolder,
    private readonly watch: RunWatch,
    private readonly log: RunLog,
    private readonly options: RunOptions,
  ) {
    const { spec } = selected;
    this.spec = spec;
    this.#whole = chooseClasses(world.dataset, spec);
    this.#hashes = [world.hash, networks.hash, networks.adapter];
    const known = options.methods ?? allMethods();
    const ids = conditionIds().filter((id) => spec.conditions.includes(id) && known[id] !== undefined);
    this.#methods = new Map(ids.map((id) => [id, known[id]!]));
  }

  async results(): Promise<Results | undefined> {
    const made = await this.#make();
    if (made === undefined) return undefined;
    const sets = await this.#drawSets(made);
    if (sets === undefined) return undefined;
    const scored = await this.#train(made, sets);
    if (scored === undefined) return undefined;
    const analyses = await this.#analyze(made, sets);
    if (analyses === undefined) return undefined;
    const { asked, selected, hash, world, log, options } = this;
    const { selections } = selected;
    const before = await shardSeconds(this.folder);
    const state = log.state("done");
    return this.watch.stages.stage("report", 1, () =>
      writeReport(this.folder, {
        ...{
          spec: asked,
          selections,
          specHash: hash,
          world,
          methods: this.#methods,
          ...made,
          sets,
          scored,
          ...analyses,
        },
        ...{
          state: { ...state, elapsedSeconds: state.elapsedSeconds + before },
          adapter: this.networks.adapter,
          commands: options.commands,
        },
      }),
    );
  }

  #make(): Promise<Made | undefined> {
    const { spec, world, networks, watch } = this;
    const [whole, methods, hashes] = [this.#whole, this.#methods, this.#hashes];
    const { auditAgainst } = this.options;
    return new Making({ spec, world, networks, watch, whole, methods, hashes, auditAgainst }).make();
  }

  #drawSets({ dataset, productions }: Made): Promise<ReadonlyMap<ConditionId, readonly TrainingSet[]> | undefined> {
    const { conditions, sets, seed } = this.spec;
    const { n, ratio, mix, draw } = sets;
    const asked = conditionIds().filter((id) => conditions.includes(id));
    return this.watch.stages.stage("sets", asked.length, async () => {
      const all = new Map<ConditionId, readonly TrainingSet[]>();
      for (const id of asked) {
        const real = realIds(dataset, id === "real-20" ? "real-20" : "real-10");
        const produced = productions.get(id);
        const classes = dataset.classes.map(({ key }, i) => {
          return { key, real: real[i]!, produced: produced?.[i]?.images.map((image) => image.id) ?? [] };
        });
        // Without a method there is nothing to add or to replace: all sets are the real images.
        const drawn = produced
          ? () => resampleSets(classes, { n, seed, mix, ratio, draw })
          : () => realSets(classes, n);
        const decidedBy = [classes, this.spec.sets, seed];
        const unit = await this.watch.stages.unit("sets", id, decidedBy, () => Promise.resolve({ value: drawn() }));
        if (unit === undefined) return undefined;
        all.set(id, unit.value);
      }
      return all;
    });
  }

  #analyze(
    { dataset, productions, pooled }: Made,
    sets: ReadonlyMap<ConditionId, readonly TrainingSet[]>,
  ): Promise<Analyses | undefined> {
    const { spec, networks, watch } = this;
    const searches = [...this.#methods.values()].some(({ draws }) => draws.includes("retrieval"));
    const searched = searches && pooled ? { pool: this.world.pool, pooled } : null;
    return analyze({ spec, dataset, networks, hashes: this.#hashes, watch }, productions, sets, searched);
  }

  /** Trains and scores set by set, so that an unfinished run holds whole pairs. */
  async #train(
    { dataset, productions }: Made,
    sets: ReadonlyMap<ConditionId, readonly TrainingSet[]>,
  ): Promise<readonly Scored[] | undefined> {
    const jobs = Array.from({ length: this.spec.sets.n }, (_, index) =>
      [...sets].map(([condition, list]) => jobOf(condition, list[index]!, dataset, productions.get(condition) ?? [])),
    ).flat();
    const trainings = new Trainings(this.spec, dataset, this.networks, this.world.hash, this.watch);
    const { stages } = this.watch;
    try {
      const trained = await stages.stage("train", jobs.length, async () => {
        return makeAll(jobs, this.watch.signal, async (job) => {
          const unit = await trainings.train(job);
          return unit && { job, unit };
        });
      });
      if (trained === undefined) return undefined;
      return await stages.stage("evaluate", jobs.length, async () => {
        const scored: Scored[] = [];
        for (const { job, unit } of trained) {
          const evaluation = await trainings.evaluate(job, unit);
          if (evaluation === undefined) return undefined;
          scored.push({ condition: job.condition, set: job.set.index, ...evaluation, training: unit.value });
        }
        return scored;
      });
    } finally {
      await trainings.dispose();
    }
  }
}
