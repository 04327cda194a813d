/** The order in which a training sees its examples: a permutation an epoch, computed from the step's number alone. */
import { RandomStream } from "../random.ts";

/** Batches of indices that depend only on (seed, stream, step), so that a resumed run sees what an unbroken one would. */
export class ExampleOrder {
  #epoch = -1;
  #permutation: Uint32Array = new Uint32Array(0);

  /**
   * @param count examples of an epoch
   * @param batch examples of a step; an epoch's rest begins the next epoch's first batch
   */
  constructor(
    readonly count: number,
    readonly batch: number,
    readonly seed: number,
    readonly stream: string,
  ) {}

  /** The indices of a step, counted from 0. */
  at(step: number): Uint32Array {
    const indices = new Uint32Array(this.batch);
    for (let i = 0; i < this.batch; i++) {
      const place = step * this.batch + i;
      const epoch = Math.floor(place / this.count);
      if (epoch !== this.#epoch) {
        this.#epoch = epoch;
        this.#permutation = new RandomStream(this.seed, `${this.stream}/epoch ${String(epoch)}`).permutation(
          this.count,
        );
      }
      indices[i] = this.#permutation[place % this.count]!;
    }
    return indices;
  }
}
