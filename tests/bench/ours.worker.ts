import type { Program } from "../../src/backends/backend.ts";
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { dispatchMicroseconds } from "./engine-costs.ts";
import { graphOf } from "./graphs.ts";
import type { Library, Prepared } from "./library.ts";
import { serve } from "./library.ts";
import { openDevice } from "./open-device.ts";

let backend: Promise<WebGpuBackend> | undefined;

const openBackend = (): Promise<WebGpuBackend> =>
  (backend ??= openDevice().then(({ device, adapter }) => new WebGpuBackend(device, adapter.info)));

const open = async (): Promise<Library> => {
  const backend = await openBackend();
  return {
    prepare: async (problem): Promise<Prepared> => {
      const { graph, inputs, parameters, output } = graphOf(problem);
      const variables = backend.variables();
      for (const [name, { shape, values }] of parameters) variables.set(name, { shape, dtype: "f32" }, values);
      const program = await backend.compile(graph, variables, { label: problem.kind });
      await program.run(inputs);
      return problem.kind === "step" ? preparedStep(program) : preparedOp(program, output);
    },
  };
};

const preparedOp = (program: Program, output: string): Prepared => ({
  run: async () => void (await program.run()),
  values: async () => (await program.read(output)) as Float32Array,
});

const preparedStep = async (program: Program): Promise<Prepared> => {
  const losses = [await lossOf(program)];
  await program.run();
  losses.push(await lossOf(program));
  return {
    run: async () => {
      await program.run();
      await lossOf(program);
    },
    values: () => Promise.resolve(Float32Array.from(losses)),
  };
};

const lossOf = async (program: Program): Promise<number> => (await program.read("loss"))[0]!;

serve(open, {
  adapter: async () => (await openBackend()).name.replace(/^webgpu: /, ""),
  dispatchMicroseconds: async () => dispatchMicroseconds(await openBackend()),
});
