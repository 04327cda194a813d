/** A backend that runs out of memory. */
import type { Program } from "../../src/backends/backend.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { OutOfMemoryError } from "../../src/errors.ts";

/** The reference, whose compilation number `failing`, counted from 0, finds no memory; `alive` are the programs not freed. */
export function brokenBackend(failing: number): { readonly backend: ReferenceBackend; readonly alive: Set<Program> } {
  const backend = new ReferenceBackend();
  const alive = new Set<Program>();
  const compile = backend.compile.bind(backend);
  let compiled = 0;
  backend.compile = async (...given) => {
    if (compiled++ === failing) throw new OutOfMemoryError("program", 2, 1);
    const program = await compile(...given);
    const dispose = program.dispose.bind(program);
    program.dispose = () => {
      alive.delete(program);
      dispose();
    };
    alive.add(program);
    return program;
  };
  return { backend, alive };
}
