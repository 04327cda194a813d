import { FormatError } from "../../errors.ts";

/** The images of one binary CIFAR batch. */
export interface CifarBatch {
  /** [n, 32, 32, 3], RGB */
  readonly pixels: Uint8Array;
  /** [n], classes from 0; the fine ones of CIFAR-100 */
  readonly labels: Uint8Array;
}

const SIDE = 32;
const PIXELS = SIDE * SIDE;
const CHANNELS = 3;
/** The label bytes that each record starts with, by what they count up to; the last one is the class. */
const labelClasses = {
  "cifar-10": [10],
  "cifar-100": [20, 100],
} as const;

/**
 * Images and labels of a batch in CIFAR's binary version, whose records are the labels and three planes of 32 × 32.
 *
 * @param where names the file in the error
 * @throws FormatError when the file is no whole number of records, or a label is no class
 *
 * Krizhevsky 2009, cs.toronto.edu/~kriz/cifar.html, "Binary version".
 */
export const readCifar = (bytes: Uint8Array, where: string, kind: keyof typeof labelClasses): CifarBatch => {
  const classes = labelClasses[kind];
  const recordBytes = classes.length + CHANNELS * PIXELS;
  const count = bytes.length / recordBytes;
  if (!Number.isInteger(count) || count === 0) {
    const expected = `a multiple of the ${String(recordBytes)} bytes of a ${kind} record`;
    throw new FormatError(where, expected, `${String(bytes.length)} bytes`);
  }
  const pixels = new Uint8Array(count * PIXELS * CHANNELS);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const record = bytes.subarray(n * recordBytes, (n + 1) * recordBytes);
    labels[n] = readLabel(record, classes, `${where}: record ${String(n)}`);
    interleave(record.subarray(classes.length), pixels.subarray(n * PIXELS * CHANNELS));
  }
  return { pixels, labels };
};

const readLabel = (record: Uint8Array, classes: readonly number[], where: string): number => {
  classes.forEach((limit, i) => {
    if (record[i]! >= limit) throw new FormatError(where, `a label below ${String(limit)}`, String(record[i]));
  });
  return record[classes.length - 1]!;
};

/** [3, 32, 32] to [32, 32, 3]. */
const interleave = (planes: Uint8Array, pixels: Uint8Array): void => {
  for (let i = 0; i < PIXELS; i++) {
    for (let c = 0; c < CHANNELS; c++) pixels[i * CHANNELS + c] = planes[c * PIXELS + i]!;
  }
};
