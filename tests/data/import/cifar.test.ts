import { describe, expect, test } from "vitest";
import { readCifar } from "../../../src/data/import/cifar.ts";
import { FormatError } from "../../../src/errors.ts";
import { concat } from "./archives.ts";

/** Planes whose pixel i is (i, i + 1, i + 2) modulo 256. */
const planes = Uint8Array.from({ length: 3072 }, (_, i) => (i % 1024) + Math.floor(i / 1024));
const record = (...labels: readonly number[]): Uint8Array => concat(Uint8Array.from(labels), planes);

describe("readCifar", () => {
  test.each([
    ["cifar-10", concat(record(0), record(9)), [0, 9]],
    ["cifar-100", concat(record(19, 99), record(0, 20)), [99, 20]],
  ] as const)("reads pixels and labels of %s", (kind, bytes, labels) => {
    const batch = readCifar(bytes, "a.bin", kind);
    expect(Array.from(batch.labels)).toEqual(labels);
    expect(batch.pixels).toHaveLength(2 * 3072);
    expect(Array.from(batch.pixels.subarray(0, 9))).toEqual([0, 1, 2, 1, 2, 3, 2, 3, 4]);
    expect(Array.from(batch.pixels.subarray(3072 + 500 * 3, 3072 + 501 * 3))).toEqual([244, 245, 246]);
  });

  test.each([
    ["an empty file", new Uint8Array(0), "cifar-10", "a multiple of the 3073 bytes of a cifar-10 record, got 0 bytes"],
    ["a byte too few", record(0).subarray(1), "cifar-10", "3073 bytes of a cifar-10 record, got 3072 bytes"],
    ["a byte too many", concat(record(0), Uint8Array.of(0)), "cifar-10", "got 3074 bytes"],
    ["the other kind", record(0, 0), "cifar-10", "got 3074 bytes"],
    ["a label of 10", concat(record(0), record(10)), "cifar-10", "record 1: expected a label below 10, got 10"],
    ["a fine label of 100", record(0, 100), "cifar-100", "record 0: expected a label below 100, got 100"],
    ["a coarse label of 20", record(20, 0), "cifar-100", "record 0: expected a label below 20, got 20"],
  ] as const)("refuses %s", (_, bytes, kind, expected) => {
    expect(() => readCifar(bytes, "a.bin", kind)).toThrow(FormatError);
    expect(() => readCifar(bytes, "a.bin", kind)).toThrow(expected);
  });
});
