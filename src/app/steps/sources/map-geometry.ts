/** The method map: which boxes there are, where they lie, and which of them a method lights. */
import type { ExplainedMethod, PartState } from "../../content/methods.ts";

/** The boxes, from where things come from to the image. */
export const nodeIds = ["start", "prompt", "pool", "conditioning", "neighbours", "denoiser", "image"] as const;
export type NodeId = (typeof nodeIds)[number];

/** Where a box lies: stages follow the arrows, lanes lie beside each other. */
const places: Readonly<Record<NodeId, { readonly stage: number; readonly lanes: readonly [number, number] }>> = {
  start: { stage: 0, lanes: [0, 0] },
  prompt: { stage: 0, lanes: [1, 1] },
  pool: { stage: 0, lanes: [2, 2] },
  conditioning: { stage: 1, lanes: [1, 1] },
  neighbours: { stage: 1, lanes: [2, 2] },
  denoiser: { stage: 2, lanes: [0, 1] },
  image: { stage: 3, lanes: [0, 2] },
};

/** The arrows. */
export const edges: readonly (readonly [from: NodeId, to: NodeId])[] = [
  ["start", "denoiser"],
  ["prompt", "conditioning"],
  ["prompt", "neighbours"],
  ["pool", "neighbours"],
  ["conditioning", "denoiser"],
  ["denoiser", "image"],
  ["neighbours", "image"],
];

/** What a box does in a method: the parts as the method says, the others as follows from them. */
export function nodeState({ lit }: Pick<ExplainedMethod, "lit">, node: NodeId): PartState {
  if (node === "neighbours") return lit.pool;
  if (node === "image") return lit.pool === "unused" && lit.denoiser === "unused" ? "unused" : "fixed";
  return lit[node];
}

/** Whether a method sends anything along an arrow. */
export function edgeIsLit(method: Pick<ExplainedMethod, "lit">, [from, to]: (typeof edges)[number]): boolean {
  return nodeState(method, from) !== "unused" && nodeState(method, to) !== "unused";
}

/** `wide` reads from left to right, `tall` from top to bottom. */
export type MapShape = "wide" | "tall";

interface Sizes {
  readonly stage: number;
  readonly stageGap: number;
  readonly lane: number;
  readonly laneGap: number;
}

const sizes: Readonly<Record<MapShape, Sizes>> = {
  wide: { stage: 150, stageGap: 44, lane: 60, laneGap: 18 },
  tall: { stage: 58, stageGap: 26, lane: 98, laneGap: 8 },
};

/** A rectangle in the drawing's units. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a box is drawn. */
export function boxOf(node: NodeId, shape: MapShape): Box {
  const { stage, stageGap, lane, laneGap } = sizes[shape];
  const { stage: along, lanes } = places[node];
  const [start, across] = [along * (stage + stageGap), lanes[0] * (lane + laneGap)];
  const breadth = (lanes[1] - lanes[0] + 1) * (lane + laneGap) - laneGap;
  return shape === "wide"
    ? { x: start, y: across, width: stage, height: breadth }
    : { x: across, y: start, width: breadth, height: stage };
}

/** How large the whole drawing is. */
export function mapSize(shape: MapShape): { readonly width: number; readonly height: number } {
  const { x, y, width, height } = boxOf("image", shape);
  return { width: x + width, height: y + height };
}

/** Where an arrow begins and ends: straight on, as far as both boxes have the lane, and aslant otherwise. */
export function lineOf(
  [from, to]: (typeof edges)[number],
  shape: MapShape,
): readonly [x1: number, y1: number, x2: number, y2: number] {
  const [a, b] = [boxOf(from, shape), boxOf(to, shape)];
  const [across, along, breadth, length] =
    shape === "wide" ? (["y", "x", "height", "width"] as const) : (["x", "y", "width", "height"] as const);
  const middle = (box: Box): number => box[across] + box[breadth] / 2;
  const narrow = a[breadth] <= b[breadth] ? a : b;
  const overlap = a[across] < b[across] + b[breadth] && b[across] < a[across] + a[breadth];
  const [begin, end] = overlap ? [middle(narrow), middle(narrow)] : [middle(a), middle(b)];
  const [start, stop] = [a[along] + a[length], b[along]];
  return shape === "wide" ? [start, begin, stop, end] : [begin, start, end, stop];
}
