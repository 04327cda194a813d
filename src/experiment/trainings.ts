/** The stages that train a classifier on each set and score it, once, on the test set. */
import type { Dataset } from "../data/dataset.ts";
import { rowsOfSplit } from "../data/dataset.ts";
import { epochsOf, type ClassifierRecipe, type EpochLog, type LabelledImages } from "../training/classifier.ts";
import { packValues, unpackValues } from "../training/resumption.ts";
import type { ConditionId } from "./conditions.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { throughCodec } from "./picture-codec.ts";
import type { RunWatch } from "./production.ts";
import { splitImages, type HeldOutSplit } from "./run-data.ts";
import type { Classifier, RunNetworks } from "./run-networks.ts";
import type { TrainingSet } from "./sets.ts";
import type { Spec } from "./spec.ts";
import type { Unit } from "./stages.ts";

/** Raised when a training's outcome changes for the same inputs. */
const trainingVersion = 1;

/** One classifier to train. */
export interface TrainingJob {
  readonly condition: ConditionId;
  readonly set: TrainingSet;
  /** Hashes of what the set's images are made of. */
  readonly hashes: readonly string[];
  /** Reads the set's pictures. */
  readonly images: () => LabelledImages;
}

/** What is kept of a training beside its weights. */
export interface TrainingRecord {
  readonly history: readonly EpochLog[];
  readonly bestEpoch: number;
  readonly validationAccuracy: number;
  /** Whether someone ended it before its own rule did; absent where nobody did. */
  readonly endedEarly?: true;
}

/** The name of a job's units: `retrieval/set-0`. */
export function jobName({ condition, set }: Pick<TrainingJob, "condition" | "set">): string {
  return trainingName(condition, set.index);
}

/** The same by the set's number, from 0. */
export function trainingName(condition: string, set: number): string {
  return `${condition}/set-${String(set)}`;
}

/** The seed of a classifier: the same for every condition at one set, so that pairs share what they can. */
export function trainingSeed(spec: Pick<Spec, "seed">, set: number): number {
  return (spec.seed % 2 ** 40) * 1000 + set;
}

/** The paper's recipe with a spec's numbers. */
export function recipeOf({ train }: Spec, classes: number, resolution: number): ClassifierRecipe {
  const { net, batch, rate, momentum, weightDecay, crop, plateau, stop, maxEpochs } = train;
  return {
    net: { ...net, classes },
    resolution,
    batch,
    rate,
    momentum,
    weightDecay,
    crop: { scale: [crop.smallest, 1], ratio: [3 / 4, 4 / 3], flip: crop.flip },
    plateau: { ...plateau, stopAfter: stop, maxEpochs },
  };
}

/** A classifier's test. */
export interface Evaluation {
  /** Top-1, 0 to 1. */
  readonly accuracy: number;
  /** The predicted class of each test image, in the dataset's order. */
  readonly predictions: Uint32Array;
}

/** Trains and scores the classifiers of a run; the programs are compiled when the first unit needs them. */
export class Trainings {
  #classifier: Promise<Classifier> | undefined;
  readonly #recipe: ClassifierRecipe;

  constructor(
    private readonly spec: Spec,
    private readonly dataset: Dataset,
    private readonly networks: RunNetworks,
    private readonly worldHash: string,
    private readonly watch: RunWatch,
  ) {
    this.#recipe = recipeOf(spec, dataset.classes.length, dataset.resolution);
  }

  /** Trains one classifier. @returns undefined when it was stopped */
  async train(job: TrainingJob): Promise<Unit<TrainingRecord> | undefined> {
    const { stages, signal, onEvent, endsTraining } = this.watch;
    const name = jobName(job);
    const seed = trainingSeed(this.spec, job.set.index);
    const decidedBy = [trainingVersion, this.#recipe, seed, job.set.classes, job.hashes, ...this.#world()];
    return stages.unit("train", name, decidedBy, async (resumption) => {
      const classifier = await this.#ready();
      const epochs = this.#recipe.plateau.maxEpochs;
      const validation = this.#split("validation");
      const classes = this.dataset.classes.map((one) => one.name);
      const truths = Uint32Array.from({ length: validation.count }, (_, i) => validation.label(i));
      const earlier = resumption.found ? epochsOf(resumption.found) : [];
      const trained = await classifier.train(this.#coded(job.images()), validation, seed, {
        signal,
        resumption,
        ...(endsTraining ? { endsEarly: endsTraining } : {}),
        onEpoch: (log, predictions) => {
          const confusion = confusionMatrix(truths, [predictions], classes.length);
          const of = { stage: "train", unit: name } as const;
          const isFirstAfter = earlier.length > 0 && log.epoch === earlier.length + 1;
          void onEvent({ event: "epoch", ...of, log, classes, confusion, ...(isFirstAfter ? { earlier } : {}) });
          void onEvent({ event: "progress", ...of, share: log.epoch / epochs });
        },
      });
      if (trained === undefined) return undefined;
      const { history, bestEpoch, validationAccuracy, endedEarly, weights } = trained;
      const record = { history, bestEpoch, validationAccuracy, ...(endedEarly ? ({ endedEarly } as const) : {}) };
      return { value: record, blob: packValues(weights) };
    });
  }

  /**
   * Top-1 accuracy and predictions on the test set. Only the leak audit looks at it too; each look is an event.
   *
   * @returns undefined when it was stopped
   */
  async evaluate(job: TrainingJob, trained: Unit<TrainingRecord>): Promise<Evaluation | undefined> {
    const { stages, signal, onEvent } = this.watch;
    const name = jobName(job);
    const decidedBy = [trainingVersion, trained.hash, ...this.#world()];
    const unit = await stages.unit("evaluate", name, decidedBy, async () => {
      if (signal.aborted) return undefined;
      const classifier = await this.#ready();
      classifier.load(await unpackValues(trained.blob, name));
      const images = rowsOfSplit(this.dataset, "test").length;
      await onEvent({ event: "test-read", stage: "evaluate", unit: name, images });
      const { accuracy, predictions } = await classifier.score(this.#split("test"));
      return { value: { accuracy }, blob: new Uint8Array(predictions.slice().buffer) };
    });
    return unit && { accuracy: unit.value.accuracy, predictions: new Uint32Array(unit.blob.slice().buffer) };
  }

  /** Releases the programs. */
  async dispose(): Promise<void> {
    (await this.#classifier)?.dispose();
  }

  #split(split: HeldOutSplit): LabelledImages {
    return this.#coded(splitImages(this.dataset, split));
  }

  #coded(images: LabelledImages): LabelledImages {
    return throughCodec(images, this.spec.pictureCodec);
  }

  #ready(): Promise<Classifier> {
    return (this.#classifier ??= this.networks.classifier(this.#recipe));
  }

  #world(): unknown[] {
    const { pictureCodec } = this.spec;
    return [this.worldHash, this.dataset.classes.map(({ key }) => key), this.networks.adapter, pictureCodec];
  }
}
