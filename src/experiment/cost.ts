/** What each method costs in seconds, and how many images it makes in equal ones. */
import type { Method } from "../methods/method.ts";
import { conditionOf, type ConditionId } from "./conditions.ts";
import type { ClassProduction } from "./production.ts";
import type { TrainingSet } from "./sets.ts";

/** A method's time. Seconds are null where the time of one of its units is not known. */
export interface MethodCost {
  readonly id: ConditionId;
  /** Of the adaptation, 0 where there is none. Methods that share one count it each. */
  readonly adaptSeconds: number | null;
  /** Of producing the images of all classes. */
  readonly produceSeconds: number | null;
  /** Images that were kept, over all classes. */
  readonly images: number;
  /** Adaptation and production, for each kept image. */
  readonly secondsPerImage: number | null;
  /** Images that the first set adds, over all classes. */
  readonly setImages: number;
  /** The adaptation, and the production's share for a set: `adaptSeconds` + `setImages` · `produceSeconds` / `images`. */
  readonly setSeconds: number | null;
  /** Whole images that are made in `Costs.equalSeconds`, what is left of them after the adaptation; null where not known. */
  readonly imagesInEqualSeconds: number | null;
}

/** What the methods of a run cost, by the clock of the machine that made each unit, in whichever start. */
export interface Costs {
  /** Of the pool's embedding, once for every method that searches it and counted for none; null where not known. */
  readonly poolSeconds: number | null;
  /** The method that generates whose set takes the least time; null where none generates or times are not known. */
  readonly cheapest: ConditionId | null;
  /** Its `setSeconds`. */
  readonly equalSeconds: number | null;
  readonly methods: readonly MethodCost[];
}

/** What costs are computed from. */
export interface CostInputs {
  readonly methods: ReadonlyMap<ConditionId, Method>;
  readonly productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>;
  readonly sets: ReadonlyMap<ConditionId, readonly TrainingSet[]>;
  /** Units that the pool's embedding has. */
  readonly poolUnits: number;
}

/**
 * The cost of each method.
 *
 * @param times milliseconds of the making of units, by `stage/unit`
 */
export function methodCosts(inputs: CostInputs, times: ReadonlyMap<string, number>): Costs {
  const costs = [...inputs.methods].map(([id, method]) => costOf(id, method, inputs, times));
  const generating = costs.filter(({ id, setSeconds }) => setSeconds !== null && generates(id));
  const cheapest = generating.sort((a, b) => a.setSeconds! - b.setSeconds!)[0] ?? null;
  const equalSeconds = cheapest?.setSeconds ?? null;
  const pool = Array.from({ length: inputs.poolUnits }, (_, chunk) => `world/pool-${String(chunk)}`);
  return {
    poolSeconds: pool.length === 0 ? null : secondsOf(pool, times),
    cheapest: cheapest?.id ?? null,
    equalSeconds,
    methods: costs.map((cost) => ({ ...cost, imagesInEqualSeconds: imagesIn(equalSeconds, cost) })),
  };
}

/** Whether all of a condition's images are generated. */
function generates(id: ConditionId): boolean {
  const { family } = conditionOf(id);
  return family === "unconditional" || family === "prompt" || family === "personalised";
}

function costOf(
  id: ConditionId,
  method: Method,
  { productions, sets }: CostInputs,
  times: ReadonlyMap<string, number>,
): Omit<MethodCost, "imagesInEqualSeconds"> {
  const classes = productions.get(id) ?? [];
  const images = sum(classes.map((production) => production.images.length));
  const setImages = sum((sets.get(id)?.[0]?.classes ?? []).map(({ added }) => added.length));
  const adaptSeconds = method.adapt ? secondsOf([`adapt/${method.adaptsAs ?? method.id}`], times) : 0;
  const produceSeconds = secondsOf(
    classes.map(({ key }) => `produce/${method.id}/${key}`),
    times,
  );
  const isKnown = adaptSeconds !== null && produceSeconds !== null && images > 0;
  return {
    ...{ id, adaptSeconds, produceSeconds, images, setImages },
    secondsPerImage: isKnown ? (adaptSeconds + produceSeconds) / images : null,
    setSeconds: isKnown ? adaptSeconds + (setImages * produceSeconds) / images : null,
  };
}

/** Seconds that units took together; null where the time of one is not known. */
function secondsOf(units: readonly string[], times: ReadonlyMap<string, number>): number | null {
  const known = units.map((name) => times.get(name));
  return known.includes(undefined) ? null : sum(known.map((ms) => ms ?? 0)) / 1000;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Whole images that a method makes in so many seconds; null where that is not known, or where its images took no time. */
function imagesIn(
  seconds: number | null,
  { adaptSeconds, produceSeconds, images }: Omit<MethodCost, "imagesInEqualSeconds">,
): number | null {
  if (seconds === null || adaptSeconds === null || produceSeconds === null || produceSeconds === 0) return null;
  const made = ((seconds - adaptSeconds) / produceSeconds) * images;
  // The cheapest method makes exactly its set, which division may miss by a hair.
  return Math.max(0, Math.floor(made + 1e-6));
}
