/**
 * Every error that a caller can act on: one class a kind of failure, its values as fields,
 * its message `where: expected X, got Y`.
 */

/** Renders a shape as `[2, 3]`. */
const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** A tensor, file entry or argument has another shape than the operation needs. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  constructor(
    readonly where: string,
    readonly expected: string | readonly number[],
    readonly actual: readonly number[] | string,
  ) {
    super(
      `${where}: expected ${typeof expected === "string" ? expected : shapeText(expected)}, got ${typeof actual === "string" ? actual : shapeText(actual)}`,
    );
  }
}

/** A file, a document or a message is not what its format says. */
export class FormatError extends Error {
  override readonly name = "FormatError";
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${where}: expected ${expected}, got ${actual}`);
  }
}

/** A configuration value that the code cannot honour. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${where}: expected ${expected}, got ${actual}`);
  }
}

/** Something asked for by name is not there. */
export class MissingError extends Error {
  override readonly name = "MissingError";
  constructor(
    readonly where: string,
    readonly wanted: string,
    readonly hint = "",
  ) {
    super(`${where}: ${wanted} is missing${hint ? ` (${hint})` : ""}`);
  }
}

/** Bytes do not have the hash that names them. */
export class IntegrityError extends Error {
  override readonly name = "IntegrityError";
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${where}: expected sha256 ${expected}, got ${actual}`);
  }
}

/** No adapter, or the adapter lacks a feature that was asked for. */
export class AdapterError extends Error {
  override readonly name = "AdapterError";
  constructor(
    readonly where: string,
    readonly reason: string,
  ) {
    super(`${where}: ${reason}`);
  }
}

/** The device could not hold what the plan needs. */
export class OutOfMemoryError extends Error {
  override readonly name = "OutOfMemoryError";
  constructor(
    readonly where: string,
    readonly neededBytes: number,
    readonly limitBytes: number,
  ) {
    super(`${where}: needs ${String(neededBytes)} bytes, at most ${String(limitBytes)} are available`);
  }
}

/** A shader did not compile or a pipeline was refused. */
export class ShaderError extends Error {
  override readonly name = "ShaderError";
  constructor(
    readonly shader: string,
    readonly log: string,
  ) {
    super(`shader ${shader}: ${log}`);
  }
}

/** The device was lost; nothing that was on it can be read. */
export class DeviceLostError extends Error {
  override readonly name = "DeviceLostError";
  constructor(
    readonly where: string,
    readonly reason: string,
    /** Where it was lost again and again: when and why, each time. */
    readonly losses: readonly string[] = [],
    /** The adapter of that device, where losses are listed. */
    readonly adapter = "",
  ) {
    const history = `, ${String(losses.length)} times of late on ${adapter}: ${losses.join("; ")}`;
    super(`${where}: the device was lost (${reason})${losses.length > 0 ? history : ""}`);
  }
}

/** A loss, a weight or an image is not a finite number. */
export class NonFiniteError extends Error {
  override readonly name = "NonFiniteError";
  constructor(
    readonly where: string,
    readonly step: number,
    readonly value: number,
  ) {
    super(`${where}: step ${String(step)}: expected a finite number, got ${String(value)}`);
  }
}

/** The store has no room for what is to be kept. */
export class QuotaError extends Error {
  override readonly name = "QuotaError";
  constructor(
    readonly where: string,
    readonly neededBytes: number,
    readonly freeBytes: number,
  ) {
    super(`${where}: needs ${String(neededBytes)} bytes, ${String(freeBytes)} are free`);
  }
}

/** Added images are copies of held-out ones, and the run was told to end then. */
export class LeakError extends Error {
  override readonly name = "LeakError";
  constructor(
    readonly where: string,
    readonly flagged: number,
    readonly checked: number,
  ) {
    super(`${where}: expected no copies of held-out images, got ${String(flagged)} of ${String(checked)}`);
  }
}
