/** Training a classifier by the paper's recipe: crops, SGD, a plateau rule, the checkpoint with the best validation score. */
import type { Backend, Program, Values, Variables } from "../backends/backend.ts";
import { compileAll } from "../backends/compile-all.ts";
import { NonFiniteError } from "../errors.ts";
import type { Image } from "../data/image.ts";
import type { CropOptions } from "../data/transforms.ts";
import { drawCrop, resampleCrop } from "../data/transforms.ts";
import type { Graph } from "../graph/graph.ts";
import { trace } from "../graph/graph.ts";
import { crossEntropy } from "../graph/ops/loss.ts";
import { add } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/mean.ts";
import { assign } from "../graph/ops/optimizer.ts";
import { top1 } from "../graph/ops/softmax.ts";
import { ResNet } from "../models/resnet.ts";
import type { ResNetConfig } from "../models/resnet.ts";
import { Parameters, initialise } from "../nn/parameters.ts";
import { RandomStream } from "../random.ts";
import type { SgdSettings } from "./optimizer.ts";
import { addOptimizerStep, prepareOptimizer, resetMoments, trainingStateNames } from "./optimizer.ts";
import { readNumber } from "./loop.ts";
import { meanwhile } from "./meanwhile.ts";
import { ExampleOrder } from "./order.ts";
import type { PlateauRule, PlateauState } from "./plateau.ts";
import { advancePlateau, startPlateau } from "./plateau.ts";
import { presentValues, putBack, valuesBelow, type Resumption, type UnfinishedWork } from "./resumption.ts";

/** Labelled pictures. */
export interface LabelledImages {
  readonly count: number;
  image(index: number): Image;
  label(index: number): number;
}

/** How a classifier is trained. */
export interface ClassifierRecipe {
  readonly net: ResNetConfig;
  /** Side of the square input. */
  readonly resolution: number;
  readonly batch: number;
  readonly rate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly crop: CropOptions;
  readonly plateau: PlateauRule;
}

/** One epoch's numbers. */
export interface EpochLog {
  readonly epoch: number;
  readonly loss: number;
  readonly rate: number;
  /** Over the epoch's own crops, each seen before the step that learns from it; absent in records of earlier versions. */
  readonly trainAccuracy?: number;
  readonly validationAccuracy: number;
}

/** What a training is watched and ended by. */
export interface TrainingWatch {
  readonly signal?: AbortSignal;
  /** Told of every epoch, with the predicted class of each validation picture. */
  readonly onEpoch?: (log: EpochLog, predictions: Uint32Array) => void;
  /** Asked after every epoch whether the training ends with it, whatever its own rule says. */
  readonly endsEarly?: () => boolean;
  /** Where a training that is stopped is kept, and gone on with. */
  readonly resumption?: Resumption;
}

/** How far a training is, beside its variables and the best weights. */
interface ClassifierProgress {
  /** Finished steps. */
  readonly step: number;
  readonly plateau: PlateauState;
  readonly history: readonly EpochLog[];
}

/** The epochs that were over when a training was kept. */
export function epochsOf({ state }: UnfinishedWork): readonly EpochLog[] {
  return (state as ClassifierProgress).history;
}

/** A finished training. */
export interface TrainedClassifier {
  readonly history: readonly EpochLog[];
  readonly bestEpoch: number;
  readonly validationAccuracy: number;
  /** Whether it was ended before its own rule did. */
  readonly endedEarly: boolean;
  /** The best checkpoint's weights and running statistics by name. */
  readonly weights: ReadonlyMap<string, Values>;
}

/** How many of an epoch's pictures were named right; counted on the device, so that nothing waits for it. */
const rightOnes = { name: "classifier.right", shape: [1] };

function countAnew(variables: Variables): void {
  variables.set(rightOnes.name, { shape: rightOnes.shape, dtype: "f32" }, new Float32Array(1));
}

/** Trains and evaluates classifiers of one shape: its programs are compiled once and used for every set and seed. */
export class ClassifierTrainer {
  private constructor(
    readonly recipe: ClassifierRecipe,
    private readonly parameters: Parameters,
    private readonly variables: Variables,
    private readonly step: Program,
    private readonly scorer: Program,
    private readonly optimizer: SgdSettings,
  ) {}

  /** Compiles the training step and the scorer; when that fails, nothing stays. */
  static async create(backend: Backend, recipe: ClassifierRecipe): Promise<ClassifierTrainer> {
    const variables = backend.variables();
    try {
      return await ClassifierTrainer.compile(backend, recipe, variables);
    } catch (error) {
      variables.dispose();
      throw error;
    }
  }

  private static async compile(
    backend: Backend,
    recipe: ClassifierRecipe,
    variables: Variables,
  ): Promise<ClassifierTrainer> {
    const parameters = new Parameters("classifier.");
    const net = new ResNet(parameters, recipe.net);
    const optimizer: SgdSettings = { kind: "sgd", momentum: recipe.momentum, weightDecay: recipe.weightDecay };
    initialise(parameters, variables, 0);
    await prepareOptimizer(variables, parameters.trainable(), optimizer);
    countAnew(variables);
    const batchOf = (g: Graph) => ({
      images: g.input("images", [recipe.batch, recipe.resolution, recipe.resolution, 3]),
      labels: g.input("labels", [recipe.batch], "u32"),
    });
    const training = trace((g) => {
      const { images, labels } = batchOf(g);
      const logits = net.forward(images, { training: true });
      const loss = crossEntropy(logits, labels);
      addOptimizerStep(g, loss, parameters.trainable(), optimizer);
      const right = g.parameter(rightOnes);
      assign(right, add(right, sum(top1(logits, labels))));
      return { loss };
    });
    const scoring = trace((g) => {
      const { images, labels } = batchOf(g);
      const logits = net.forward(images, { training: false });
      const correct = top1(logits, labels);
      return { logits, correct, count: sum(correct) };
    });
    const { step, scorer } = await compileAll(backend, variables, {
      step: { graph: training, label: "classifier step" },
      scorer: { graph: scoring, label: "classifier score" },
    });
    return new ClassifierTrainer(recipe, parameters, variables, step, scorer, optimizer);
  }

  /**
   * Trains from fresh weights until the plateau rule stops, and keeps the best checkpoint by validation accuracy.
   *
   * @param seed decides weights, order and crops
   * @returns undefined when the signal stopped it
   * @throws NonFiniteError when an epoch's last loss is not finite
   */
  async train(
    train: LabelledImages,
    validation: LabelledImages,
    seed: number,
    { signal, onEpoch, endsEarly, resumption }: TrainingWatch = {},
  ): Promise<TrainedClassifier | undefined> {
    const { recipe } = this;
    const begun = this.#begin(seed, resumption);
    const order = new ExampleOrder(train.count, recipe.batch, seed, "classifier order");
    const stepsPerEpoch = Math.max(1, Math.round(train.count / recipe.batch));
    const history = [...begun.history];
    let { step, plateau: state, weights } = begun;
    let inputs = this.#augmented(train, order.at(step), seed, step);
    let endedEarly = false;
    while (!state.stopped && !endedEarly) {
      const { rate, epoch } = state;
      if (step === epoch * stepsPerEpoch) countAnew(this.variables);
      for (; step < (epoch + 1) * stepsPerEpoch; step++) {
        const stops = signal?.aborted === true;
        if (step > begun.step && (stops || resumption?.isDue()))
          await this.#keep({ step, plateau: state, history }, weights, resumption);
        if (stops) return undefined;
        const running = this.step.run({ ...inputs, rate });
        inputs = await meanwhile(running, () => this.#augmented(train, order.at(step + 1), seed, step + 1));
      }
      const loss = await readNumber(this.step, "loss");
      if (!Number.isFinite(loss)) throw new NonFiniteError("classifier: loss", epoch + 1, loss);
      const [right] = await this.variables.get(rightOnes.name);
      const trainAccuracy = right! / (stepsPerEpoch * recipe.batch);
      const { accuracy: validationAccuracy, predictions } = await this.score(validation);
      const before = state.bestEpoch;
      state = advancePlateau(recipe.plateau, state, validationAccuracy);
      if (state.bestEpoch !== before) weights = await this.#weights();
      const log = { epoch: epoch + 1, loss, rate, trainAccuracy, validationAccuracy };
      history.push(log);
      onEpoch?.(log, predictions);
      endedEarly = endsEarly?.() === true && !state.stopped;
    }
    return { history, bestEpoch: state.bestEpoch, validationAccuracy: state.best ?? 0, endedEarly, weights };
  }

  /** Fresh weights and moments, or those of an earlier start. */
  #begin(
    seed: number,
    resumption: Resumption | undefined,
  ): ClassifierProgress & { readonly weights: ReadonlyMap<string, Values> } {
    const { recipe, variables } = this;
    const found = resumption?.found;
    initialise(this.parameters, variables, seed);
    resetMoments(variables, this.parameters.trainable(), this.optimizer);
    if (found === undefined)
      return { step: 0, plateau: startPlateau(recipe.plateau, recipe.rate), history: [], weights: new Map() };
    putBack(variables, found);
    return { ...(found.state as ClassifierProgress), weights: valuesBelow(found.values, "best/") };
  }

  /** Keeps a training between two steps. */
  async #keep(
    state: ClassifierProgress,
    weights: ReadonlyMap<string, Values>,
    resumption: Resumption | undefined,
  ): Promise<void> {
    const names = [...trainingStateNames(this.parameters.list(), this.optimizer), rightOnes.name];
    const values = await presentValues(this.variables, names);
    for (const [name, best] of weights) values.set(`best/${name}`, best);
    await resumption?.keep({ share: state.plateau.epoch / this.recipe.plateau.maxEpochs, state, values });
  }

  /** Puts a checkpoint in place, to score with it. */
  load(weights: ReadonlyMap<string, Values>): void {
    for (const { name, shape, dtype } of this.parameters.list())
      this.variables.set(name, { shape, dtype }, weights.get(name)!);
  }

  /**
   * Scores pictures without crops, by the weights in place.
   * @returns the accuracy and each picture's predicted class
   */
  async score(images: LabelledImages): Promise<{ readonly accuracy: number; readonly predictions: Uint32Array }> {
    const { batch, resolution, net } = this.recipe;
    const predictions = new Uint32Array(images.count);
    let correct = 0;
    for (let start = 0; start < images.count; start += batch) {
      const count = Math.min(batch, images.count - start);
      const indices = Uint32Array.from({ length: batch }, (_, i) => Math.min(start + i, images.count - 1));
      await this.scorer.run(this.#whole(images, indices, resolution));
      const logits = await this.scorer.read("logits");
      for (let i = 0; i < count; i++) {
        const row = logits.subarray(i * net.classes, (i + 1) * net.classes);
        const best = row.indexOf(Math.max(...row));
        predictions[start + i] = best;
        if (best === images.label(start + i)) correct++;
      }
    }
    return { accuracy: correct / images.count, predictions };
  }

  /** Releases the programs and weights. */
  dispose(): void {
    this.step.dispose();
    this.scorer.dispose();
    this.variables.dispose();
  }

  #augmented(images: LabelledImages, indices: Uint32Array, seed: number, step: number): Record<string, Values> {
    const { resolution, crop } = this.recipe;
    const random = new RandomStream(seed, `classifier crops/${String(step)}`);
    const pixels = new Float32Array(indices.length * resolution * resolution * 3);
    indices.forEach((index, i) => {
      const image = images.image(index);
      resampleCrop(
        image,
        drawCrop(image.width, image.height, crop, random),
        resolution,
        pixels,
        i * resolution * resolution * 3,
      );
    });
    return { images: pixels, labels: Uint32Array.from(indices, (index) => images.label(index)) };
  }

  #whole(images: LabelledImages, indices: Uint32Array, resolution: number): Record<string, Values> {
    const pixels = new Float32Array(indices.length * resolution * resolution * 3);
    indices.forEach((index, i) => {
      const image = images.image(index);
      const whole = { left: 0, top: 0, width: image.width, height: image.height, flipped: false };
      resampleCrop(image, whole, resolution, pixels, i * resolution * resolution * 3);
    });
    return { images: pixels, labels: Uint32Array.from(indices, (index) => images.label(index)) };
  }

  async #weights(): Promise<ReadonlyMap<string, Values>> {
    const entries = await Promise.all(
      this.parameters.list().map(async ({ name }) => [name, await this.variables.get(name)] as const),
    );
    return new Map(entries);
  }
}
