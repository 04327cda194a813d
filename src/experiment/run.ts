/** A run from its spec to its report: every unit is kept, so that it can be killed anywhere and resumed. */
import type { Dataset } from "../data/dataset.ts";
import type { Method } from "../methods/method.ts";
import { allMethods } from "../methods/registry.ts";
import { analyze, type Analyses } from "./analysis.ts";
import * as audits from "./audit.ts";
import { conditionIds, type ConditionId } from "./conditions.ts";
import { embedPool, poolUnits } from "./pool-embeddings.ts";
import { adaptMethod, produceClass, type ClassProduction, type RunWatch } from "./production.ts";
import type { Audit, AuditMeasure, Results } from "./record.ts";
import { chooseClasses, chooseWorld, heldOutRows, realIds, withoutClasses } from "./run-data.ts";
import type { Excluded, RunWorld } from "./run-data.ts";
import { writeJson, type RunFolder } from "./run-folder.ts";
import { jobOf, keepClasses, realSets } from "./run-jobs.ts";
import { RunLog, type Gauges } from "./run-log.ts";
import type { RunNetworks } from "./run-networks.ts";
import { writeReport, type Scored } from "./run-report.ts";
import { LazyGenerator, sourcesOf } from "./run-sources.ts";
import { selectCheckpoints, type Selected } from "./selection.ts";
import { resampleSets, type TrainingSet } from "./sets.ts";
import { specHash, type Spec } from "./spec.ts";
import { lastOf, openShard, shardSeconds, shareOf, type Shard } from "./shards.ts";
import { makeAll, Stages, type RunEvent, type StageName } from "./stages.ts";
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
  const hash = await specHash(spec);
  const { shard } = options;
  const folder = shard ? await openShard(whole, shard, hash, new Date(options.gauges.now()).toISOString()) : whole;
  const log = await RunLog.open(folder, hash, options.gauges, (event) => options.onEvent?.(event));
  await writeJson(folder, "config.resolved.json", spec);
  await writeJson(folder, "env.json", {
    adapter: networks.adapter,
    networks: networks.hash,
    world: world.hash,
    ...options.environment,
  });
  const watch: RunWatch = {
    stages: new Stages(folder, (event) => log.event(event), lastOf(shard, options.until), shard && shareOf(shard)),
    signal: options.signal,
    onEvent: (event) => log.event(event),
    endsTraining: options.endsTraining,
  };
  const selected = await selectCheckpoints(spec, folder, (variant, place) =>
    run(variant, world, networks, place, { ...options, until: "train" }),
  );
  const results =
    selected &&
    (await new Run(spec, selected, hash, chooseWorld(world, spec), networks, folder, watch, log, options).results());
  await log.save(results ? "done" : "stopped");
  if (watch.stages.left.length > 0) options.onLeft?.(watch.stages.left);
  return results;
}

/** What the stages before training give. */
interface Made {
  readonly dataset: Dataset;
  readonly excluded: Excluded;
  /** Per condition with a method, its classes in the dataset's order, images that the audit dropped left out. */
  readonly productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>;
  readonly audit: Audit | null;
  readonly findings: audits.Audited["findings"];
  /** The pool's embeddings [n, width], where a method may search it. */
  readonly pooled: Float32Array | null;
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
    const made = this.#methods.size === 0 ? this.#withoutMethods() : await this.#make();
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

  #withoutMethods(): Made {
    return {
      dataset: this.#whole,
      excluded: {},
      productions: new Map(),
      audit: null,
      findings: new Map(),
      pooled: null,
    };
  }

  /** Pool, production and audit. */
  async #make(): Promise<Made | undefined> {
    const { pool } = this.world;
    const { stages } = this.watch;
    const others = heldOutRows(this.#whole).length;
    const known = await stages.stage("world", poolUnits(pool) + 1, async () => {
      const pooled = await embedPool(pool, this.world.hash, this.networks, this.watch);
      const { seed } = this.spec;
      const calibrations =
        pooled && (await audits.calibrateMeasures(pool, pooled, others, seed, this.#hashes, this.watch));
      return pooled && calibrations && { pooled, calibrations };
    });
    if (known === undefined) return undefined;
    const produced = await this.#produce(known.pooled, known.calibrations);
    if (produced === undefined) return undefined;
    const excluded = await this.#excluded(produced);
    const dataset = withoutClasses(this.#whole, excluded);
    const kept = keepClasses(produced, dataset);
    const measures = audits.auditMeasures(this.spec.audit.threshold, known.calibrations, others);
    const audited = await this.#audit(dataset, kept, measures);
    return audited && { dataset, excluded, pooled: known.pooled, ...audited };
  }

  async #produce(
    pooled: Float32Array,
    calibrations: audits.Calibrations,
  ): Promise<ReadonlyMap<ConditionId, ClassProduction[]> | undefined> {
    const { stages } = this.watch;
    const generator = new LazyGenerator(this.networks, this.spec.generator);
    const sources = sourcesOf(
      { spec: this.spec, dataset: this.#whole, pool: this.world.pool, networks: this.networks, generator },
      pooled,
      calibrations,
    );
    const inputs = {
      ...{ spec: this.spec, dataset: this.#whole, sources, watch: this.watch },
      // The duplicates' threshold is part of what decides a retrieval.
      hashes: [...this.#hashes, String(sources.retrieval.duplicates)],
    };
    try {
      const adapted = await stages.stage("adapt", this.#adapting().length, async () => {
        const all = await makeAll([...this.#methods], this.watch.signal, async ([id, method]) => {
          const result = await adaptMethod(method, inputs);
          return result === undefined ? undefined : ([id, result] as const);
        });
        return all && new Map(all);
      });
      if (adapted === undefined) return undefined;
      const count = this.#whole.classes.length;
      return await stages.stage("produce", this.#methods.size * count, async () => {
        const each = [...this.#methods].flatMap(([id, method]) =>
          Array.from({ length: count }, (_, classIndex) => ({ id, method, classIndex })),
        );
        const made = await makeAll(each, this.watch.signal, ({ id, method, classIndex }) =>
          produceClass(method, adapted.get(id) ?? null, classIndex, inputs),
        );
        const of = (i: number): ClassProduction[] | undefined => made?.slice(i * count, (i + 1) * count);
        return made && new Map([...this.#methods.keys()].map((id, i) => [id, of(i)!]));
      });
    } finally {
      await generator.dispose();
    }
  }

  #adapting(): Method[] {
    return [...this.#methods.values()].filter(({ adapt }) => adapt !== undefined);
  }

  /** Classes that a method is short of: left out of every condition, as the paper does. */
  async #excluded(produced: ReadonlyMap<ConditionId, readonly ClassProduction[]>): Promise<Excluded> {
    const excluded: Record<string, string> = {};
    for (const [id, classes] of produced) {
      for (const { key, shortfall, images } of classes) {
        if (shortfall === 0 || Object.hasOwn(excluded, key)) continue;
        const reason = `${id} found ${String(images.length)} of ${String(images.length + shortfall)} images`;
        excluded[key] = reason;
        await this.watch.onEvent({ event: "class-excluded", stage: "produce", unit: key, reason });
      }
    }
    return excluded;
  }

  async #audit(
    dataset: Dataset,
    produced: ReadonlyMap<ConditionId, readonly ClassProduction[]>,
    measures: readonly AuditMeasure[],
  ): Promise<audits.Audited | undefined> {
    const audit = new audits.LeakAudit(dataset, this.networks, this.#hashes, this.watch);
    const { action } = this.spec.audit;
    return this.watch.stages.stage("audit", produced.size, () => audit.all(produced, measures, action));
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
