/** The graphs of an adaptation: a step and a validation. */
import type { Backend, Program, Variables } from "../backends/backend.ts";
import { denoisingErrors } from "../diffusion/denoising-loss.ts";
import type { Graph } from "../graph/graph.ts";
import { trace } from "../graph/graph.ts";
import { affine } from "../graph/ops/elementwise.ts";
import { gather } from "../graph/ops/embedding.ts";
import { sum } from "../graph/ops/mean.ts";
import { sumTo } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { GappedTexts } from "../models/clip/pseudo-word.ts";
import { embedWithWords } from "../models/clip/pseudo-word.ts";
import type { ClipText } from "../models/clip/text.ts";
import type { Unet } from "../models/unet/unet.ts";
import { normal } from "../nn/initialisers.ts";
import type { Parameter } from "../nn/parameters.ts";
import { Parameters } from "../nn/parameters.ts";
import type { AdaptationRecipe } from "./adaptation-recipe.ts";
import { addOptimizerStep, adamWDefaults, prepareOptimizer } from "./optimizer.ts";

/** The networks that are adapted; their weights are in place. */
export interface AdaptationNetworks {
  readonly unet: Unet;
  readonly text: ClipText;
  /** [h, w, c] */
  readonly latentShape: readonly [number, number, number];
  /** Tokenises templates. */
  texts(templates: readonly string[]): GappedTexts;
}

/** Size and switches of a validation. */
export interface ValidationShape extends Pick<AdaptationRecipe, "learns"> {
  readonly batch: number;
}

/** Size and switches of a step. */
export interface StepShape extends ValidationShape, Pick<AdaptationRecipe, "weightDecay" | "examples"> {
  /** What the step changes: the rows, and perhaps the denoiser. */
  readonly trained: readonly Parameter[];
}

/** The learned rows as a parameter. */
export function rowsParameter(slots: number, width: number): Parameter {
  return new Parameters("adapted.").declare("rows", [slots, width], { layout: "table", init: normal(1) });
}

/**
 * Compiles a step, which minimises the mean error of each group (of all, when the denoiser is trained).
 * It gives `errors` [batch], the mean squared error of each example.
 */
export async function compileStep(
  backend: Backend,
  variables: Variables,
  networks: AdaptationNetworks,
  rows: Parameter,
  shape: StepShape,
): Promise<Program> {
  const settings = { ...adamWDefaults, weightDecay: shape.weightDecay };
  await prepareOptimizer(variables, shape.trained, settings);
  const graph = trace((g) => {
    const errors = errorsOf(g, networks, rows, shape);
    // Groups beside each other must not share a mean: each has the rate that it would have alone.
    const loss = affine(sum(errors), 1 / shape.examples);
    addOptimizerStep(g, loss, shape.trained, settings, ({ name }) => (name === rows.name ? "rowRate" : "rate"));
    return { errors };
  });
  return backend.compile(graph, variables, { label: "adaptation step" });
}

/** Compiles a validation, which gives the same `errors` [batch] and changes nothing. */
export function compileValidation(
  backend: Backend,
  variables: Variables,
  networks: AdaptationNetworks,
  rows: Parameter,
  shape: ValidationShape,
): Promise<Program> {
  const graph = trace((g) => ({ errors: errorsOf(g, networks, rows, shape) }));
  return backend.compile(graph, variables, { label: "adaptation validation" });
}

/** @returns [batch] */
function errorsOf(g: Graph, networks: AdaptationNetworks, rows: Parameter, { learns, batch }: ValidationShape): Tensor {
  const { latentShape, text } = networks;
  const chosen = gather(g.parameter(rows), g.input("slots", [batch], "u32"));
  const { maxPositions: tokens, hiddenSize: width } = text.config;
  const context =
    learns === "conditioning"
      ? reshape(chosen, [batch, tokens, width])
      : text.encode(
          embedWithWords(text, g.input("ids", [batch, tokens], "u32"), g.input("gaps", [batch, tokens]), chosen),
        );
  const errors = denoisingErrors(
    (sample, timestep, encoderHiddenStates) => networks.unet.forward({ sample, timestep, encoderHiddenStates }),
    {
      latents: g.input("latents", [batch, ...latentShape]),
      noise: g.input("noise", [batch, ...latentShape]),
      signal: g.input("signal", [batch]),
      spread: g.input("spread", [batch]),
      timesteps: g.input("timesteps", [batch], "u32"),
      context,
    },
  );
  const size = latentShape[0] * latentShape[1] * latentShape[2];
  return affine(reshape(sumTo(reshape(errors, [batch, size]), [batch, 1]), [batch]), 1 / size);
}
