import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { graphOf } from "./graphs.ts";
import type { Problem } from "./problems.ts";

/** A problem's result by f64 loops: the output, or the losses of the first two training steps. */
export const expectedValues = async (problem: Problem): Promise<Float32Array> => {
  const backend = new ReferenceBackend();
  const { graph, inputs, parameters, output } = graphOf(problem);
  const variables = backend.variables();
  for (const [name, { shape, values }] of parameters) variables.set(name, { shape, dtype: "f32" }, values);
  const program = await backend.compile(graph, variables);
  await program.run(inputs);
  const first = (await program.read(output)) as Float32Array;
  if (problem.kind !== "step") return first;
  await program.run();
  return Float32Array.of(first[0]!, (await program.read(output))[0]!);
};
