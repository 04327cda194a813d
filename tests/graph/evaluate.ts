/** Evaluates lists of nodes in f64, so that what a pass made of a graph can be held against the graph itself. */
import "../../src/backends/reference/index.ts";
import { unaryFunctions } from "../../src/backends/reference/elementwise.ts";
import type { Numbers } from "../../src/backends/reference/ops.ts";
import { referenceOf } from "../../src/backends/reference/ops.ts";
import type { UnaryKind } from "../../src/graph/ops/elementwise.ts";
import { opOf } from "../../src/graph/op.ts";
import type { Node, Tensor } from "../../src/graph/tensor.ts";
import { elementCount, flagOf, numberOf, stringOf } from "../../src/graph/tensor.ts";
import { normalValues } from "../engine/agree.ts";

/**
 * The values of all tensors; inputs and parameters are normal numbers that depend on their names alone.
 * Views share memory and nodes with an effect write into their inputs, as on a device.
 */
export function evaluate(nodes: readonly Node[]): Map<Tensor, Numbers> {
  const values = new Map<Tensor, Numbers>();
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => {
      const known = values.get(input);
      if (!known) throw new Error(`${node.op} reads what nothing made`);
      return known;
    });
    compute(node, inputs).forEach((numbers, index) => values.set(node.outputs[index]!, numbers));
  }
  return values;
}

function compute(node: Node, inputs: readonly Numbers[]): readonly Numbers[] {
  if (node.op === "input" || node.op === "parameter")
    return [Float64Array.from(normalValues(stringOf(node, "name"), elementCount(node.outputs[0]!.shape), 0.5))];
  if (node.op === "filled")
    return [new Float64Array(elementCount(node.outputs[0]!.shape)).fill(numberOf(node, "value"))];
  if (opOf(node)?.view) return [inputs[0]!];
  const loops = referenceOf(node.op)!;
  if (node.attributes["activation"] === undefined || node.op !== "matmul") return loops(node, inputs);
  const [product] = loops(node, inputs.slice(0, 2));
  const rest = inputs.slice(2);
  const bias = flagOf(node, "bias") ? rest.shift() : undefined;
  const residual = flagOf(node, "residual") ? rest.shift() : undefined;
  const activation = unaryFunctions[stringOf(node, "activation") as UnaryKind] as ((x: number) => number) | undefined;
  return [
    product!.map((value, index) => {
      const sum = value + (bias?.[index % bias.length] ?? 0) + (residual?.[index] ?? 0);
      return activation ? activation(sum) : sum;
    }),
  ];
}
