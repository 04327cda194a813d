import { networkInputs } from "./networks.ts";
import type { StepProblem } from "./problems.ts";
import { normalValues } from "./values.ts";

/** What a weight is, which decides its first values. */
export type WeightKind = "conv" | "linear" | "scale" | "shift";

/**
 * A weight's first values: the same in every library.
 *
 * @param shape [kh, kw, ci, co] of a convolution, [in, out] of a linear layer, [c] of scales and shifts
 */
export const firstValues = (name: string, shape: readonly number[], kind: WeightKind): Float32Array => {
  switch (kind) {
    case "conv":
      return normalValues(name, shape, Math.sqrt(2 / (shape[0]! * shape[1]! * shape[2]!)));
    case "linear":
      return normalValues(name, shape, Math.sqrt(1 / shape[0]!));
    case "scale":
      return normalValues(name, shape, 0.1).map((value) => 1 + value);
    case "shift":
      return normalValues(name, shape, 0.1);
  }
};

/** The batch that every step of the bench trains on, by input's name, in the engine's layout. */
export const batchOf = ({ net, batch }: StepProblem): ReadonlyMap<string, { shape: number[]; values: Float32Array }> =>
  new Map(
    Object.entries<readonly number[]>(networkInputs[net]).map(([name, sizes]) => {
      const shape = [batch, ...sizes];
      return [name, { shape, values: name === "labels" ? oneHot(batch, sizes[0]!) : normalValues(name, shape) }];
    }),
  );

const oneHot = (rows: number, classes: number): Float32Array =>
  Float32Array.from({ length: rows * classes }, (_, i) =>
    Number(i % classes === labelOf(Math.floor(i / classes), classes)),
  );

/** The class of a batch's image. */
export const labelOf = (index: number, classes: number): number => (3 * index + 1) % classes;
