/** Errors across threads: what a worker throws arrives as the same class with the same fields. */
import { transferHandlers } from "comlink";
import * as errors from "../src/errors.ts";

/** An error as plain values, which messages and JSON can carry. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Its other fields, those that are plain. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The project's classes by their names. */
const classes: ReadonlyMap<string, { readonly prototype: Error }> = new Map(Object.entries(errors));

const ownFields = new Set(["name", "message", "stack"]);

/** @param thrown anything that was thrown */
export function packError(thrown: unknown): PackedError {
  if (!(thrown instanceof Error)) return { name: "Error", message: String(thrown), stack: "", fields: {} };
  const { name, message, stack = "" } = thrown;
  const fields = Object.entries(thrown).filter(([key, value]) => !ownFields.has(key) && isPlain(value));
  return { name, message, stack, fields: Object.fromEntries(fields) };
}

/** The error again: of its own class where that is one of `src/errors.ts`, so that `instanceof` and its fields hold. */
export function unpackError({ name, message, stack, fields }: PackedError): Error {
  const error = new Error(message);
  const known = classes.get(name);
  if (known) Object.setPrototypeOf(error, known.prototype);
  return Object.assign(error, fields, { name, stack });
}

/** Makes Comlink carry errors this way; both ends call it once, before the first message. */
export function carryErrors(): void {
  const plain = transferHandlers.get("throw");
  if (!plain) throw new errors.MissingError("comlink", "the transfer handler of thrown values");
  transferHandlers.set("throw", {
    canHandle: plain.canHandle,
    serialize: (thrown) => [packError((thrown as { readonly value: unknown }).value), []],
    deserialize: (packed) => {
      throw unpackError(packed as PackedError);
    },
  });
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
