import { describe, expect, test } from "vitest";
import { readNpy } from "../../../src/data/import/npy.ts";
import { FormatError } from "../../../src/errors.ts";
import { float32ToF16 } from "../../../src/half.ts";
import { concat } from "./archives.ts";

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

/** A file from its dictionary, padded as NumPy pads it. */
const npy = (dictionary: string, data: Uint8Array, version = 1, headerBytes?: number): Uint8Array => {
  const start = version === 1 ? 10 : 12;
  const header = latin1(`${dictionary.padEnd(Math.ceil((dictionary.length + 1 + start) / 64) * 64 - start - 1)}\n`);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headerBytes ?? header.length);
  return concat(latin1("\x93NUMPY"), Uint8Array.of(version, 0), length.subarray(0, start - 8), header, data);
};
const dictionary = (descr = "<f4", shape = "(2, 3)", order = "False"): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

const values = [0, 1, -2.5, 65504, 2 ** -24, -0];
const bytesOf = (array: Uint16Array | Float32Array | Float64Array): Uint8Array => new Uint8Array(array.buffer);
const f4 = bytesOf(Float32Array.from(values));

describe("readNpy reads", () => {
  test.each([
    ["f4", npy(dictionary(), f4)],
    ["f2", npy(dictionary("<f2"), bytesOf(float32ToF16(Float32Array.from(values))))],
    ["f8", npy(dictionary("<f8"), bytesOf(Float64Array.from(values)))],
    ["version 2", npy(dictionary(), f4, 2)],
    ["keys in another order, without spaces", npy("{'shape':(2,3),'fortran_order':False,'descr':'<f4'}", f4)],
  ])("%s", (_, bytes) => {
    const matrix = readNpy(bytes, "a.npy");
    expect(matrix.rows).toBe(2);
    expect(matrix.columns).toBe(3);
    expect(Array.from(matrix.values)).toEqual(values);
  });

  test.each([
    ["a file at an odd offset", concat(Uint8Array.of(7), npy(dictionary(), f4)).subarray(1)],
    ["Node's Buffer in a pool", Buffer.from(npy(dictionary(), f4))],
  ])("%s, into memory of its own", (_, bytes) => {
    const matrix = readNpy(bytes, "a.npy");
    bytes.fill(0);
    expect(Array.from(matrix.values)).toEqual(values);
    expect(matrix.values.buffer.byteLength).toBe(24);
  });
});

describe("readNpy refuses", () => {
  test.each([
    ["an empty file", new Uint8Array(0), "got an empty file"],
    ["another format", latin1("PK\x03\x04 an npz"), "got another format"],
    ["version 3", npy(dictionary(), f4, 3), "version 1.0 or 2.0, got 3.0"],
    ["a header longer than the file", npy(dictionary(), f4, 1, 65535), "at most"],
    ["a header of 4 GiB", npy(dictionary(), f4, 2, 2 ** 32 - 1), "at most"],
    ["a header of 20,000 bytes", npy(dictionary().padEnd(20_000), f4), "at most 10000 bytes"],
    ["an empty header", concat(latin1("\x93NUMPY\x01\0\0\0"), f4), "a dictionary"],
    ["Python that would run", npy("__import__('os').system('id')", f4), "a dictionary"],
    ["a call as a value", npy("{'descr': eval('1'), }", f4), "a member or the end"],
    ["a key that is unknown", npy(dictionary().replace("}", "'x': True, }"), f4), "a member or the end"],
    ["text after the dictionary", npy(`${dictionary()} x`, f4), "a member or the end"],
    ["an unfinished dictionary", npy(dictionary().replace("}", ""), f4), "a member or the end"],
    ["a missing member", npy("{'descr': '<f4', 'shape': (2, 3), }", f4), "descr, fortran_order and shape"],
    ["a member twice", npy(dictionary().replace("}", "'descr': '<f8', }"), f4), "each key once"],
    ["columns first", npy(dictionary("<f4", "(2, 3)", "True"), f4), "fortran_order: expected False, got"],
    ["big-endian floats", npy(dictionary(">f4"), f4), "<f2 or <f4 or <f8"],
    ["integers", npy(dictionary("<i4"), f4), "<f2 or <f4 or <f8"],
    ["pickled objects", npy(dictionary("|O"), f4), "<f2 or <f4 or <f8"],
    ["a dtype from a prototype", npy(dictionary("toString"), f4), "<f2 or <f4 or <f8"],
    ["one axis", npy(dictionary("<f4", "(6,)"), f4), "(rows, columns)"],
    ["no axis", npy(dictionary("<f4", "()"), f4), "(rows, columns)"],
    ["three axes", npy(dictionary("<f4", "(1, 2, 3)"), f4), "(rows, columns)"],
    ["no rows", npy(dictionary("<f4", "(0, 3)"), new Uint8Array(0)), "(rows, columns)"],
    ["a size past 2^53", npy(dictionary("<f4", "(9007199254740993, 1)"), f4), "(rows, columns)"],
    ["a size of 400 digits", npy(dictionary("<f4", `(${"9".repeat(400)}, 1)`), f4), "(rows, columns)"],
    ["a product past 2^53", npy(dictionary("<f4", "(4294967296, 4294967296)"), f4), "bytes for <f4"],
    ["16 GiB that are not there", npy(dictionary("<f4", "(65536, 65536)"), f4), "17179869184 bytes for <f4"],
    ["a byte too many", npy(dictionary(), concat(f4, Uint8Array.of(0))), "24 bytes for <f4 [2, 3], got 25"],
  ])("%s", (_, bytes, expected) => {
    expect(() => readNpy(bytes, "a.npy")).toThrow(FormatError);
    expect(() => readNpy(bytes, "a.npy")).toThrow("a.npy");
    expect(() => readNpy(bytes, "a.npy")).toThrow(expected);
  });

  test("a file cut at any byte", () => {
    for (const bytes of [npy(dictionary(), f4), npy(dictionary(), f4, 2)]) {
      for (let end = 0; end < bytes.length; end++) {
        expect(() => readNpy(bytes.subarray(0, end), "a"), String(end)).toThrow(FormatError);
      }
    }
  });
});
