import { FormatError } from "../../errors.ts";
import { f16ToFloat32 } from "../../half.ts";
import { viewOf } from "../bytes.ts";

/** A matrix from a NumPy file. */
export interface NpyMatrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly values: Float32Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Bytes an element of the dtypes that are read. */
const ELEMENT_BYTES = { "<f2": 2, "<f4": 4, "<f8": 8 } as const;
type NpyDtype = keyof typeof ELEMENT_BYTES;
/** NumPy's own bound on the headers that it reads is 10,000. */
const MAX_HEADER_BYTES = 10_000;

/**
 * A 2-D array of little-endian floats, row after row, from a `.npy` file of version 1 or 2; f8 is rounded to f32.
 * That the values are finite is not checked.
 *
 * @param where names the file in the error
 * @returns values in memory of their own, allocated once the file is known to hold them
 * @throws FormatError when the file is anything else, or is longer or shorter than its header says
 *
 * NumPy 2, `numpy.lib.format`.
 */
export const readNpy = (bytes: Uint8Array, where: string): NpyMatrix => {
  const { header, dataStart } = headerText(bytes, where);
  const { dtype, rows, columns } = parseHeader(header, `${where}: header`);
  const data = bytes.subarray(dataStart);
  const sizeBytes = rows * columns * ELEMENT_BYTES[dtype];
  // Checked without trusting the product: it may have been rounded.
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes !== data.length) {
    const expected = `${String(sizeBytes)} bytes for ${dtype} [${String(rows)}, ${String(columns)}]`;
    throw new FormatError(where, expected, String(data.length));
  }
  return { rows, columns, values: toFloat32(data, dtype) };
};

const headerText = (bytes: Uint8Array, where: string): { header: string; dataStart: number } => {
  const hasMagic = MAGIC.every((byte, i) => bytes[i] === byte);
  if (!hasMagic) throw new FormatError(where, "a .npy file", bytes.length === 0 ? "an empty file" : "another format");
  const view = viewOf(bytes);
  const version = `${String(bytes[6])}.${String(bytes[7])}`;
  if (version !== "1.0" && version !== "2.0") throw new FormatError(where, "version 1.0 or 2.0", version);
  const start = version === "1.0" ? 10 : 12;
  if (bytes.length < start) throw new FormatError(where, `at least ${String(start)} bytes`, String(bytes.length));
  const length = version === "1.0" ? view.getUint16(8, true) : view.getUint32(8, true);
  const limit = Math.min(MAX_HEADER_BYTES, bytes.length - start);
  if (length > limit) throw new FormatError(`${where}: header`, `at most ${String(limit)} bytes`, String(length));
  const dataStart = start + length;
  return { header: String.fromCharCode(...bytes.subarray(start, dataStart)), dataStart };
};

/** One `'key': value,` of the dictionary; the comma may be left out before the end. */
const MEMBER = / *'(descr|fortran_order|shape)' *: *('[^']*'|True|False|\([0-9, ]*\)) *(?:,|(?=\}))/y;
const SHAPE = /^\( *(\d+) *, *(\d+) *,? *\)$/;

const parseHeader = (header: string, where: string): { dtype: NpyDtype; rows: number; columns: number } => {
  const members = parseDictionary(header, where);
  const member = (key: string): string => {
    const value = members.get(key);
    if (value === undefined) throw new FormatError(where, "descr, fortran_order and shape", [...members.keys()].join());
    return value;
  };
  const dtype = member("descr").slice(1, -1);
  if (!isDtype(dtype)) throw new FormatError(`${where}: descr`, Object.keys(ELEMENT_BYTES).join(" or "), brief(dtype));
  const order = member("fortran_order");
  if (order !== "False") throw new FormatError(`${where}: fortran_order`, "False", brief(order));
  const [, rows = 0, columns = 0] = SHAPE.exec(member("shape"))?.map(Number) ?? [];
  const isSize = (size: number): boolean => Number.isSafeInteger(size) && size > 0;
  if (!isSize(rows) || !isSize(columns)) {
    throw new FormatError(`${where}: shape`, "(rows, columns), neither 0", brief(member("shape")));
  }
  return { dtype, rows, columns };
};

const isDtype = (name: string): name is NpyDtype => Object.hasOwn(ELEMENT_BYTES, name);

/** The dictionary's values as they are written, by key. A Python literal is never evaluated. */
const parseDictionary = (header: string, where: string): Map<string, string> => {
  const members = new Map<string, string>();
  if (!header.startsWith("{")) throw new FormatError(where, "a dictionary", brief(header));
  MEMBER.lastIndex = 1;
  let end = 1;
  for (let match = MEMBER.exec(header); match !== null; match = MEMBER.exec(header)) {
    const [, key, value] = match;
    if (members.has(key!)) throw new FormatError(where, "each key once", `${key!} twice`);
    members.set(key!, value!);
    end = MEMBER.lastIndex;
  }
  const rest = header.slice(end);
  if (!/^ *\} *\n?$/.test(rest)) throw new FormatError(where, "a member or the end of the dictionary", brief(rest));
  return members;
};

const brief = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Hosts are little-endian, as the files are. */
const toFloat32 = (data: Uint8Array, dtype: NpyDtype): Float32Array => {
  // A copy, since the data may start at any offset and belong to the caller; `slice` of Node's Buffer makes none.
  const { buffer } = new Uint8Array(data);
  switch (dtype) {
    case "<f2":
      return f16ToFloat32(new Uint16Array(buffer));
    case "<f4":
      return new Float32Array(buffer);
    case "<f8":
      return Float32Array.from(new Float64Array(buffer));
  }
};
