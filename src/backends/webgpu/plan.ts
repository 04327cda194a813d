/** A plan: dispatches with every value's place in memory, made before anything is allocated. */
import { ConfigError, MissingError, OutOfMemoryError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Arena, Interval } from "../../graph/passes/arena.ts";
import { aligned, alignment, placeInArena } from "../../graph/passes/arena.ts";
import type { CheckpointLevel } from "../../graph/passes/checkpoint.ts";
import { checkpoint, checkpointLevels } from "../../graph/passes/checkpoint.ts";
import { fuse } from "../../graph/passes/fuse.ts";
import { prune } from "../../graph/passes/prune.ts";
import { separate } from "../../graph/passes/separate.ts";
import { changedBy, viewRoots } from "../../graph/passes/views.ts";
import { opOf } from "../../graph/op.ts";
import type { Node, Tensor } from "../../graph/tensor.ts";
import { elementBytes, elementCount, stringOf } from "../../graph/tensor.ts";
import type { CompileOptions, MemoryReport } from "../backend.ts";
import type { Dispatch, Operand, Scratch, Window } from "./lowering.ts";
import { loweringOf } from "./lowering.ts";
import type { Profile } from "./profile.ts";
import { sizesBytes } from "./sizes.ts";

/** Values that have a buffer of their own. */
export type Residence = "parameter" | "input" | "constant" | "output";

/** A value's memory. */
export type Home =
  | { readonly kind: "arena"; readonly chunk: number; readonly offset: number; readonly bytes: number }
  | { readonly kind: Residence; readonly tensor: Tensor; readonly bytes: number };

/** Everything that recording a program needs. */
export interface Plan {
  /** Of every run. */
  readonly dispatches: readonly Dispatch[];
  /** Of the first run, and of those before which their parameter was written. */
  readonly preparations: readonly Preparation[];
  /** Names of parameters that a run writes. */
  readonly written: ReadonlySet<string>;
  readonly arena: Arena;
  readonly homes: ReadonlyMap<Tensor | Scratch, Home>;
  readonly report: MemoryReport;
}

/** A dispatch whose result is kept from run to run. */
export interface Preparation extends Dispatch {
  /** The name of the parameter that decides what it writes. */
  readonly parameter: string;
}

/** The memory of a tensor's elements, rounded up to whole vectors. */
export const tensorBytes = (tensor: Tensor): number =>
  Math.ceil((elementCount(tensor.shape) * elementBytes(tensor.dtype)) / 16) * 16;

/** A binding's tensor or scratch. */
export function ownerOf(operand: Exclude<Operand, null>): Tensor | Scratch {
  return "of" in operand ? operand.of : operand;
}

/** The most bytes of results that are kept from run to run: no more than one convolution may take for its transforms. */
const preparedLimit = 64 << 20;

/** The most bytes of one buffer of the arena: larger ones are harder to find room for. */
const chunkBytes = 2 ** 29;

/**
 * Plans a graph for an adapter, with the lowest checkpointing level that fits the budget. Allocates nothing.
 * @throws OutOfMemoryError when no level fits, or a kernel would bind more than the adapter's limit
 */
export function plan(graph: Graph, profile: Profile, { budgetBytes = Infinity, label }: CompileOptions = {}): Plan {
  const levels = graph.firstBackward === Infinity ? (["none"] as const) : checkpointLevels;
  let smallest = Infinity;
  for (const level of levels) {
    // Preparing anew at each run takes less time than computing activations again.
    for (const keptBytes of [preparedLimit, 0]) {
      const candidate = planAt(graph, profile, level, keptBytes);
      smallest = Math.min(smallest, candidate.report.total);
      if (candidate.report.total <= budgetBytes) return candidate;
      if (candidate.preparations.length === 0) break;
    }
  }
  throw new OutOfMemoryError(label === undefined ? "plan" : `plan of ${label}`, smallest, budgetBytes);
}

function planAt(graph: Graph, profile: Profile, level: CheckpointLevel, keptBytes: number): Plan {
  const freshId = (): number => graph.freshId();
  // What only the backward pass read is no longer read where that computes it again.
  const pruned = prune(graph, checkpoint(prune(graph), graph.firstBackward, level, freshId));
  const roots = viewRoots(pruned);
  const nodes = separate(fuse(pruned, new Set(graph.outputs.values())), freshId);
  const lowered = lower(nodes, profile);
  const written = new Set(nodes.flatMap((node) => changedBy(node, roots)).flatMap(parameterName));
  const preparations = prepared(lowered, roots, written, keptBytes);
  const dispatches = lowered.filter((dispatch) => !preparations.has(dispatch));
  const residents = residentsOf(nodes, graph, roots);
  const { intervals, owners } = lifetimes(lowered, preparations, roots, residents);
  const arena = placeInArena(intervals, Math.min(profile.maxBufferBytes, chunkBytes));
  const homes = new Map<Tensor | Scratch, Home>();
  owners.forEach((owner, index) => {
    homes.set(owner, { kind: "arena", ...arena.placements[index]!, bytes: intervals[index]!.bytes });
  });
  for (const [tensor, kind] of residents) homes.set(tensor, { kind, tensor, bytes: tensorBytes(tensor) });
  for (const [tensor, root] of roots) {
    const home = homes.get(root);
    if (home) homes.set(tensor, home);
  }
  const bytes = { sizes: sizesBytes(lowered), arena, intervals, residents };
  return {
    ...{ dispatches, preparations: [...preparations.values()], written, arena, homes },
    report: reportOf(bytes, dispatches.length, level),
  };
}

function lower(nodes: readonly Node[], profile: Profile): Dispatch[] {
  const dispatches: Dispatch[] = [];
  for (const node of nodes) {
    if (opOf(node)?.view || node.op === "input" || node.op === "parameter" || node.op === "constant") continue;
    const lowering = loweringOf(node.op);
    if (!lowering) throw new MissingError("plan", `a WebGPU kernel for op ${node.op}`);
    lowering(node, {
      profile,
      scratch: (bytes, label) => ({ scratch: `${node.op}: ${label}`, bytes: Math.ceil(bytes / 16) * 16 }),
      dispatch: (dispatch) => {
        checkGrid(node, dispatch);
        checkBindings(node, dispatch, profile);
        dispatches.push(dispatch);
      },
    });
  }
  return dispatches;
}

const parameterName = (tensor: Tensor): string[] => (tensor.node.op === "parameter" ? [sourceName(tensor)] : []);

/** The dispatches that need not run each time, of parameters that no run writes, as many as there is memory for. */
function prepared(
  dispatches: readonly Dispatch[],
  roots: ReadonlyMap<Tensor, Tensor>,
  written: ReadonlySet<string>,
  keptBytes: number,
): Map<Dispatch, Preparation> {
  const found = new Map<Dispatch, Preparation>();
  let left = keptBytes;
  for (const dispatch of dispatches) {
    const [parameter] = dispatch.prepares ? parameterName(roots.get(dispatch.prepares) ?? dispatch.prepares) : [];
    if (parameter === undefined || written.has(parameter)) continue;
    const bytes = scratchOf(dispatch).reduce((sum, scratch) => sum + scratch.bytes, 0);
    if (bytes > left) continue;
    left -= bytes;
    found.set(dispatch, { ...dispatch, parameter });
  }
  return found;
}

/** The scratch that a dispatch binds. */
const scratchOf = ({ bindings }: Dispatch): Scratch[] =>
  bindings.flatMap((operand) => (operand && "scratch" in operand ? [operand] : []));

function checkGrid(node: Node, { shader, workgroups }: Dispatch): void {
  if (workgroups.some((size) => !Number.isInteger(size) || size < 1 || size > 65535)) {
    throw new ConfigError(`${node.op} (${shader}): workgroups`, "1 to 65535 each", workgroups.join(" × "));
  }
}

function checkBindings(node: Node, { shader, bindings }: Dispatch, { maxBindingBytes }: Profile): void {
  bindings.forEach((operand, index) => {
    if (!operand) return;
    const where = `${node.op} (${shader}): binding ${String(index)}`;
    const bytes = boundBytes(operand);
    if (bytes > maxBindingBytes) throw new OutOfMemoryError(where, bytes, maxBindingBytes);
    if (!("of" in operand)) return;
    const { of, offset } = operand;
    const whole = "scratch" in of ? of.bytes : tensorBytes(of);
    if (offset % alignment !== 0 || offset + bytes > whole)
      throw new RangeError(`${where}: ${String(bytes)} bytes at ${String(offset)} of ${String(whole)}`);
  });
}

/** Tensors with a buffer of their own: what outlives a run or comes from outside. */
function residentsOf(nodes: readonly Node[], graph: Graph, roots: ReadonlyMap<Tensor, Tensor>): Map<Tensor, Residence> {
  const residents = new Map<Tensor, Residence>();
  for (const node of nodes) {
    if (node.op === "input" || node.op === "parameter" || node.op === "constant")
      residents.set(node.outputs[0]!, node.op);
  }
  for (const tensor of graph.outputs.values()) {
    const root = roots.get(tensor) ?? tensor;
    if (!residents.has(root)) residents.set(root, "output");
  }
  return residents;
}

/** What is prepared lives on, through all runs. */
function lifetimes(
  dispatches: readonly Dispatch[],
  preparations: ReadonlyMap<Dispatch, Preparation>,
  roots: ReadonlyMap<Tensor, Tensor>,
  residents: ReadonlyMap<Tensor, Residence>,
): { intervals: Interval[]; owners: (Tensor | Scratch)[] } {
  const spans = new Map<Tensor | Scratch, { bytes: number; first: number; last: number }>();
  dispatches.forEach(({ bindings }, step) => {
    for (const operand of bindings) {
      if (!operand) continue;
      const owner = rootOf(ownerOf(operand), roots);
      if (!("scratch" in owner) && residents.has(owner)) continue;
      const span = spans.get(owner);
      if (span) span.last = step;
      else spans.set(owner, { bytes: "scratch" in owner ? owner.bytes : tensorBytes(owner), first: step, last: step });
    }
  });
  for (const scratch of [...preparations.keys()].flatMap(scratchOf)) {
    spans.set(scratch, { bytes: scratch.bytes, first: 0, last: dispatches.length - 1 });
  }
  return { intervals: [...spans.values()], owners: [...spans.keys()] };
}

/** The owner of the memory behind a tensor. */
export function rootOf(owner: Tensor | Scratch, roots: ReadonlyMap<Tensor, Tensor>): Tensor | Scratch {
  return "scratch" in owner ? owner : (roots.get(owner) ?? owner);
}

function reportOf(
  of: { sizes: number; arena: Arena; intervals: readonly Interval[]; residents: ReadonlyMap<Tensor, Residence> },
  dispatches: number,
  level: CheckpointLevel,
): MemoryReport {
  const bytes = { parameter: 0, input: 0, constant: of.sizes, output: 0 };
  for (const [tensor, kind] of of.residents) bytes[kind] += aligned(tensorBytes(tensor));
  const arenaBytes = of.arena.chunkBytes.reduce((total, chunk) => total + chunk, 0);
  return {
    parameters: bytes.parameter,
    inputs: bytes.input,
    outputs: bytes.output,
    constants: bytes.constant,
    arena: arenaBytes,
    arenaUnshared: of.intervals.reduce((total, interval) => total + aligned(interval.bytes), 0),
    total: arenaBytes + bytes.parameter + bytes.input + bytes.constant + bytes.output,
    checkpoint: level,
    dispatches,
  };
}

/** The name under which a source tensor is known outside. */
export const sourceName = (tensor: Tensor): string => stringOf(tensor.node, "name");

/** The bytes that an operand binds. */
export function boundBytes(operand: Tensor | Scratch | Window): number {
  return "shape" in operand ? tensorBytes(operand) : operand.bytes;
}
