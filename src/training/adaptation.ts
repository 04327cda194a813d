/** Fitting a diffusion model to groups of pictures: what it is told of each group, and perhaps the denoiser itself. */
import type { Backend, Program, Values, Variables } from "../backends/backend.ts";
import { NonFiniteError } from "../errors.ts";
import { drawNoise } from "../diffusion/denoising-loss.ts";
import { scaledLinearSchedule } from "../diffusion/schedule.ts";
import type { Parameter } from "../nn/parameters.ts";
import { RandomStream } from "../random.ts";
import type { AdaptationNetworks } from "./adaptation-graph.ts";
import { compileAdaptation, rowsParameter } from "./adaptation-graph.ts";
import { AdaptationUnit } from "./adaptation-unit.ts";
import type { Checkpoint, EpochLosses } from "./adaptation-unit.ts";
import { ExampleOrder } from "./order.ts";
import { resetMoments } from "./optimizer.ts";

/** Pictures that share what is learned. */
export interface AdaptationGroup {
  /** Names the group; part of its random streams. */
  readonly key: string;
  /** Each picture's latents [h · w · c], as it is and mirrored. */
  readonly pictures: readonly (readonly [Float32Array, Float32Array])[];
  /** Latents of pictures that decide when to stop. */
  readonly validation: readonly Float32Array[];
  /** The row's first values: [tokens · width] of a conditioning, [width] of a pseudo-word. */
  readonly start: Float32Array;
}

/** What is learned, how fast and how long. Defaults and their sources are the spec's. */
export interface AdaptationRecipe {
  /** `conditioning`: all that cross-attention sees. `pseudo-word`: one token's embedding within templates. */
  readonly learns: "conditioning" | "pseudo-word";
  /** Texts with a slot `{}`, for pseudo-words. */
  readonly templates: readonly string[];
  /** Whether all weights of the denoiser are trained too, shared by all groups. */
  readonly trainsDenoiser: boolean;
  /** The rate of rows for a batch of 1; grows with the square root of the batch. */
  readonly rate: number;
  /** The same for the denoiser. */
  readonly denoiserRate: number;
  readonly weightDecay: number;
  /** Pictures of a group in a step. With a trained denoiser: pictures of a step, of any group. */
  readonly examples: number;
  /** Groups that adapt side by side when the denoiser is frozen; decides speed and memory. */
  readonly atOnce: number;
  readonly maxEpochs: number;
  /** Epochs without a better validation loss before a group stops. */
  readonly patience: number;
  /** Which state is kept: of an epoch, or of the least loss. */
  readonly checkpoint: Checkpoint;
  /** Fixed draws of noise and timestep for each validation picture. */
  readonly draws: number;
  /** Names the random streams. */
  readonly stream: string;
  readonly seed: number;
}

/** How an adaptation goes. */
export interface AdaptationOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** What was learned. */
export interface Adaptation {
  /** One a group. */
  readonly rows: readonly Float32Array[];
  /** The denoiser's weights by variable name, where it was trained. */
  readonly denoiser?: ReadonlyMap<string, Values>;
  /** One a group, or one for all with a trained denoiser. */
  readonly courses: readonly { readonly kept: number; readonly epochs: readonly EpochLosses[] }[];
}

/** One example of a step or of a validation. */
interface Example {
  readonly group: number;
  /** Row of the table that it reads. */
  readonly slot: number;
  readonly latents: Float32Array;
  readonly template: string;
  readonly noise: Float32Array;
  readonly timestep: number;
  readonly signal: number;
  readonly spread: number;
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
    await run.restore();
  }
}

class AdaptationRun {
  readonly #schedule = scaledLinearSchedule();
  readonly #rows: Parameter;
  readonly #slots: number;
  readonly #batch: number;
  readonly #base = new Map<string, Values>();
  #programs: { readonly step: Program; readonly validation: Program } | undefined;

  constructor(
    private readonly backend: Backend,
    private readonly variables: Variables,
    private readonly networks: AdaptationNetworks,
    private readonly groups: readonly AdaptationGroup[],
    private readonly recipe: AdaptationRecipe,
    private readonly options: AdaptationOptions,
  ) {
    const { trainsDenoiser, atOnce, examples } = recipe;
    this.#slots = trainsDenoiser ? groups.length : Math.min(groups.length, atOnce);
    this.#batch = trainsDenoiser ? examples : this.#slots * examples;
    this.#rows = rowsParameter(this.#slots, groups[0]!.start.length);
  }

  async all(): Promise<Adaptation | undefined> {
    if (this.recipe.trainsDenoiser)
      for (const { name } of this.#weights) this.#base.set(name, await this.variables.get(name));
    const units: AdaptationUnit[] = [];
    for (let first = 0; first < this.groups.length; first += this.#slots) {
      const wave = this.groups.slice(first, first + this.#slots).map((_, i) => first + i);
      const adapted = await this.#wave(wave, first);
      if (adapted === undefined) return undefined;
      units.push(...adapted);
    }
    const rows = units.flatMap((unit) => unit.keptRows);
    const denoiser = units[0]!.keptDenoiser;
    const courses = units.map(({ keptEpoch, epochs }) => ({ kept: keptEpoch, epochs }));
    return { rows, ...(denoiser ? { denoiser } : {}), courses };
  }

  /** Puts the weights back and frees the programs and their state. */
  async restore(): Promise<void> {
    this.#programs?.step.dispose();
    this.#programs?.validation.dispose();
    for (const [name, values] of this.#base) this.variables.set(name, this.variables.spec(name)!, values);
    const owned = [this.#rows.name, ...this.#trained.flatMap(({ name }) => [`first.${name}`, `second.${name}`])];
    for (const name of owned) if (this.variables.spec(name)) this.variables.delete(name);
    await Promise.resolve();
  }

  get #weights(): Parameter[] {
    return this.networks.unet.parameters.trainable();
  }

  get #trained(): Parameter[] {
    return this.recipe.trainsDenoiser ? [this.#rows, ...this.#weights] : [this.#rows];
  }

  /** Adapts as many groups as there are slots. @param first the number of the wave's first group */
  async #wave(wave: readonly number[], first: number): Promise<AdaptationUnit[] | undefined> {
    const { recipe, groups } = this;
    await this.#begin(wave);
    const shares = recipe.trainsDenoiser ? [wave] : wave.map((group) => [group]);
    const units = shares.map((members) => {
      const pictures = members.reduce((sum, group) => sum + groups[group]!.pictures.length, 0);
      return new AdaptationUnit(members, Math.ceil(pictures / recipe.examples), recipe);
    });
    const orders = units.map(({ members }) => {
      const pictures = members.flatMap((group) =>
        groups[group]!.pictures.map((_, picture) => [group, picture] as const),
      );
      const stream = `${this.#streamOf(members)}/order`;
      return { pictures, order: new ExampleOrder(pictures.length, recipe.examples, recipe.seed, stream) };
    });
    for (let step = 0; units.some(({ isDone }) => !isDone); step++) {
      if (this.options.signal?.aborted) return undefined;
      const examples = units.flatMap(({ members }, u) => {
        const { pictures, order } = orders[u]!;
        const chosen = Array.from(order.at(step), (place) => pictures[place]!);
        return this.#drawn(members, chosen, step, first);
      });
      const errors = await this.#run("step", examples, step);
      units.forEach((unit, u) => {
        unit.add(errors.slice(u * recipe.examples, (u + 1) * recipe.examples));
      });
      await this.#finishEpochs(units, step + 1, first);
      const slowest = Math.min(...units.map(({ isDone, epochs }) => (isDone ? 1 : epochs.length / recipe.maxEpochs)));
      this.options.onProgress?.((first + slowest * wave.length) / groups.length);
    }
    return units;
  }

  /** First values in the table, fresh moments, programs compiled once. */
  async #begin(wave: readonly number[]): Promise<void> {
    const { recipe, groups, variables } = this;
    const [slots, width] = this.#rows.shape as [number, number];
    const table = new Float32Array(slots * width);
    for (let slot = 0; slot < slots; slot++)
      table.set(groups[wave[Math.min(slot, wave.length - 1)]!]!.start, slot * width);
    variables.set(this.#rows.name, this.#rows, table);
    this.#programs ??= await compileAdaptation(this.backend, variables, this.networks, this.#rows, {
      ...recipe,
      trained: this.#trained,
      batch: this.#batch,
      tokens: this.networks.text.config.maxPositions,
      latentShape: this.networks.latentShape,
    });
    const settings = {
      kind: "adamw",
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: recipe.weightDecay,
    } as const;
    resetMoments(variables, this.#trained, settings);
  }

  async #finishEpochs(units: readonly AdaptationUnit[], steps: number, first: number): Promise<void> {
    const { recipe } = this;
    const due = units.filter((unit) => !unit.isDone && steps % unit.stepsPerEpoch === 0);
    if (due.length === 0) return;
    const width = this.#rows.shape[1]!;
    const table = (await this.variables.get(this.#rows.name)) as Float32Array;
    for (const unit of due) {
      const epoch = unit.epochs.length + 1;
      const losses = { training: unit.trainingLoss(), validation: await this.#validate(unit, first) };
      for (const loss of Object.values(losses))
        if (!Number.isFinite(loss)) throw new NonFiniteError(`adaptation ${this.#streamOf(unit.members)}`, epoch, loss);
      if (!unit.finishEpoch(losses)) continue;
      const denoiser = new Map<string, Values>();
      if (recipe.trainsDenoiser)
        for (const { name } of this.#weights) denoiser.set(name, (await this.variables.get(name)).slice());
      const rows = unit.members.map((group) => table.slice((group - first) * width, (group - first + 1) * width));
      unit.keep(rows, recipe.trainsDenoiser ? denoiser : undefined);
    }
  }

  /** The mean loss over a unit's validation pictures, always with the same noise, timesteps and texts. */
  async #validate({ members }: AdaptationUnit, first: number): Promise<number> {
    const { recipe, groups } = this;
    const examples = members.flatMap((group) => {
      const { validation, key } = groups[group]!;
      const stream = `${recipe.stream}/${key}/validation`;
      const random = new RandomStream(recipe.seed, `${stream} texts`);
      const pictures = validation.flatMap((latents) => Array.from({ length: recipe.draws }, () => latents));
      return this.#noised(
        pictures.map((latents) => ({ group, latents })),
        stream,
        0,
        first,
        random,
      );
    });
    let sum = 0;
    for (let start = 0; start < examples.length; start += this.#batch) {
      const part = examples.slice(start, start + this.#batch);
      const errors = await this.#run("validation", part);
      for (let i = 0; i < part.length; i++) sum += errors[i]!;
    }
    return sum / examples.length;
  }

  #drawn(
    members: readonly number[],
    chosen: readonly (readonly [group: number, picture: number])[],
    step: number,
    first: number,
  ): Example[] {
    const stream = this.#streamOf(members);
    const random = new RandomStream(this.recipe.seed, `${stream}/texts/${String(step)}`);
    const pictures = chosen.map(([group, picture]) => {
      const [plain, mirrored] = this.groups[group]!.pictures[picture]!;
      return { group, latents: random.uniform() < 0.5 ? plain : mirrored };
    });
    return this.#noised(pictures, `${stream}/noise`, step, first, random);
  }

  #noised(
    pictures: readonly { readonly group: number; readonly latents: Float32Array }[],
    stream: string,
    step: number,
    first: number,
    random: RandomStream,
  ): Example[] {
    const { seed, templates } = this.recipe;
    const size = pictures[0]!.latents.length;
    const draw = drawNoise(this.#schedule, pictures.length, size, seed, stream, step);
    return pictures.map(({ group, latents }, i) => ({
      group,
      slot: group - first,
      latents,
      template: templates.length > 0 ? templates[Math.floor(random.uniform() * templates.length)]! : "",
      noise: draw.noise.subarray(i * size, (i + 1) * size),
      timestep: draw.timesteps[i]!,
      signal: draw.signal[i]!,
      spread: draw.spread[i]!,
    }));
  }

  #streamOf(members: readonly number[]): string {
    return `${this.recipe.stream}/${members.length === 1 ? this.groups[members[0]!]!.key : "all"}`;
  }

  /**
   * Runs a program on at most a batch of examples. A short one, of a wave that leaves slots free, is filled up in a free slot.
   * @returns an error for each of the batch
   */
  async #run(which: "step" | "validation", examples: readonly Example[], step?: number): Promise<Float32Array> {
    const { recipe } = this;
    const batch = this.#batch;
    const filler = { ...examples.at(-1)!, slot: this.#slots - 1 };
    const full = Array.from({ length: batch }, (_, i) => examples[i] ?? filler);
    const program = this.#programs![which];
    const scale = Math.sqrt(recipe.examples);
    const rates = {
      rowRate: recipe.rate * scale,
      ...(recipe.trainsDenoiser ? { rate: recipe.denoiserRate * scale } : {}),
    };
    await program.run({
      latents: joined(full.map(({ latents }) => latents)),
      noise: joined(full.map(({ noise }) => noise)),
      timesteps: Uint32Array.from(full, ({ timestep }) => timestep),
      signal: Float32Array.from(full, ({ signal }) => signal),
      spread: Float32Array.from(full, ({ spread }) => spread),
      slots: Uint32Array.from(full, ({ slot }) => slot),
      ...(recipe.learns === "pseudo-word" ? this.networks.texts(full.map(({ template }) => template)) : {}),
      ...(step === undefined ? {} : { ...rates, step: step + 1 }),
    });
    return (await program.read("errors")) as Float32Array;
  }
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}
