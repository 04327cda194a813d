/** Fitting a diffusion model to groups of pictures: what it is told of each group, and perhaps the denoiser itself. */
import type { Backend, Values, Variables } from "../backends/backend.ts";
import { NonFiniteError } from "../errors.ts";
import type { Parameter } from "../nn/parameters.ts";
import { trainingExamples, validationExamples } from "./adaptation-examples.ts";
import type { AdaptationNetworks } from "./adaptation-graph.ts";
import { rowsParameter } from "./adaptation-graph.ts";
import { AdaptationPrograms } from "./adaptation-programs.ts";
import type { AdaptationGroup, AdaptationRecipe } from "./adaptation-recipe.ts";
import type { CourseProgress, EpochLosses } from "./adaptation-unit.ts";
import { AdaptationUnit } from "./adaptation-unit.ts";
import { ExampleOrder } from "./order.ts";
import { adamWDefaults, resetMoments, trainingStateNames } from "./optimizer.ts";
import { presentValues, putBack, valuesBelow, type Resumption, type UnfinishedWork } from "./resumption.ts";

/** How an adaptation goes. */
export interface AdaptationOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Where an adaptation that is stopped is kept, and gone on with. */
  readonly resumption?: Resumption | undefined;
}

/** How far an adaptation is, beside its variables and what its units keep. */
interface AdaptationProgress {
  /** The stream and groups that are learned: another adaptation does not go on with it. */
  readonly of: string;
  /** Units of finished waves and of the present one, in order. */
  readonly units: readonly CourseProgress[];
  /** Finished steps of the present wave. */
  readonly step: number;
  /** How many groups a step takes by now. */
  readonly groups: number;
}

/** Before the names of what units keep, in unfinished work. */
const [rowPrefix, denoiserPrefix] = ["row/", "denoiser/"];

/** What was learned. */
export interface Adaptation {
  /** One a group. */
  readonly rows: readonly Float32Array[];
  /** The denoiser's weights by variable name, where it was trained. */
  readonly denoiser?: ReadonlyMap<string, Values>;
  /** One a group, or one for all with a trained denoiser. */
  readonly courses: readonly { readonly kept: number; readonly epochs: readonly EpochLosses[] }[];
}

/**
 * Minimises the denoising loss of each group by its row and, if asked, of all groups by the denoiser.
 *
 * With a frozen denoiser the groups do not touch each other: a group's result is the same beside any others. Their epochs and
 * stops are their own. With a trained denoiser there is one course for all. Weights in `variables` are as before afterwards.
 *
 * @returns undefined when the signal stopped it
 * @throws NonFiniteError when an epoch's loss is not finite
 *
 * Burg et al. 2023, section 3.2 (loss, stop, at most 40 epochs, rates scaled by the root of the batch).
 */
export async function adapt(
  backend: Backend,
  variables: Variables,
  networks: AdaptationNetworks,
  groups: readonly AdaptationGroup[],
  recipe: AdaptationRecipe,
  options: AdaptationOptions = {},
): Promise<Adaptation | undefined> {
  const run = new AdaptationRun(backend, variables, networks, groups, recipe, options);
  try {
    return await run.all();
  } finally {
    run.restore();
  }
}

/** A unit with what it learns from. */
interface Course {
  readonly unit: AdaptationUnit;
  readonly pictures: readonly { readonly slot: number; readonly picture: AdaptationGroup["pictures"][number] }[];
  readonly stream: string;
  readonly order: ExampleOrder;
}

class AdaptationRun {
  readonly #rows: Parameter;
  readonly #slots: number;
  readonly #programs: AdaptationPrograms;
  #base: ReadonlyMap<string, Values> = new Map();
  /** Whether steps were made that are not kept. */
  #hasNews = false;
  /** How much is done, 0 to 1. */
  #share = 0;

  constructor(
    backend: Backend,
    private readonly variables: Variables,
    private readonly networks: AdaptationNetworks,
    private readonly groups: readonly AdaptationGroup[],
    private readonly recipe: AdaptationRecipe,
    private readonly options: AdaptationOptions,
  ) {
    const { trainsDenoiser, atOnce, draws } = recipe;
    this.#slots = trainsDenoiser ? groups.length : Math.min(groups.length, atOnce);
    this.#rows = rowsParameter(this.#slots, groups[0]!.start.length);
    this.#programs = new AdaptationPrograms(backend, variables, networks, recipe, {
      rows: this.#rows,
      trained: this.#trained,
      slots: this.#slots,
      validated: groups.reduce((sum, { validation }) => sum + validation.length * draws, 0),
    });
  }

  async all(): Promise<Adaptation | undefined> {
    if (this.recipe.trainsDenoiser) this.#base = await this.#denoiser();
    const units: AdaptationUnit[] = [];
    for (let first = 0; first < this.groups.length; first += this.#slots) {
      if (!(await this.#wave(this.groups.slice(first, first + this.#slots), units))) return undefined;
    }
    const rows = units.flatMap((unit) => unit.keptRows);
    const denoiser = units[0]!.keptDenoiser;
    const courses = units.map(({ keptEpoch, epochs }) => ({ kept: keptEpoch, epochs }));
    return { rows, ...(denoiser ? { denoiser } : {}), courses };
  }

  /** Puts the weights back and frees the programs and their state. */
  restore(): void {
    this.#programs.dispose();
    for (const [name, values] of this.#base) this.variables.set(name, this.variables.spec(name)!, values);
    const owned = [this.#rows.name, ...this.#trained.flatMap(({ name }) => [`first.${name}`, `second.${name}`])];
    for (const name of owned) if (this.variables.spec(name)) this.variables.delete(name);
  }

  /** Tells this adaptation from others of the same method. */
  get #name(): string {
    return [this.recipe.stream, ...this.groups.map(({ key }) => key)].join("/");
  }

  /** What an earlier start kept of this adaptation. */
  get #found(): UnfinishedWork | undefined {
    const found = this.options.resumption?.found;
    return (found?.state as AdaptationProgress | undefined)?.of === this.#name ? found : undefined;
  }

  get #weights(): Parameter[] {
    return this.networks.unet.parameters.trainable();
  }

  get #trained(): Parameter[] {
    return this.recipe.trainsDenoiser ? [this.#rows, ...this.#weights] : [this.#rows];
  }

  /**
   * Adapts as many groups as there are slots, each in the slot of its place.
   *
   * @param done units of earlier waves, to which those of this one are added
   * @returns whether it came to its end
   */
  async #wave(groups: readonly AdaptationGroup[], done: AdaptationUnit[]): Promise<boolean> {
    const { recipe, options } = this;
    const before = done.length;
    const courses = this.#coursesOf(groups);
    const units = courses.map(({ unit }) => unit);
    const begun = this.#resume(units, before);
    done.push(...units);
    if (units.every(({ isDone }) => isDone)) return true;
    await this.#begin(groups, begun > 0);
    for (let step = begun; units.some(({ isDone }) => !isDone); step++) {
      const stops = options.signal?.aborted === true;
      if (this.#hasNews && (stops || options.resumption?.isDue())) await this.#keep(done, step);
      if (stops) return false;
      await this.#step(
        courses.filter(({ unit }) => !unit.isDone),
        step,
      );
      this.#hasNews = true;
      await this.#finishEpochs(units, groups, step + 1);
      const slowest = Math.min(...units.map(({ isDone, epochs }) => (isDone ? 1 : epochs.length / recipe.maxEpochs)));
      this.#share = (before + slowest * groups.length) / this.groups.length;
      options.onProgress?.(this.#share);
    }
    return true;
  }

  /** One step of the courses that are not done. */
  async #step(learning: readonly Course[], step: number): Promise<void> {
    const { recipe } = this;
    const left = Math.max(...learning.map(({ unit }) => unit.mostSteps)) - step;
    await this.#programs.shrink(learning.length, left);
    const examples = learning.flatMap(({ pictures, stream, order }) => {
      const chosen = Array.from(order.at(step), (place) => pictures[place]!);
      return trainingExamples(chosen, recipe, stream, step);
    });
    const taken = new Set(learning.flatMap(({ unit }) => unit.members));
    const free = Array.from({ length: this.#slots }, (_, slot) => slot).find((slot) => !taken.has(slot)) ?? 0;
    const errors = await this.#programs.step(examples, free, step);
    learning.forEach(({ unit }, u) => {
      unit.add(errors.slice(u * recipe.examples, (u + 1) * recipe.examples));
    });
  }

  /** A course a group, or one for all with a trained denoiser. */
  #coursesOf(groups: readonly AdaptationGroup[]): Course[] {
    const { recipe } = this;
    const slots = groups.map((_, slot) => slot);
    return (recipe.trainsDenoiser ? [slots] : slots.map((slot) => [slot])).map((members) => {
      const pictures = members.flatMap((slot) => groups[slot]!.pictures.map((picture) => ({ slot, picture })));
      const stream = `${recipe.stream}/${recipe.trainsDenoiser ? "all" : groups[members[0]!]!.key}`;
      const order = new ExampleOrder(pictures.length, recipe.examples, recipe.seed, `${stream}/order`);
      const unit = new AdaptationUnit(members, Math.ceil(pictures.length / recipe.examples), recipe);
      return { unit, pictures, stream, order };
    });
  }

  /** Puts a wave's units where an earlier start left them. @returns the steps that the wave had then */
  #resume(units: readonly AdaptationUnit[], before: number): number {
    const found = this.#found;
    if (found === undefined) return 0;
    const progress = found.state as AdaptationProgress;
    units.forEach((unit, u) => {
      const course = progress.units[before + u];
      if (course === undefined) return;
      const rows = valuesBelow(found.values, `${rowPrefix}${String(before + u)}/`);
      const kept = unit.members.flatMap((_, i) => (rows.get(String(i)) as Float32Array | undefined) ?? []);
      const denoiser = valuesBelow(found.values, denoiserPrefix);
      unit.resume(course, kept, denoiser.size > 0 ? denoiser : undefined);
    });
    return before + units.length === progress.units.length ? progress.step : 0;
  }

  /** Keeps the adaptation between two steps. */
  async #keep(units: readonly AdaptationUnit[], step: number): Promise<void> {
    const values = await presentValues(this.variables, trainingStateNames(this.#trained, adamWDefaults));
    units.forEach(({ keptRows, keptDenoiser }, u) => {
      for (const [i, row] of keptRows.entries()) values.set(`${rowPrefix}${String(u)}/${String(i)}`, row);
      for (const [name, weights] of keptDenoiser ?? []) values.set(denoiserPrefix + name, weights);
    });
    const state: AdaptationProgress = {
      of: this.#name,
      units: units.map(({ progress }) => progress),
      step,
      groups: this.#programs.groups,
    };
    await this.options.resumption?.keep({ share: this.#share, state, values });
    this.#hasNews = false;
  }

  /** First values in the table and fresh moments, or those of an earlier start; programs compiled once. */
  async #begin(groups: readonly AdaptationGroup[], isBegun: boolean): Promise<void> {
    const { variables } = this;
    const [slots, width] = this.#rows.shape as [number, number];
    const table = new Float32Array(slots * width);
    groups.forEach(({ start }, slot) => {
      table.set(start, slot * width);
    });
    variables.set(this.#rows.name, this.#rows, table);
    await this.#programs.begin(groups.length, isBegun ? (this.#found!.state as AdaptationProgress).groups : undefined);
    resetMoments(variables, this.#trained, adamWDefaults);
    if (isBegun) putBack(variables, this.#found!);
  }

  async #finishEpochs(
    units: readonly AdaptationUnit[],
    groups: readonly AdaptationGroup[],
    steps: number,
  ): Promise<void> {
    const due = units.filter((unit) => !unit.isDone && steps % unit.stepsPerEpoch === 0);
    if (due.length === 0) return;
    const width = this.#rows.shape[1]!;
    const table = (await this.variables.get(this.#rows.name)) as Float32Array;
    const validation = await this.#validate(due, groups);
    for (const [u, unit] of due.entries()) {
      const losses = { training: unit.trainingLoss(), validation: validation[u]! };
      const where = `adaptation ${this.recipe.stream}/${unit.members.map((slot) => groups[slot]!.key).join("+")}`;
      for (const loss of Object.values(losses))
        if (!Number.isFinite(loss)) throw new NonFiniteError(where, unit.epochs.length + 1, loss);
      if (!unit.finishEpoch(losses)) continue;
      const rows = unit.members.map((slot) => table.slice(slot * width, (slot + 1) * width));
      unit.keep(rows, this.recipe.trainsDenoiser ? await this.#denoiser() : undefined);
    }
  }

  /** A copy of the denoiser's weights. */
  async #denoiser(): Promise<ReadonlyMap<string, Values>> {
    const weights = new Map<string, Values>();
    for (const { name } of this.#weights) weights.set(name, (await this.variables.get(name)).slice());
    return weights;
  }

  /** The mean loss of each unit over its validation pictures; those of all units share batches. */
  async #validate(units: readonly AdaptationUnit[], groups: readonly AdaptationGroup[]): Promise<number[]> {
    const each = units.map(({ members }) =>
      members.flatMap((slot) => validationExamples(groups[slot]!, slot, this.recipe)),
    );
    const errors = await this.#programs.validate(each.flat());
    let next = 0;
    return each.map(({ length }) => {
      const own = errors.slice(next, (next += length));
      return own.reduce((sum, error) => sum + error, 0) / length;
    });
  }
}
