/** When to lower the learning rate, keep a checkpoint and stop: the classifier's plateau rule as a state machine. */
import { ConfigError, NonFiniteError } from "../errors.ts";

/** How long to wait, and what to do then. */
export interface PlateauRule {
  /**
   * `paper`: the rate falls after the `patience`-th epoch without a new best score, any gain counts.
   * `torch`: as PyTorch's `ReduceLROnPlateau(mode="max")` with its defaults: one epoch later, and the rate looks only
   * at gains of more than 1e-4 of the best score. Stopping and the best checkpoint count every gain under both.
   */
  readonly kind: "paper" | "torch";
  /** Epochs without a gain before the rate falls; 10 in the paper. */
  readonly patience: number;
  /** What the rate is multiplied by; 0.1 in the paper. */
  readonly factor: number;
  /** Epochs without a gain before training ends; 20 in the paper. */
  readonly stopAfter: number;
  /** Epochs after which training ends in any case; 270 in the paper. */
  readonly maxEpochs: number;
}

/** The paper's rule. Burg et al. 2023, section 3. */
export const paperPlateau: PlateauRule = { kind: "paper", patience: 10, factor: 0.1, stopAfter: 20, maxEpochs: 270 };

/** Everything the rule remembers between epochs; plain numbers, so a checkpoint can hold it as JSON. */
export interface PlateauState {
  /** Finished epochs. */
  readonly epoch: number;
  /** The rate of the next epoch. */
  readonly rate: number;
  /** Best score yet; null before the first epoch. */
  readonly best: number | null;
  /** The finished epoch (from 1) that scored it; 0 before the first epoch. */
  readonly bestEpoch: number;
  readonly sinceBest: number;
  readonly sinceDrop: number;
  /** The best score that the rate counts from; differs from `best` under `torch` only. */
  readonly plateauBest: number | null;
  readonly stopped: boolean;
}

/** PyTorch's default `threshold`, relative to the best score. */
const torchThreshold = 1e-4;

/**
 * The state before the first epoch.
 *
 * @param rate the first learning rate, > 0
 * @throws ConfigError when the rate or a field of the rule is out of range
 */
export function startPlateau(rule: PlateauRule, rate: number): PlateauState {
  for (const name of ["patience", "stopAfter", "maxEpochs"] as const)
    if (!Number.isInteger(rule[name]) || rule[name] < 1)
      throw new ConfigError(`plateau ${name}`, "a whole number >= 1", String(rule[name]));
  if (!(rule.factor > 0 && rule.factor < 1))
    throw new ConfigError("plateau factor", "a number between 0 and 1", String(rule.factor));
  if (!(rate > 0)) throw new ConfigError("plateau rate", "a number > 0", String(rate));
  return {
    epoch: 0,
    rate,
    best: null,
    bestEpoch: 0,
    sinceBest: 0,
    sinceDrop: 0,
    plateauBest: null,
    stopped: false,
  };
}

/**
 * The state after one more epoch. The checkpoint to keep is this epoch's when `bestEpoch === epoch`.
 *
 * @param score validation accuracy of the epoch, higher is better
 * @returns a new state; a stopped one is returned as it is
 * @throws NonFiniteError when the score is not a finite number
 */
export function advancePlateau(rule: PlateauRule, state: PlateauState, score: number): PlateauState {
  if (state.stopped) return state;
  const epoch = state.epoch + 1;
  if (!Number.isFinite(score)) throw new NonFiniteError("plateau score", epoch, score);
  const isBest = state.best === null || score > state.best;
  const sinceBest = isBest ? 0 : state.sinceBest + 1;
  const gains = gainsForRate(rule, state, score);
  const waited = gains ? 0 : state.sinceDrop + 1;
  const drops = rule.kind === "paper" ? waited === rule.patience : waited > rule.patience;
  return {
    epoch,
    rate: drops ? state.rate * rule.factor : state.rate,
    best: isBest ? score : state.best,
    bestEpoch: isBest ? epoch : state.bestEpoch,
    sinceBest,
    sinceDrop: drops ? 0 : waited,
    plateauBest: gains ? score : state.plateauBest,
    stopped: sinceBest >= rule.stopAfter || epoch >= rule.maxEpochs,
  };
}

function gainsForRate(rule: PlateauRule, { plateauBest }: PlateauState, score: number): boolean {
  if (plateauBest === null) return true;
  return score > (rule.kind === "torch" ? plateauBest * (1 + torchThreshold) : plateauBest);
}
