/** The reference backend: every op in f64 with plain loops. It is slow and it is the definition. */
import { MissingError, ShapeError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { opOf } from "../../graph/op.ts";
import { prune } from "../../graph/passes/prune.ts";
import type { Node, Tensor } from "../../graph/tensor.ts";
import { elementCount, numberOf, sameShape, stringOf } from "../../graph/tensor.ts";
import type { Backend, MemoryReport, Program, Values, VariableSpec, Variables } from "../backend.ts";
import "./index.ts";
import type { Numbers } from "./ops.ts";
import { referenceOf } from "./ops.ts";

/** Variables in f64. */
class ReferenceVariables implements Variables {
  readonly values = new Map<string, { spec: VariableSpec; numbers: Numbers }>();

  names(): string[] {
    return [...this.values.keys()];
  }

  spec(name: string): VariableSpec | undefined {
    return this.values.get(name)?.spec;
  }

  set(name: string, spec: VariableSpec, values: Values): void {
    const known = this.values.get(name);
    if (known && !sameShape(known.spec.shape, spec.shape))
      throw new ShapeError(`variable ${name}`, known.spec.shape, spec.shape);
    if (values.length !== elementCount(spec.shape))
      throw new ShapeError(`variable ${name}: values`, spec.shape, [values.length]);
    this.values.set(name, { spec, numbers: numbersOf(values) });
  }

  get(name: string): Promise<Values> {
    return Promise.resolve(valuesOf(this.#find(name)));
  }

  delete(name: string): void {
    this.values.delete(name);
  }

  dispose(): void {
    this.values.clear();
  }

  #find(name: string): Numbers {
    const found = this.values.get(name);
    if (!found) throw new MissingError("variables", name);
    return found.numbers;
  }
}

class ReferenceProgram implements Program {
  readonly report: MemoryReport;
  readonly #nodes: readonly Node[];
  readonly #inputs = new Map<string, Numbers>();
  readonly #results = new Map<Tensor, Numbers>();

  constructor(
    readonly graph: Graph,
    readonly variables: ReferenceVariables,
  ) {
    this.#nodes = prune(graph);
    const bytes = this.#nodes
      .flatMap((node) => node.outputs)
      .reduce((sum, { shape }) => sum + 8 * elementCount(shape), 0);
    this.report = {
      parameters: 0,
      inputs: 0,
      outputs: 0,
      constants: 0,
      arena: bytes,
      arenaUnshared: bytes,
      total: bytes,
      checkpoint: "none",
      dispatches: this.#nodes.length,
    };
  }

  run(inputs: Readonly<Record<string, Values | number>> = {}): Promise<"done"> {
    for (const [name, value] of Object.entries(inputs)) {
      const tensor = this.graph.inputs.get(name);
      if (!tensor) return Promise.reject(new MissingError("program", `input ${name}`));
      const values = typeof value === "number" ? Float64Array.of(value) : value;
      if (values.length !== elementCount(tensor.shape))
        return Promise.reject(new ShapeError(`input ${name}`, tensor.shape, [values.length]));
      this.#inputs.set(name, tensor.dtype === "u32" ? Uint32Array.from(values) : Float64Array.from(values));
    }
    this.#results.clear();
    for (const node of this.#nodes) {
      this.#compute(node).forEach((numbers, index) => this.#results.set(node.outputs[index]!, numbers));
    }
    return Promise.resolve("done");
  }

  read(name: string): Promise<Values> {
    return Promise.resolve(valuesOf(this.readExact(name)));
  }

  /** An output in f64. */
  readExact(name: string): Numbers {
    const tensor = this.graph.outputs.get(name);
    const numbers = tensor && this.#results.get(tensor);
    if (!numbers) throw new MissingError("program", `output ${name}`);
    return numbers;
  }

  dispose(): void {
    this.#results.clear();
  }

  #compute(node: Node): readonly Numbers[] {
    const { shape } = node.outputs[0] ?? { shape: [] };
    switch (node.op) {
      case "input":
        return [this.#inputs.get(stringOf(node, "name")) ?? new Float64Array(elementCount(shape))];
      case "parameter": {
        const found = this.variables.values.get(stringOf(node, "name"));
        if (!found) throw new MissingError("variables", stringOf(node, "name"));
        return [found.numbers];
      }
      case "constant":
        return [Float64Array.from(node.attributes["values"] as Float32Array)];
      case "filled":
        return [new Float64Array(elementCount(shape)).fill(numberOf(node, "value"))];
    }
    const inputs = node.inputs.map((input) => this.#results.get(input)!);
    if (opOf(node)?.view) return [inputs[0]!];
    const reference = referenceOf(node.op);
    if (!reference) throw new MissingError("reference", `f64 loops for op ${node.op}`);
    return reference(node, inputs);
  }
}

const numbersOf = (values: Values): Numbers =>
  values instanceof Uint32Array ? Uint32Array.from(values) : Float64Array.from(values);
const valuesOf = (numbers: Numbers): Values =>
  numbers instanceof Uint32Array ? numbers.slice() : Float32Array.from(numbers);

/** @see Backend */
export class ReferenceBackend implements Backend {
  readonly name = "reference: f64 loops";

  variables(): Variables {
    return new ReferenceVariables();
  }

  plan(graph: Graph): { readonly report: MemoryReport } {
    return new ReferenceProgram(graph, new ReferenceVariables());
  }

  compile(graph: Graph, variables: Variables): Promise<Program & { readExact(name: string): Numbers }> {
    return Promise.resolve(new ReferenceProgram(graph, variables as ReferenceVariables));
  }

  dispose(): void {
    return;
  }
}
