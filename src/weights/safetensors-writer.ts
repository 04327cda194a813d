import { FormatError } from "../errors.ts";
import { DTYPE_BYTES, type Dtype } from "./dtypes.ts";
import { byteLength } from "./safetensors.ts";

/** A tensor to write. */
export interface TensorData {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** little-endian elements */
  readonly bytes: Uint8Array;
}

/** A tensor whose bytes are made when their turn comes. */
export interface DeferredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** little-endian elements */
  bytes(): Uint8Array | Promise<Uint8Array>;
}

/**
 * A whole safetensors file in memory. Equal tensors give equal bytes, in any order of the map.
 *
 * @throws FormatError when a tensor's bytes are not as long as its shape says
 */
export const writeSafetensors = (
  tensors: ReadonlyMap<string, TensorData>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array => {
  const { header, order, dataBytes } = layOut(tensors, metadata);
  const file = new Uint8Array(header.length + dataBytes);
  file.set(header);
  let at = header.length;
  for (const [name, tensor] of order) {
    file.set(checkedBytes(name, tensor, tensor.bytes), at);
    at += tensor.bytes.length;
  }
  return file;
};

/**
 * A safetensors file in pieces, first the header and then one tensor a piece, for files larger than memory.
 *
 * @throws FormatError when a tensor's bytes are not as long as its shape says
 */
export async function* streamSafetensors(
  tensors: ReadonlyMap<string, DeferredTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): AsyncGenerator<Uint8Array, void, undefined> {
  const { header, order } = layOut(tensors, metadata);
  yield header;
  for (const [name, tensor] of order) yield checkedBytes(name, tensor, await tensor.bytes());
}

type Described = Pick<TensorData, "dtype" | "shape">;

const DTYPE_ORDER = Object.keys(DTYPE_BYTES);

/**
 * The header's bytes, and the tensors in the order of theirs, which is that of safetensors for Python:
 * widest dtype first, so that each is aligned.
 */
const layOut = <T extends Described>(tensors: ReadonlyMap<string, T>, metadata: ReadonlyMap<string, string>) => {
  const order = [...tensors].sort(
    ([aName, a], [bName, b]) => DTYPE_ORDER.indexOf(b.dtype) - DTYPE_ORDER.indexOf(a.dtype) || (aName < bName ? -1 : 1),
  );
  const members: string[] = [];
  const member = (key: string, value: unknown) => members.push(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
  if (metadata.size > 0) member("__metadata__", Object.fromEntries([...metadata].sort(([a], [b]) => (a < b ? -1 : 1))));
  let at = 0;
  for (const [name, { dtype, shape }] of order) {
    if (name === "__metadata__") throw new FormatError("writeSafetensors", "another tensor name", name);
    const end = at + byteLength(shape, dtype, name);
    member(name, { dtype, shape, data_offsets: [at, end] });
    at = end;
  }
  const json = new TextEncoder().encode(`{${members.join(",")}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + padded).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(json, 8);
  return { header, order, dataBytes: at };
};

const checkedBytes = (name: string, { dtype, shape }: Described, bytes: Uint8Array): Uint8Array => {
  const expected = byteLength(shape, dtype, name);
  if (bytes.length === expected) return bytes;
  throw new FormatError(`writeSafetensors: ${name}`, `${String(expected)} bytes`, String(bytes.length));
};
