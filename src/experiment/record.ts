/** The record of a run: everything that the table, the figures and the report are made from. */
import { conditionIds, conditionOf, referenceCondition, type ConditionId, type Family } from "./conditions.ts";
import type { Ambiguity } from "./ambiguity.ts";
import type { Fidelity } from "./analysis.ts";
import type { Costs } from "./cost.ts";
import type { Differences } from "./differences.ts";
import type { ClassResults } from "./per-class.ts";
import type { Selection } from "./selection.ts";
import type { SetsOverlap } from "./sets.ts";
import { holm, mean, orderOf, pairedDifference, pairedPValue, standardError, type Gap } from "./statistics.ts";

/** A condition's score. Accuracies are shares, 0 to 1. */
export interface ConditionResult {
  readonly id: ConditionId;
  /** Trained classifiers. */
  readonly n: number;
  /** [n], top-1 on the test set; element i is set i, trained with that set's seed. */
  readonly accuracy: readonly number[];
  readonly mean: number;
  /** Standard error of the mean (n - 1); null for a single classifier. */
  readonly standardError: number | null;
  /** Paired difference to retrieval with its 95 % t interval; null for retrieval itself and where n is below 2. */
  readonly gapToRetrieval: Gap | null;
  /** The paired t test of that difference, alone and as one of the table's (Holm); null where there is no gap, or no spread. */
  readonly pToRetrieval: { readonly alone: number; readonly holm: number } | null;
  /** Paired difference to 10 % real with its 95 % t interval; null for it itself and where n is below 2. */
  readonly gapToReal: Gap | null;
  /** How far of the way from 10 % real to 20 % real the mean has come: 0 at the one, 1 at the other; null without both. */
  readonly shareOfTheWay: number | null;
}

/** What the leak audit found among one condition's added images. */
export interface ConditionAudit {
  readonly id: ConditionId;
  /** Added images that were compared. */
  readonly checked: number;
  /** Those more similar to a held-out image than a threshold allows. */
  readonly flagged: number;
  /** Those left out of training because of it. */
  readonly dropped: number;
  /** Highest similarity of an added image to a held-out one by each measure, in their order, -1 to 1. */
  readonly highest: readonly number[];
}

/** One way to say how alike two images are, and from where on they count as copies. */
export interface AuditMeasure {
  /** In which space, such as "CLIP image embedding, cosine". */
  readonly name: string;
  readonly threshold: number;
  /** The sentence that says how the threshold came about. */
  readonly rule: string;
  /**
   * Share of the pool's known doubles that lie above the threshold, 0 to 1: what it would find of such copies; null where
   * none are known.
   */
  readonly recall: number | null;
}

/** The leak audit: the nearest held-out image of every added image. */
export interface Audit {
  /** Which images the added ones were compared with, such as `["validation", "test"]`. */
  readonly against: readonly string[];
  /** An image is flagged when any of them says so. */
  readonly measures: readonly AuditMeasure[];
  readonly action: "flag" | "drop" | "fail";
  readonly conditions: readonly ConditionAudit[];
}

/** What is known of the images that one condition added. */
export interface Production {
  readonly id: ConditionId;
  /** Images produced over all classes. */
  readonly produced: number;
  /**
   * Images that were left out by class, as near-duplicates and by every filter, draws that a filter blocked included;
   * classes without any are not there.
   */
  readonly rejected: Readonly<Record<string, number>>;
  /** Sums over the classes of how many images there were at each step, such as asked, found, kept. */
  readonly funnel: Readonly<Record<string, number>>;
  readonly overlap: SetsOverlap;
}

/** A run's results: the file `results.json`, and the only thing that figures are drawn from. */
export interface Results {
  readonly version: 1;
  readonly name: string;
  /** SHA-256 of the resolved spec. */
  readonly specHash: string;
  readonly world: {
    readonly name: string;
    /** SHA-256 over its files, as `npm run world` prints it, and how much of its pool is searched where that is not all. */
    readonly hash: string;
  };
  /** The resolved spec, as plain JSON. */
  readonly spec: unknown;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Time that the run worked, over all its resumptions. */
  readonly elapsedSeconds: number;
  /** Most memory that the process held, over all its resumptions; null where the platform does not tell. */
  readonly peakMemoryBytes: number | null;
  /** The GPU, or the software, that computed. */
  readonly adapter: string;
  /** Commands that repeat the run. */
  readonly commands: readonly string[];
  /** Accuracy of guessing: one over the number of classes. */
  readonly chance: number;
  readonly classes: readonly string[];
  /** Images by split, of the classes that were used. */
  readonly images: Readonly<Record<string, number>>;
  /** In the order of the table. */
  readonly conditions: readonly ConditionResult[];
  readonly audit: Audit | null;
  readonly production: readonly Production[];
  /** The images that each method added: like real ones, and unlike each other. */
  readonly fidelity: readonly Fidelity[];
  /** Where the classes' queries land in the pool; null where none is searched, or nobody knows what it shows. */
  readonly ambiguity: Ambiguity | null;
  /** What Boomerang changes of the pictures that it starts from; null without the condition. */
  readonly boomerang: Differences | null;
  /** What the methods cost in time: like `elapsedSeconds`, another number in every run. */
  readonly costs: Costs;
  /** Class by class, in the order of `classes` and `conditions`. */
  readonly perClass: readonly ClassResults[];
  /** Checkpoints that classifiers chose on the validation split; absent in results of earlier versions. */
  readonly selections?: readonly Selection[];
  /** Classes left out everywhere, and why. */
  readonly excluded: Readonly<Record<string, string>>;
  /** Test images of each of those classes, which `images` does not count; absent in results of earlier versions. */
  readonly excludedTestImages?: Readonly<Record<string, number>>;
  /** Where the run departs from the paper's protocol, a sentence each. */
  readonly deviations: readonly string[];
}

/** Test accuracies of one condition, by set. */
export interface ConditionScores {
  readonly id: ConditionId;
  readonly accuracy: readonly number[];
}

/**
 * Means, standard errors and paired gaps to retrieval, in the order of the study's table.
 *
 * @throws ShapeError when a condition has no scores, or not as many as retrieval
 */
export function summarizeConditions(scores: readonly ConditionScores[]): ConditionResult[] {
  const order: readonly string[] = conditionIds();
  const sorted = [...scores].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  const accuracyOf = (wanted: ConditionId) => scores.find(({ id }) => id === wanted)?.accuracy ?? null;
  const reference = accuracyOf(referenceCondition);
  const [real, more] = [accuracyOf("real-10"), accuracyOf("real-20")];
  const gapTo = (other: ConditionId, { id, accuracy }: ConditionScores): Gap | null => {
    const base = accuracyOf(other);
    return id === other || base === null || accuracy.length < 2 ? null : pairedDifference(accuracy, base);
  };
  const gaps = sorted.map((score) => gapTo(referenceCondition, score));
  const alone = sorted.map(({ accuracy }, i) => (gaps[i] ? pairedPValue(accuracy, reference!) : null));
  // Those without a test are no part of the family.
  const adjusted = holm(alone.filter((p) => p !== null));
  let next = 0;
  const pValues = alone.map((p) => (p === null ? null : { alone: p, holm: adjusted[next++]! }));
  return sorted.map((score, i) => {
    const { id, accuracy } = score;
    return {
      id,
      n: accuracy.length,
      accuracy,
      mean: mean(accuracy),
      standardError: accuracy.length < 2 ? null : standardError(accuracy),
      gapToRetrieval: gaps[i]!,
      pToRetrieval: pValues[i]!,
      gapToReal: gapTo("real-10", score),
      shareOfTheWay: real && more ? shareBetween(mean(accuracy), mean(real), mean(more)) : null,
    };
  });
}

/** Which condition speaks for generation where there are several: CLIP's prompts, else the paper's best. */
const spokesmen: readonly ConditionId[] = ["clip-prompts", "pseudoword-dm"];

/** Generation's side of a run. */
export interface GeneratedSide {
  /** The one that stands for all, chosen before any result. */
  readonly spokesman: ConditionResult;
  /** The one of the highest mean, which of several is partly luck. */
  readonly best: ConditionResult;
  readonly methods: number;
}

/** Undefined where nothing was generated from a prompt or from what was learned. */
export function generatedSide({ conditions }: Pick<Results, "conditions">): GeneratedSide | undefined {
  const known: readonly string[] = conditionIds();
  // The page may read runs of methods that it does not know.
  const of = (...families: readonly Family[]): ConditionResult[] =>
    conditions.filter(({ id }) => known.includes(id) && families.includes(conditionOf(id).family));
  const made = of("unconditional", "prompt", "personalised");
  const told = of("prompt", "personalised");
  const spokesman = spokesmen.map((wanted) => told.find(({ id }) => id === wanted)).find(Boolean) ?? told[0];
  if (!spokesman) return undefined;
  const best = made.reduce((most, next) => (next.mean > most.mean ? next : most), spokesman);
  return { spokesman, best, methods: made.length };
}

/** Where a value lies from `start` (0) to `end` (1); null when the two are the same but for rounding. */
function shareBetween(value: number, start: number, end: number): number | null {
  return orderOf(start, end) === 0 ? null : (value - start) / (end - start);
}
