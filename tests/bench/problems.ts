/** What the bench measures: the same problems for every library, small enough for an adapter without a GPU. */

/** A matrix product of two square matrices. */
export interface ProductProblem {
  readonly kind: "product";
  readonly size: number;
}

/** A 3×3 convolution of stride 1 over one padded image, or one of its two gradients. */
export interface ConvolutionProblem {
  readonly kind: "convolution";
  readonly pass: "forward" | "dx" | "dw";
  readonly side: number;
  readonly channels: number;
}

/** Self-attention of one sequence. */
export interface AttentionProblem {
  readonly kind: "attention";
  readonly tokens: number;
  readonly headSize: number;
  readonly heads: number;
}

/** Group normalisation followed by SiLU. */
export interface NormProblem {
  readonly kind: "norm";
  readonly images: number;
  readonly side: number;
  readonly channels: number;
  readonly groups: number;
}

/** Forward, backward and the optimizer's step of a small network. */
export interface StepProblem {
  readonly kind: "step";
  readonly net: "resnet" | "unet";
  readonly batch: number;
}

/** One problem. */
export type Problem = ProductProblem | ConvolutionProblem | AttentionProblem | NormProblem | StepProblem;

/** A row of the table. */
export interface Row {
  readonly name: string;
  readonly problem: Problem;
  /** How many times faster than the best peer it should be on a software adapter. */
  readonly goal: number;
  /** The largest difference from f64, relative to the largest value. */
  readonly tolerance: number;
}

const convolution = (pass: ConvolutionProblem["pass"]): ConvolutionProblem => ({
  kind: "convolution",
  pass,
  side: 32,
  channels: 64,
});

/** All rows. Winograd transforms lose a digit, and losses after a step feel every gradient, hence the tolerances. */
export const rows: readonly Row[] = [
  { name: "matmul 256", problem: { kind: "product", size: 256 }, goal: 1.5, tolerance: 1e-5 },
  { name: "matmul 512", problem: { kind: "product", size: 512 }, goal: 1.5, tolerance: 1e-5 },
  { name: "conv 3×3 64→64 @32²", problem: convolution("forward"), goal: 3, tolerance: 1e-4 },
  { name: "conv 3×3 64→64 @32², dX", problem: convolution("dx"), goal: 3, tolerance: 1e-4 },
  { name: "conv 3×3 64→64 @32², dW", problem: convolution("dw"), goal: 4, tolerance: 1e-4 },
  {
    name: "attention 256×40×8",
    problem: { kind: "attention", tokens: 256, headSize: 40, heads: 8 },
    goal: 2,
    tolerance: 1e-5,
  },
  {
    name: "group norm + SiLU",
    problem: { kind: "norm", images: 4, side: 32, channels: 64, groups: 16 },
    goal: 1,
    tolerance: 1e-5,
  },
  { name: "ResNet step, 32 px, batch 8", problem: { kind: "step", net: "resnet", batch: 8 }, goal: 3, tolerance: 1e-3 },
  { name: "mini U-Net step, 8², batch 8", problem: { kind: "step", net: "unet", batch: 8 }, goal: 1, tolerance: 1e-3 },
];

/** The tensors that a problem of one op is given, in the engine's layouts. */
export const inputShapes = (problem: Exclude<Problem, StepProblem>): Readonly<Record<string, readonly number[]>> => {
  switch (problem.kind) {
    case "product":
      return { a: [problem.size, problem.size], b: [problem.size, problem.size] };
    case "convolution": {
      const { side, channels } = problem;
      const image = [1, side, side, channels];
      const weight = [3, 3, channels, channels];
      return { x: image, weight, dy: image };
    }
    case "attention": {
      const tokens = [1, problem.tokens, problem.heads * problem.headSize];
      return { q: tokens, k: tokens, v: tokens };
    }
    case "norm":
      return {
        x: [problem.images, problem.side, problem.side, problem.channels],
        weight: [problem.channels],
        bias: [problem.channels],
      };
  }
};

/** Added to the variance by every norm of the bench. */
export const EPSILON = 1e-5;
