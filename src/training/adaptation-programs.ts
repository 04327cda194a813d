/** The programs of an adaptation at work: a step of the groups that still learn, and a validation. */
import type { Backend, Program, Variables } from "../backends/backend.ts";
import type { Parameter } from "../nn/parameters.ts";
import type { Example } from "./adaptation-examples.ts";
import { inputsOf } from "./adaptation-examples.ts";
import type { AdaptationNetworks } from "./adaptation-graph.ts";
import { compileStep, compileValidation } from "./adaptation-graph.ts";
import type { AdaptationRecipe } from "./adaptation-recipe.ts";

/** Validation examples at once: more are faster, and fewer leave few places empty where few groups end an epoch. */
const validationBatches = [48, 16] as const;
/** A step of fewer groups is hardly faster. */
const fewestGroups = 3;
/** For fewer steps a smaller program is not worth its compilation. */
const leastSteps = 24;

/** What is adapted, of what size. */
export interface AdaptationSizes {
  readonly rows: Parameter;
  /** What a step changes: the rows, and perhaps the denoiser. */
  readonly trained: readonly Parameter[];
  /** Groups that learn side by side at most: rows of the table. */
  readonly slots: number;
  /** Validation examples of all groups. */
  readonly validated: number;
}

/** Compiles what is asked for when it is, in the size that is needed then. */
export class AdaptationPrograms {
  #step: Program | undefined;
  readonly #validations = new Map<number, Program>();
  #groups = 0;

  constructor(
    private readonly backend: Backend,
    private readonly variables: Variables,
    private readonly networks: AdaptationNetworks,
    private readonly recipe: AdaptationRecipe,
    private readonly sizes: AdaptationSizes,
  ) {}

  /** How many groups a step takes; part of how far an adaptation is, for sums of other sizes may differ in the last bit. */
  get groups(): number {
    return this.#groups;
  }

  /**
   * Makes ready for the first steps of a wave.
   *
   * @param learning groups of the wave
   * @param groups how many a step takes, where an earlier start had come to that
   */
  async begin(learning: number, groups = this.#least(learning, this.sizes.slots)): Promise<void> {
    await this.#take(groups);
  }

  /** Goes on with a smaller step where half of the groups of the present one have ended. @param steps that are left at most */
  async shrink(learning: number, steps: number): Promise<void> {
    if (steps >= leastSteps) await this.#take(this.#least(learning, this.#groups));
  }

  /**
   * One step.
   *
   * @param examples `recipe.examples` of each group that learns
   * @param free a slot of none of them, where there is one
   * @param step counted from 0
   * @returns an error for each of them
   */
  async step(examples: readonly Example[], free: number, step: number): Promise<Float32Array> {
    const { examples: perStep, rate, denoiserRate, trainsDenoiser } = this.recipe;
    const scale = Math.sqrt(perStep);
    const rates = { rowRate: rate * scale, ...(trainsDenoiser ? { rate: denoiserRate * scale } : {}) };
    // What fills the batch up must move no row that still learns.
    const filled = filledTo(examples, this.#batch, free);
    return this.#run(this.#step!, filled, { ...rates, step: step + 1 }, examples.length);
  }

  /** An error for each of any number of examples. Changes nothing. */
  async validate(examples: readonly Example[]): Promise<number[]> {
    const { validated } = this.sizes;
    const [most, fewest] = validationBatches.map((size) => Math.min(size, validated)) as [number, number];
    const errors: number[] = [];
    while (errors.length < examples.length) {
      const left = examples.length - errors.length;
      const batch = left < most ? fewest : most;
      const part = examples.slice(errors.length, errors.length + batch);
      errors.push(...(await this.#run(await this.#validation(batch), filledTo(part, batch), {}, part.length)));
    }
    return errors;
  }

  dispose(): void {
    this.#step?.dispose();
    for (const validation of this.#validations.values()) validation.dispose();
  }

  async #validation(batch: number): Promise<Program> {
    const { backend, variables, networks, sizes, recipe } = this;
    const { learns } = recipe;
    const known = this.#validations.get(batch);
    if (known) return known;
    const compiled = await compileValidation(backend, variables, networks, sizes.rows, { learns, batch });
    this.#validations.set(batch, compiled);
    return compiled;
  }

  get #batch(): number {
    const { trainsDenoiser, examples } = this.recipe;
    return trainsDenoiser ? examples : this.#groups * examples;
  }

  /** The least of `most`, half of it and so on that holds so many groups. With a trained denoiser there is one size. */
  #least(learning: number, most: number): number {
    if (this.recipe.trainsDenoiser) return this.sizes.slots;
    let groups = most;
    for (let half = most; half >= Math.max(learning, fewestGroups); half = Math.ceil(half / 2)) {
      groups = half;
    }
    return groups;
  }

  async #take(groups: number): Promise<void> {
    if (this.#step && groups === this.#groups) return;
    this.#step?.dispose();
    this.#step = undefined;
    this.#groups = groups;
    const { rows, trained } = this.sizes;
    this.#step = await compileStep(this.backend, this.variables, this.networks, rows, {
      ...this.recipe,
      trained,
      batch: this.#batch,
    });
  }

  async #run(
    program: Program,
    examples: readonly Example[],
    scalars: Readonly<Record<string, number>>,
    count: number,
  ): Promise<Float32Array> {
    const texts = this.recipe.learns === "pseudo-word" ? this.networks.texts.bind(this.networks) : undefined;
    await program.run({ ...inputsOf(examples, texts), ...scalars });
    return ((await program.read("errors")) as Float32Array).subarray(0, count);
  }
}

/** Examples and as many copies of the last one, perhaps in another slot, as are missing. */
function filledTo(examples: readonly Example[], batch: number, slot = examples.at(-1)!.slot): readonly Example[] {
  const filler = { ...examples.at(-1)!, slot };
  return Array.from({ length: batch }, (_, i) => examples[i] ?? filler);
}
