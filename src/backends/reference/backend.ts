/** The reference backend: every op in f64 with plain loops. It is slow and it is the definition. */
import { MissingError, ShapeError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { opOf } from "../../graph/op.ts";
import { prune } from "../../graph/passes/prune.ts";
import type { Node, Tensor } from "../../graph/tensor.ts";
import { elementCount, numberOf, sameShape, stringOf } from "../../graph/tensor.ts";
import type { Backend, MemoryReport, Program, RunOptions, Values, VariableSpec, Variables } from "../backend.ts";
import { checkValues, takeInputs } from "../values.ts";
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
    checkValues(`variable ${name}`, spec, values);
    const known = this.values.get(name);
    if (known && !(sameShape(known.spec.shape, spec.shape) && known.spec.dtype === spec.dtype))
      throw new ShapeError(`variable ${name}`, typeText(known.spec), typeText(spec));
    this.values.set(name, { spec, numbers: numbersOf(values) });
  }

  get(name: string): Promise<Values> {
    const found = this.values.get(name);
    return found ? Promise.resolve(valuesOf(found.numbers)) : Promise.reject(new MissingError("variables", name));
  }

  delete(name: string): void {
    this.values.delete(name);
  }

  dispose(): void {
    this.values.clear();
  }

  /** The values that a graph's parameter stands for. @throws MissingError, ShapeError */
  find({ node, shape, dtype }: Tensor): Numbers {
    const name = stringOf(node, "name");
    const found = this.values.get(name);
    if (!found) throw new MissingError("variables", name);
    if (!(sameShape(found.spec.shape, shape) && found.spec.dtype === dtype))
      throw new ShapeError(`variable ${name}`, typeText({ shape, dtype }), typeText(found.spec));
    return found.numbers;
  }
}

class ReferenceProgram implements Program {
  readonly report: MemoryReport;
  readonly #nodes: readonly Node[];
  readonly #inputs = new Map<Tensor, Numbers>();
  #isDisposed = false;
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

  /** This program, where its variables are what the graph asks for. @throws MissingError, ShapeError */
  checked(): this {
    for (const { op, outputs } of this.#nodes) if (op === "parameter") this.variables.find(outputs[0]!);
    return this;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- errors reject, as on a device
  async run(
    inputs: Readonly<Record<string, Values | number>> = {},
    { signal, budgetMilliseconds = Infinity, onProgress }: RunOptions = {},
  ): Promise<"done" | "cancelled"> {
    this.#check();
    for (const [tensor, values] of takeInputs(this.graph, inputs)) this.#inputs.set(tensor, numbersOf(values));
    // One submit: it stops before that or not at all.
    if (signal?.aborted === true || budgetMilliseconds <= 0) return "cancelled";
    this.#results.clear();
    for (const node of this.#nodes) {
      this.#compute(node).forEach((numbers, index) => this.#results.set(node.outputs[index]!, numbers));
    }
    onProgress?.(this.report.dispatches, this.report.dispatches);
    return "done";
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- errors reject, as on a device
  async read(name: string): Promise<Values> {
    return valuesOf(this.readExact(name));
  }

  /** An output in f64. */
  readExact(name: string): Numbers {
    this.#check();
    const tensor = this.graph.outputs.get(name);
    if (!tensor)
      throw new MissingError("program", `output ${name}`, `it has ${[...this.graph.outputs.keys()].join(", ")}`);
    const numbers = this.#results.get(tensor);
    if (!numbers) {
      const hint = this.#results.size > 0 ? "its graph named it after compiling" : "it has not run to its end yet";
      throw new MissingError("program", `output ${name}`, hint);
    }
    return numbers;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#results.clear();
  }

  #check(): void {
    if (this.#isDisposed) throw new MissingError("program", "its memory", "it was disposed of");
  }

  #compute(node: Node): readonly Numbers[] {
    const { shape } = node.outputs[0] ?? { shape: [] };
    switch (node.op) {
      case "input":
        return [this.#inputs.get(node.outputs[0]!) ?? zerosOf(node.outputs[0]!)];
      case "parameter":
        return [this.variables.find(node.outputs[0]!)];
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

const zerosOf = ({ shape, dtype }: Tensor): Numbers =>
  dtype === "u32" ? new Uint32Array(elementCount(shape)) : new Float64Array(elementCount(shape));
const typeText = ({ shape, dtype }: VariableSpec): string => `${dtype} [${shape.join(", ")}]`;
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

  // eslint-disable-next-line @typescript-eslint/require-await -- errors reject, as on a device
  async compile(graph: Graph, variables: Variables): Promise<Program & { readExact(name: string): Numbers }> {
    return new ReferenceProgram(graph, variables as ReferenceVariables).checked();
  }

  dispose(): void {
    return;
  }
}
