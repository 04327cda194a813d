/** Files with random faults, from a seed that is printed and can be given. */
import fc from "fast-check";
import { expect } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { concat, utf8 } from "./archives.ts";

const wished = process.env["ROG_FUZZ_SEED"];
/** What all cases follow from; `ROG_FUZZ_SEED` in the environment repeats a run. */
export const seed = wished === undefined ? (Date.now() ^ (process.pid << 16)) & 0x7fffffff : Number(wished);
// Before anything can hang: a run is repeated by its seed.
console.info(`ROG_FUZZ_SEED=${String(seed)}`);

/** A change of a file's bytes. */
export interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly insert: Uint8Array;
}

/** Bytes that fields tend to be compared with. */
const telling = [
  [0],
  [0xff],
  [0x7f],
  [0x80],
  [0, 0, 0, 0],
  [255, 255, 255, 255],
  [0x50, 0x4b, 3, 4],
  [0x50, 0x4b, 7, 8],
];
const inserted = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom(...telling.map((bytes) => Uint8Array.from(bytes)), ...["../", "=", "9", " ", "'"].map(utf8)),
);
/** `at` is where in the file, in 65,536ths; what is cut has mostly the length of what is inserted, so that fields stay. */
export const edit = fc
  .tuple(fc.nat(65535), inserted, fc.oneof({ weight: 4, arbitrary: fc.constant(-1) }, fc.nat(40)))
  .map(([at, insert, cut]): Edit => ({ at, insert, cut: cut < 0 ? insert.length : cut }));

/** A file with edits made one after the other. */
export const mutate = (file: Uint8Array, edits: readonly Edit[]): Uint8Array => {
  let bytes = file;
  for (const { at, cut, insert } of edits) {
    const start = Math.floor((at / 65536) * (bytes.length + 1));
    bytes = concat(bytes.subarray(0, start), insert, bytes.subarray(start + cut));
  }
  return bytes;
};

/** Random bytes, some behind the start of a valid file, or a valid file with a few edits, and at times cut. */
export const filesFrom = (valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> => {
  const random = fc
    .tuple(fc.constantFrom(...valid), fc.nat(40), fc.uint8Array({ maxLength: 80 }))
    .map(([file, kept, bytes]) => concat(file.subarray(0, kept > 20 ? 0 : kept), bytes));
  const edited = fc
    .tuple(fc.constantFrom(...valid), fc.array(edit, { maxLength: 3 }), fc.option(fc.nat(65535), { freq: 8 }))
    .map(([file, edits, end]) =>
      mutate(file, edits).subarray(0, end === null ? undefined : (end / 65536) * file.length),
    );
  return fc.oneof({ weight: 1, arbitrary: random }, { weight: 4, arbitrary: edited });
};

/** How many cases gave a value and how many were refused; any other error fails the property. */
export const counter = () => ({ given: 0, refused: 0 });
/** Counts an error that says what is wrong with a file, and throws any other. */
export const refusal = (
  error: unknown,
  counts: { refused: number },
  refusals: readonly ErrorClass[] = [FormatError],
): void => {
  if (!refusals.some((kind) => error instanceof kind)) throw error;
  counts.refused++;
};

type ErrorClass = abstract new (...args: never[]) => Error;

/** Reads files, of which each gives a value or a FormatError, and some of both come. */
export const fuzzSync = (valid: readonly Uint8Array[], numRuns: number, read: (bytes: Uint8Array) => void): void => {
  const counts = counter();
  const property = fc.property(filesFrom(valid), (bytes) => {
    try {
      read(bytes);
      counts.given++;
    } catch (error) {
      refusal(error, counts);
    }
  });
  fc.assert(property, { seed, numRuns });
  expect(counts.given).toBeGreaterThan(numRuns / 200);
  expect(counts.refused).toBeGreaterThan(numRuns / 200);
};

/** The same where reading waits. @param refusals errors that a file may be refused with */
export const fuzz = async (
  valid: readonly Uint8Array[],
  numRuns: number,
  read: (bytes: Uint8Array) => Promise<void>,
  refusals: readonly ErrorClass[] = [FormatError],
): Promise<void> => {
  const counts = counter();
  const property = fc.asyncProperty(filesFrom(valid), async (bytes) => {
    try {
      await read(bytes);
      counts.given++;
    } catch (error) {
      refusal(error, counts, refusals);
    }
  });
  await fc.assert(property, { seed, numRuns });
  expect(counts.given).toBeGreaterThan(numRuns / 200);
  expect(counts.refused).toBeGreaterThan(numRuns / 200);
};
