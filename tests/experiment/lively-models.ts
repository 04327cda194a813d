/** The tiny networks on the f64 reference, with a denoiser through which gradients flow. */
import type { Backend, Variables } from "../../src/backends/backend.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { MissingError } from "../../src/errors.ts";
import { loadLabModels, type LabModels } from "../../src/experiment/lab-models.ts";
import { RandomStream } from "../../src/random.ts";
import { randomModels, tinyConfigs } from "./tiny-models.ts";

/** Networks with random weights. */
export async function livelyModels(): Promise<{ readonly backend: Backend; readonly models: LabModels }> {
  const files = await randomModels(tinyConfigs);
  const backend = new ReferenceBackend();
  const models = await loadLabModels(backend, (path) => {
    const bytes = files.get(path);
    return bytes ? Promise.resolve(bytes) : Promise.reject(new MissingError("models", path));
  });
  const { networks, variables } = models;
  // Fresh networks end their residual branches in zeros, behind which nothing is learned.
  for (const { name, shape, dtype } of networks.unet.parameters.list()) {
    const random = new RandomStream(3, name);
    const values = (await variables.get(name)).map((value) => value + 0.3 * (random.uniform() - 0.5));
    variables.set(name, { shape, dtype }, values);
  }
  return { backend, models };
}

/** The bytes of every variable by its name. */
export async function bytesOf(variables: Variables): Promise<ReadonlyMap<string, Buffer>> {
  const all = new Map<string, Buffer>();
  for (const name of variables.names()) {
    const { buffer, byteOffset, byteLength } = await variables.get(name);
    all.set(name, Buffer.from(buffer.slice(byteOffset, byteOffset + byteLength)));
  }
  return all;
}

/** Names whose bytes are not the same in both, those that are in one of them alone included. */
export function changedNames(before: ReadonlyMap<string, Buffer>, after: ReadonlyMap<string, Buffer>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => after.get(name)?.equals(before.get(name) ?? Buffer.of()) !== true);
}
