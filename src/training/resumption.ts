/** Work that is stopped before its end: where it is kept, and from where the next start goes on with it. */
import type { Values, Variables } from "../backends/backend.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { openSafetensors, type Safetensors } from "../weights/safetensors.ts";
import { writeSafetensors } from "../weights/safetensors-writer.ts";

/** Work that is not done. */
export interface UnfinishedWork {
  /** How much of it is done, 0 to 1. */
  readonly share: number;
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

/** What is changed at every step has this before its name. */
const nowPrefix = "now/";

/** Variables as they are between two steps, to be kept. */
export async function presentValues(variables: Variables, names: readonly string[]): Promise<Map<string, Values>> {
  const values = new Map<string, Values>();
  for (const name of names) values.set(nowPrefix + name, await variables.get(name));
  return values;
}

/** Puts variables where `presentValues` found them. */
export function putBack(variables: Variables, { values }: UnfinishedWork): void {
  for (const [name, kept] of valuesBelow(values, nowPrefix)) variables.set(name, variables.spec(name)!, kept);
}

/** Numbers by name as safetensors; shapes are the reader's own knowledge, so rows of numbers suffice. */
export function packValues(all: ReadonlyMap<string, Values>, metadata?: ReadonlyMap<string, string>): Uint8Array {
  const tensors = [...all].map(([name, values]) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const dtype = values instanceof Uint32Array ? ("U32" as const) : ("F32" as const);
    return [name, { dtype, shape: [values.length], bytes }] as const;
  });
  return writeSafetensors(new Map(tensors), metadata);
}

/** What `packValues` packed. @param where names it in errors @throws FormatError when it is no such file */
export async function unpackValues(bytes: Uint8Array, where: string): Promise<ReadonlyMap<string, Values>> {
  return valuesOf(await openSafetensors(bytesSource(where, bytes)));
}

async function valuesOf(file: Safetensors): Promise<ReadonlyMap<string, Values>> {
  const all = new Map<string, Values>();
  for (const [name, { dtype }] of file.entries) {
    const raw = (await file.read(name)).slice().buffer;
    all.set(name, dtype === "U32" ? new Uint32Array(raw) : new Float32Array(raw));
  }
  return all;
}

/** Unfinished work as one file. @param about plain JSON that is kept beside it */
export function packWork({ share, state, values }: UnfinishedWork, about: unknown): Uint8Array {
  return packValues(values, new Map([["work", JSON.stringify({ share, state, about })]]));
}

/** What `packWork` packed. @param where names it in errors @throws FormatError when it is no such file */
export async function unpackWork(
  bytes: Uint8Array,
  where: string,
): Promise<{ readonly work: UnfinishedWork; readonly about: unknown }> {
  const file = await openSafetensors(bytesSource(where, bytes));
  const text = file.metadata.get("work") ?? "{}";
  const { about, ...how } = JSON.parse(text) as Omit<UnfinishedWork, "values"> & { readonly about: unknown };
  return { work: { ...how, values: await valuesOf(file) }, about };
}

/** The values whose names begin with a prefix, by the rest of their names. */
export function valuesBelow(values: ReadonlyMap<string, Values>, prefix: string): Map<string, Values> {
  const below = [...values].filter(([name]) => name.startsWith(prefix));
  return new Map(below.map(([name, each]) => [name.slice(prefix.length), each]));
}
