import { FormatError, MissingError } from "../errors.ts";
import { readExactly, type ByteSource } from "./byte-source.ts";
import { DTYPE_BYTES, isDtype, toFloat32, type Dtype } from "./dtypes.ts";
import { parseStrictJson, type StrictJson } from "./strict-json.ts";

/** One tensor of a file, as its header says. */
export interface TensorEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** bytes, from the end of the header */
  readonly begin: number;
  readonly end: number;
}

/** An opened safetensors file: the header is checked, no tensor is read yet. */
export interface Safetensors {
  readonly name: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** by tensor name, in the order of their bytes */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /**
   * The raw little-endian bytes of one tensor.
   *
   * @throws MissingError when there is no such tensor
   */
  read(name: string): Promise<Uint8Array>;
  /**
   * One tensor as f32, whatever its dtype.
   *
   * @throws MissingError when there is no such tensor
   */
  readFloat32(name: string): Promise<Float32Array>;
}

/** The longest header that is read, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024 * 1024;
/** The most tensors of one file. */
export const MAX_TENSORS = 100_000;
const LENGTH_BYTES = 8;

/**
 * Opens a safetensors file without trusting it: before any tensor is read, the header is strict JSON of known dtypes,
 * every range is as long as its shape says, and together the ranges cover the rest of the file once.
 *
 * @throws FormatError when the file breaks a rule, or is a pickle (`.ckpt`, `.pt`, `.bin`), which is never opened
 *
 * huggingface/safetensors, "Format".
 */
export const openSafetensors = async (source: ByteSource): Promise<Safetensors> => {
  const headerBytes = await readHeaderLength(source);
  const raw = await readExactly(source, LENGTH_BYTES, headerBytes);
  const { metadata, entries } = parseHeader(raw, source);
  const dataStart = LENGTH_BYTES + headerBytes;
  checkRanges(entries, source.size - dataStart, source.name);
  const entryOf = (name: string): TensorEntry => {
    const entry = entries.get(name);
    if (entry === undefined) throw new MissingError(`checkpoint ${source.name}`, `tensor ${name}`);
    return entry;
  };
  const read = async (name: string): Promise<Uint8Array> => {
    const { begin, end } = entryOf(name);
    return readExactly(source, dataStart + begin, end - begin);
  };
  return {
    name: source.name,
    metadata,
    entries,
    read,
    readFloat32: async (name) => toFloat32(await read(name), entryOf(name).dtype),
  };
};

const PICKLE_NAME = /\.(ckpt|pt|pth|bin|pkl|pickle)$/i;
/** One line of Python that turns a pickled checkpoint into a safetensors file without running the code in it. */
export const PICKLE_CONVERSION =
  `python -c "import sys, torch, safetensors.torch as s; w = torch.load(sys.argv[1], 'cpu', weights_only=True); ` +
  `w = w.get('state_dict', w); s.save_file({k: v.clone().contiguous() for k, v in w.items() if torch.is_tensor(v)}, ` +
  `sys.argv[2])" in.ckpt out.safetensors`;

const readHeaderLength = async (source: ByteSource): Promise<number> => {
  const where = `checkpoint ${source.name}`;
  const refusePickle = (): never => {
    throw new FormatError(where, "a safetensors file", `a pickle; convert it first: ${PICKLE_CONVERSION}`);
  };
  if (PICKLE_NAME.test(source.name)) refusePickle();
  if (source.size < LENGTH_BYTES) throw new FormatError(where, "at least 8 bytes", String(source.size));
  const start = await readExactly(source, 0, LENGTH_BYTES);
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  const limit = Math.min(MAX_HEADER_BYTES, source.size - LENGTH_BYTES);
  if (length > BigInt(limit)) {
    const isZip = start[0] === 0x50 && start[1] === 0x4b;
    const isPickle = start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5;
    if (isZip || isPickle) refusePickle();
    throw new FormatError(`${where}: header`, `at most ${String(limit)} bytes`, String(length));
  }
  return Number(length);
};

const parseHeader = (raw: Uint8Array, source: ByteSource) => {
  const where = `checkpoint ${source.name}: header`;
  const header = parseStrictJson(decodeUtf8(raw, where), where);
  if (raw[0] !== 0x7b || !(header instanceof Map)) {
    throw new FormatError(where, "an object from its first byte", `byte ${String(raw[0])}`);
  }
  const metadata = parseMetadata(header.get("__metadata__"), where);
  header.delete("__metadata__");
  if (header.size > MAX_TENSORS) {
    throw new FormatError(where, `at most ${String(MAX_TENSORS)} tensors`, String(header.size));
  }
  const parsed = Array.from(
    header,
    ([name, value]) => [name, parseEntry(value, `${where}: ${name.slice(0, 200)}`)] as const,
  );
  parsed.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  return { metadata, entries: new Map(parsed) };
};

/** A value from a header as an error shows it; a hostile one can be megabytes. */
const brief = (value: StrictJson | undefined): string => {
  const text = value instanceof Map ? "an object" : JSON.stringify(value ?? null);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

const decodeUtf8 = (raw: Uint8Array, where: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw new FormatError(where, "UTF-8", "other bytes");
  }
};

const parseMetadata = (value: StrictJson | undefined, where: string): Map<string, string> => {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  if (!(value instanceof Map)) throw new FormatError(`${where}: __metadata__`, "an object", brief(value));
  for (const [key, text] of value) {
    if (typeof text !== "string") {
      throw new FormatError(`${where}: __metadata__: ${key}`, "a string", brief(text));
    }
    metadata.set(key, text);
  }
  return metadata;
};

const FIELDS = ["dtype", "shape", "data_offsets"];

const parseEntry = (value: StrictJson, where: string): TensorEntry => {
  if (!(value instanceof Map)) throw new FormatError(where, "an object", brief(value));
  const fields = [...value.keys()];
  if (fields.length !== FIELDS.length || !FIELDS.every((field) => value.has(field))) {
    throw new FormatError(where, `the fields ${FIELDS.join(", ")}`, brief(fields));
  }
  const dtype = value.get("dtype")!;
  if (!isDtype(dtype)) {
    throw new FormatError(`${where}: dtype`, Object.keys(DTYPE_BYTES).join(", "), brief(dtype));
  }
  const shape = parseSizes(value.get("shape")!, `${where}: shape`);
  const offsets = parseSizes(value.get("data_offsets")!, `${where}: data_offsets`);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length > 2 || begin > end) {
    throw new FormatError(`${where}: data_offsets`, "[begin, end] with begin ≤ end", brief(offsets));
  }
  const sizeBytes = byteLength(shape, dtype, where);
  if (end - begin !== sizeBytes) {
    throw new FormatError(where, `${String(sizeBytes)} bytes for ${dtype} ${brief([...shape])}`, String(end - begin));
  }
  return { dtype, shape, begin, end };
};

const parseSizes = (value: StrictJson, where: string): number[] => {
  const isSize = (item: StrictJson): item is number => Number.isSafeInteger(item) && (item as number) >= 0;
  if (!Array.isArray(value) || !value.every(isSize)) {
    throw new FormatError(where, "a list of integers from 0 up", brief(value));
  }
  return value;
};

/**
 * Π shape × bytes of the dtype.
 *
 * @throws FormatError when the product, in any order of its factors, is no safe integer
 */
export const byteLength = (shape: readonly number[], dtype: Dtype, where: string): number => {
  let bytes: number = DTYPE_BYTES[dtype];
  let product = bytes;
  for (const size of shape) {
    // A zero must not hide an overflow among the other sizes.
    product *= Math.max(size, 1);
    bytes *= size;
    if (!Number.isSafeInteger(product)) {
      throw new FormatError(`${where}: shape`, "fewer than 2^53 bytes", brief([...shape]));
    }
  }
  return bytes;
};

const checkRanges = (entries: ReadonlyMap<string, TensorEntry>, dataBytes: number, source: string): void => {
  let at = 0;
  for (const [name, { begin, end }] of entries) {
    if (begin !== at) {
      const what = begin < at ? "overlap" : "gap";
      const where = `checkpoint ${source}: header: ${name}: data_offsets`;
      throw new FormatError(where, `a start at ${String(at)}`, `${String(begin)} (${what})`);
    }
    at = end;
  }
  if (at !== dataBytes) {
    throw new FormatError(`checkpoint ${source}`, `${String(at)} bytes of tensors`, String(dataBytes));
  }
};
