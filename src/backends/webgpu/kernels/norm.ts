/** Lowering of normalisation. x is seen as [p, q, g, c]; see src/graph/ops/norm.ts. */
import { activationOf } from "../../../graph/ops/norm.ts";
import type { Node } from "../../../graph/tensor.ts";
import { flagOf, inputOf, numberOf, outputOf } from "../../../graph/tensor.ts";
import { defineLowering, lineGrid } from "../lowering.ts";
import type { Profile } from "../profile.ts";
import { gridOf } from "./bands.ts";

interface View {
  readonly p: number;
  readonly q: number;
  readonly g: number;
  readonly c: number;
  /** Each row has its own statistics: layer norm. */
  readonly rowwise: boolean;
}

function viewOf(node: Node): View {
  const [p, q, g, c] = ["p", "q", "g", "c"].map((key) => numberOf(node, key)) as [number, number, number, number];
  return { p, q, g, c, rowwise: q === 1 && g === 1 };
}

/** The uniform of lib/norm_view.wgsl, in its order. */
type NormSizes = Readonly<Record<"P" | "Q" | "G" | "GROUP_WIDTH" | "ROWS" | "BLOCKS", number>>;

/** How channels and rows are shared out: constants of lib/norm_view.wgsl and the grid. */
export interface NormGrid {
  readonly constants: Readonly<Record<string, number | boolean>>;
  readonly sizes: NormSizes;
  /** Blocks of rows over all images. */
  readonly blocks: number;
  readonly workgroups: readonly [number, number, number];
  /** The file's suffix: vectors of four channels or one by one. */
  readonly suffix: "" | "_any";
}

/**
 * Shares out x among invocations, each with a vector of channels and a block of rows.
 * @param rows the most rows of a block
 */
export function normGrid(view: View, rows: number, profile: Profile): NormGrid {
  const wide = (view.g * view.c) % 4 === 0;
  const columns = (view.g * view.c) / (wide ? 4 : 1);
  const lanesX = lanesAlong(columns);
  const lanesY = Math.max(1, (profile.name === "gpu" ? 64 : 8) / lanesX);
  const [images, length] = view.rowwise ? [1, view.p] : [view.p, view.q];
  const blocksPerImage = Math.ceil(length / rows);
  const blocks = images * blocksPerImage;
  const [x, y] = lineGrid(Math.ceil(blocks / lanesY));
  return {
    constants: { ROWWISE: view.rowwise, LANES_X: lanesX, LANES_Y: lanesY },
    sizes: { P: view.p, Q: view.q, G: view.g, GROUP_WIDTH: view.c, ROWS: rows, BLOCKS: blocksPerImage },
    blocks,
    workgroups: [Math.ceil(columns / lanesX), x, y],
    suffix: wide ? "" : "_any",
  };
}

/** Invocations along channels: a power of two up to 64 that leaves few of them idle. */
function lanesAlong(columns: number): number {
  const few = [64, 32, 16, 8].find((lanes) => Math.ceil(columns / lanes) * lanes <= 1.15 * columns);
  return few ?? Math.min(64, 2 ** Math.ceil(Math.log2(columns)));
}

/** Rows of a block where each element is computed by itself. */
function mapRows({ p, q, rowwise }: View, profile: Profile): number {
  return Math.min(rowwise ? p : q, profile.name === "gpu" ? 4 : 16);
}

/**
 * Rows of a block where a block gives one partial sum: enough blocks to keep every core busy, few enough to be cheap to add,
 * and never so long that a running sum loses digits.
 */
function sumRows({ p, q, g, c, rowwise }: View, profile: Profile): number {
  const [images, length] = rowwise ? [1, p] : [p, q];
  const invocations = profile.name === "gpu" ? 16384 : 512;
  const blocks = Math.min(Math.ceil(invocations / (images * Math.ceil((g * c) / 4))), 64);
  return Math.min(length, 1024, Math.max(Math.ceil(length / blocks), profile.name === "gpu" ? 8 : 16));
}

const activations = ["none", "relu", "silu"];

/** A grid of rows for the kernels that give a row to an invocation, or on GPUs to a workgroup. */
const rowGrid = (rows: number, profile: Profile): readonly [number, number, number] =>
  lineGrid(profile.name === "gpu" ? rows : Math.ceil(rows / 64));

const rowSuffix = (profile: Profile): "" | "_tiled" => (profile.name === "gpu" ? "_tiled" : "");

defineLowering("norm_statistics", (node, { profile, scratch, dispatch }) => {
  const view = viewOf(node);
  const x = inputOf(node, 0);
  const EPSILON = numberOf(node, "epsilon");
  if (view.rowwise) {
    dispatch({
      shader: `norm/norm_statistics_rows${rowSuffix(profile)}.wgsl`,
      constants: { EPSILON },
      sizes: { ROW_COUNT: view.p, C: view.c },
      bindings: [x, outputOf(node)],
      workgroups: rowGrid(view.p, profile),
    });
    return;
  }
  const { constants, sizes, blocks, workgroups, suffix } = normGrid(view, sumRows(view, profile), profile);
  const partials = scratch(blocks * 2 * view.g * view.c * 4, "partials");
  dispatch({ shader: `norm/norm_partials${suffix}.wgsl`, constants, sizes, bindings: [x, partials], workgroups });
  dispatch({
    shader: "norm/norm_merge.wgsl",
    constants: { EPSILON },
    sizes,
    bindings: [partials, outputOf(node)],
    workgroups: gridOf(view.p * view.g),
  });
});

defineLowering("norm_statistics_of", (node, { dispatch }) => {
  const channels = inputOf(node, 0).shape[0]!;
  dispatch({
    shader: "norm/norm_statistics_of.wgsl",
    constants: { EPSILON: numberOf(node, "epsilon") },
    sizes: { CHANNELS: channels },
    bindings: [inputOf(node, 0), inputOf(node, 1), outputOf(node)],
    workgroups: gridOf(channels),
  });
});

defineLowering("norm_moments", (node, { dispatch }) => {
  const channels = outputOf(node).shape[0]!;
  dispatch({
    shader: "norm/norm_moments.wgsl",
    constants: { EPSILON: numberOf(node, "epsilon") },
    sizes: { CHANNELS: channels, COUNT: numberOf(node, "count") },
    bindings: [inputOf(node, 0), outputOf(node, 0), outputOf(node, 1)],
    workgroups: gridOf(channels),
  });
});

defineLowering("norm", (node, { profile, dispatch }) => {
  const view = viewOf(node);
  const { constants, sizes, workgroups, suffix } = normGrid(view, mapRows(view, profile), profile);
  dispatch({
    shader: `norm/norm${suffix}.wgsl`,
    constants: { ...constants, ACTIVATION: activations.indexOf(activationOf(node)) },
    sizes,
    bindings: [...node.inputs, outputOf(node)],
    workgroups,
  });
});

defineLowering("norm_gradient_sums", (node, { profile, scratch, dispatch }) => {
  const view = viewOf(node);
  const { constants, sizes, blocks, workgroups, suffix } = normGrid(view, sumRows(view, profile), profile);
  const width = 2 * view.g * view.c;
  const whole = blocks === view.p;
  const partials = whole ? outputOf(node) : scratch(blocks * width * 4, "partials");
  dispatch({
    shader: `norm/norm_gradient_partials${suffix}.wgsl`,
    constants: { ...constants, ACTIVATION: activations.indexOf(activationOf(node)) },
    sizes,
    bindings: [...node.inputs, partials],
    workgroups,
  });
  if (whole) return;
  dispatch({
    shader: "norm/norm_sum_blocks.wgsl",
    constants: {},
    sizes: { P: view.p, BLOCKS: blocks / view.p, WIDTH: width },
    bindings: [partials, outputOf(node)],
    workgroups: gridOf(view.p * width),
  });
});

defineLowering("norm_means_of_sums", (node, { dispatch }) => {
  const { p, q, g, c } = viewOf(node);
  dispatch({
    shader: "norm/norm_means_of_sums.wgsl",
    constants: {},
    sizes: { P: p, Q: q, G: g, GROUP_WIDTH: c },
    bindings: [...node.inputs, outputOf(node)],
    workgroups: gridOf(p * g),
  });
});

defineLowering("norm_parameters_of_sums", (node, { dispatch }) => {
  const { p, g, c } = viewOf(node);
  dispatch({
    shader: "norm/norm_parameters_of_sums.wgsl",
    constants: {},
    sizes: { P: p, WIDTH: g * c },
    bindings: [...node.inputs, ...node.outputs],
    workgroups: lineGrid(Math.ceil((g * c) / 16)),
  });
});

defineLowering("norm_gradient_means", (node, { profile, dispatch }) => {
  const view = viewOf(node);
  dispatch({
    shader: `norm/norm_gradient_means_rows${rowSuffix(profile)}.wgsl`,
    constants: { ACTIVATION: activations.indexOf(activationOf(node)) },
    sizes: normGrid(view, 1, profile).sizes,
    bindings: [...node.inputs, outputOf(node)],
    workgroups: rowGrid(view.p, profile),
  });
});

defineLowering("norm_parameter_gradient", (node, { profile, scratch, dispatch }) => {
  const view = viewOf(node);
  const { constants, sizes, blocks, workgroups, suffix } = normGrid(view, sumRows(view, profile), profile);
  const partials = scratch(blocks * 2 * view.c * 4, "partials");
  dispatch({
    shader: `norm/norm_gradient_partials${suffix}.wgsl`,
    constants: { ...constants, ACTIVATION: activations.indexOf(activationOf(node)) },
    sizes,
    bindings: [...node.inputs, partials],
    workgroups,
  });
  dispatch({
    shader: "norm/norm_parameters_of_sums.wgsl",
    constants: {},
    sizes: { P: blocks, WIDTH: view.c },
    bindings: [partials, ...node.outputs],
    workgroups: lineGrid(Math.ceil(view.c / 16)),
  });
});

defineLowering("norm_input_gradient", (node, { profile, dispatch }) => {
  const view = viewOf(node);
  const { constants, sizes, workgroups, suffix } = normGrid(view, mapRows(view, profile), profile);
  const fixed = flagOf(node, "fixed");
  dispatch({
    shader: `norm/norm_input_gradient${suffix}.wgsl`,
    constants: { ...constants, ACTIVATION: activations.indexOf(activationOf(node)), FIXED: fixed },
    sizes,
    bindings: [...node.inputs.slice(0, 5), fixed ? null : inputOf(node, 5), outputOf(node)],
    workgroups,
  });
});
