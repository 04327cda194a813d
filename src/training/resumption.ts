/** Work that is stopped before its end: where it is kept, and from where the next start goes on with it. */
import type { Values } from "../backends/backend.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { writeSafetensors } from "../weights/safetensors-writer.ts";

/** Work that is not done. */
export interface UnfinishedWork {
  /** Plain JSON of how far it is. */
  readonly state: unknown;
  /** The numbers that belong to it, by name. */
  readonly values: ReadonlyMap<string, Values>;
}

/** Lets work go on where an earlier start left it; what comes out is the same, bit for bit. */
export interface Resumption {
  /** What an earlier start kept of the same work. */
  readonly found: UnfinishedWork | undefined;
  /** Whether it is time to keep what is there, so that a kill does not cost all of it. */
  isDue(): boolean;
  /** Keeps how far the work is, in place of what was kept before. */
  keep(work: UnfinishedWork): Promise<void>;
}

/** Numbers by name as safetensors; shapes are the reader's own knowledge, so rows of numbers suffice. */
export function packValues(all: ReadonlyMap<string, Values>): Uint8Array {
  const tensors = [...all].map(([name, values]) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const dtype = values instanceof Uint32Array ? ("U32" as const) : ("F32" as const);
    return [name, { dtype, shape: [values.length], bytes }] as const;
  });
  return writeSafetensors(new Map(tensors));
}

/** What `packValues` packed. @param where names it in errors @throws FormatError when it is no such file */
export async function unpackValues(bytes: Uint8Array, where: string): Promise<ReadonlyMap<string, Values>> {
  const file = await openSafetensors(bytesSource(where, bytes));
  const all = new Map<string, Values>();
  for (const [name, { dtype }] of file.entries) {
    const raw = (await file.read(name)).slice().buffer;
    all.set(name, dtype === "U32" ? new Uint32Array(raw) : new Float32Array(raw));
  }
  return all;
}

/** The values whose names begin with a prefix, by the rest of their names. */
export function valuesBelow(values: ReadonlyMap<string, Values>, prefix: string): Map<string, Values> {
  return new Map(
    [...values].flatMap(([name, each]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), each]] : [])),
  );
}
