/** What a run trains on: the pool, what every method learns and makes, and the audit of it. */
import type { Dataset } from "../data/dataset.ts";
import type { Method } from "../methods/method.ts";
import * as audits from "./audit.ts";
import type { ConditionId } from "./conditions.ts";
import { embedPool, poolUnits } from "./pool-embeddings.ts";
import { adaptMethod, produceClass, type ClassProduction, type RunWatch } from "./production.ts";
import type { Audit, AuditMeasure } from "./record.ts";
import { heldOutRows, withoutClasses, type Excluded, type HeldOutSplit, type RunWorld } from "./run-data.ts";
import { keepClasses } from "./run-jobs.ts";
import type { RunNetworks } from "./run-networks.ts";
import { LazyGenerator, sourcesOf } from "./run-sources.ts";
import type { Spec } from "./spec.ts";
import { makeAll } from "./stages.ts";

/** What the stages before training give. */
export interface Made {
  readonly dataset: Dataset;
  readonly excluded: Excluded;
  /** Per condition with a method, its classes in the dataset's order, images that the audit dropped left out. */
  readonly productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>;
  readonly audit: Audit | null;
  readonly findings: audits.Audited["findings"];
  /** The pool's embeddings [n, width], where a method may search it. */
  readonly pooled: Float32Array | null;
}

/** What is made, of what, and how it goes. */
export interface MakingOf {
  readonly spec: Spec;
  readonly world: RunWorld;
  readonly networks: RunNetworks;
  readonly watch: RunWatch;
  /** With all classes of the spec, those that a method will be short of too. */
  readonly whole: Dataset;
  readonly methods: ReadonlyMap<ConditionId, Method>;
  /** Of everything that decides what is made. */
  readonly hashes: readonly string[];
  /** The splits that the audit holds added images against; all without it. */
  readonly auditAgainst?: readonly HeldOutSplit[] | undefined;
}

/** The stages before the sets: `world`, `adapt`, `produce` and `audit`. */
export class Making {
  constructor(private readonly of: MakingOf) {}

  /**
   * Works through the stages; a run without methods has none of them.
   *
   * @returns undefined when it was stopped
   * @throws LeakError when the audit refuses what was made
   */
  async make(): Promise<Made | undefined> {
    if (this.of.methods.size === 0) return this.#withoutMethods();
    const { pool } = this.of.world;
    const { stages } = this.of.watch;
    const others = heldOutRows(this.of.whole).length;
    const known = await stages.stage("world", poolUnits(pool) + 1, async () => {
      const pooled = await embedPool(pool, this.of.world.hash, this.of.networks, this.of.watch);
      const { seed } = this.of.spec;
      const calibrations =
        pooled && (await audits.calibrateMeasures(pool, pooled, others, seed, this.of.hashes, this.of.watch));
      return pooled && calibrations && { pooled, calibrations };
    });
    if (known === undefined) return undefined;
    const produced = await this.#produce(known.pooled, known.calibrations);
    if (produced === undefined) return undefined;
    const excluded = await this.#excluded(produced);
    const dataset = withoutClasses(this.of.whole, excluded);
    const kept = keepClasses(produced, dataset);
    const measures = audits.auditMeasures(this.of.spec.audit.threshold, known.calibrations, others);
    const audited = await this.#audit(dataset, kept, measures);
    return audited && { dataset, excluded, pooled: known.pooled, ...audited };
  }

  #withoutMethods(): Made {
    return {
      dataset: this.of.whole,
      excluded: {},
      productions: new Map(),
      audit: null,
      findings: new Map(),
      pooled: null,
    };
  }

  async #produce(
    pooled: Float32Array,
    calibrations: audits.Calibrations,
  ): Promise<ReadonlyMap<ConditionId, ClassProduction[]> | undefined> {
    const { stages } = this.of.watch;
    const generator = new LazyGenerator(this.of.networks, this.of.spec.generator);
    const sources = sourcesOf(
      { spec: this.of.spec, dataset: this.of.whole, pool: this.of.world.pool, networks: this.of.networks, generator },
      pooled,
      calibrations,
    );
    const inputs = {
      ...{ spec: this.of.spec, dataset: this.of.whole, sources, watch: this.of.watch },
      // The duplicates' threshold is part of what decides a retrieval.
      hashes: [...this.of.hashes, String(sources.retrieval.duplicates)],
    };
    try {
      const adapted = await stages.stage("adapt", this.#adapting().length, async () => {
        const all = await makeAll([...this.of.methods], this.of.watch.signal, async ([id, method]) => {
          const result = await adaptMethod(method, inputs);
          return result === undefined ? undefined : ([id, result] as const);
        });
        return all && new Map(all);
      });
      if (adapted === undefined) return undefined;
      const count = this.of.whole.classes.length;
      return await stages.stage("produce", this.of.methods.size * count, async () => {
        const each = [...this.of.methods].flatMap(([id, method]) =>
          Array.from({ length: count }, (_, classIndex) => ({ id, method, classIndex })),
        );
        const made = await makeAll(each, this.of.watch.signal, ({ id, method, classIndex }) =>
          produceClass(method, adapted.get(id) ?? null, classIndex, inputs),
        );
        const of = (i: number): ClassProduction[] | undefined => made?.slice(i * count, (i + 1) * count);
        return made && new Map([...this.of.methods.keys()].map((id, i) => [id, of(i)!]));
      });
    } finally {
      await generator.dispose();
    }
  }

  #adapting(): Method[] {
    return [...this.of.methods.values()].filter(({ adapt }) => adapt !== undefined);
  }

  /** Classes that a method is short of: left out of every condition, as the paper does. */
  async #excluded(produced: ReadonlyMap<ConditionId, readonly ClassProduction[]>): Promise<Excluded> {
    const excluded: Record<string, string> = {};
    for (const [id, classes] of produced) {
      for (const { key, shortfall, images, funnel } of classes) {
        if (shortfall === 0 || Object.hasOwn(excluded, key)) continue;
        const counts = `${String(images.length)} of ${String(images.length + shortfall)}`;
        const reason = `${id} found ${counts} images${droppedText(funnel)}`;
        excluded[key] = reason;
        await this.of.watch.onEvent({ event: "class-excluded", stage: "produce", unit: key, reason });
      }
    }
    return excluded;
  }

  async #audit(
    dataset: Dataset,
    produced: ReadonlyMap<ConditionId, readonly ClassProduction[]>,
    measures: readonly AuditMeasure[],
  ): Promise<audits.Audited | undefined> {
    const audit = new audits.LeakAudit(dataset, this.of.networks, this.of.hashes, this.of.watch, this.of.auditAgainst);
    const { action } = this.of.spec.audit;
    return this.of.watch.stages.stage("audit", produced.size, () => audit.all(produced, measures, action));
  }
}

/** The spec's limits on columns of the pool, by the step of the funnel that counts what each drops. */
const columnLimits = { aesthetics: "retrieval.minAesthetics", unsafe: "retrieval.maxUnsafe" } as const;

/** How many pictures the limits on their ratings kept out, which a spec can loosen. */
function droppedText(funnel: ClassProduction["funnel"]): string {
  const dropped = Object.entries(columnLimits).filter(([step]) => (funnel[step] ?? 0) > 0);
  return dropped.map(([step, field]) => `, ${String(funnel[step])} dropped by ${field}`).join("");
}
