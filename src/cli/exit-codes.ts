import {
  AdapterError,
  ConfigError,
  DeviceLostError,
  FormatError,
  IntegrityError,
  LeakError,
  MissingError,
  NonFiniteError,
  OutOfMemoryError,
  QuotaError,
  ShapeError,
} from "../errors.ts";

/** What each exit code of a verb means; `rog help` prints them. */
export const exitCodes = {
  0: "done",
  1: "a bug, or an error that nothing below names",
  2: "a flag or a configuration that cannot be honoured",
  3: "an input is missing or malformed",
  4: "no usable device",
  5: "out of disk or memory",
  6: "the audit found copies of held-out images, and audit.action is fail, or a method made nothing else",
  7: "a loss, a weight or an image is not finite",
  8: "bytes do not have the hash that names them",
  9: "the device was lost",
  75: "stopped by its budget; the same command resumes",
  130: "interrupted; the same command resumes",
  143: "terminated; the same command resumes",
} as const;

/** One of the documented exit codes. */
export type ExitCode = keyof typeof exitCodes;

/**
 * The exit code that an error ends a verb with.
 *
 * @param error anything that was thrown
 */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof ConfigError) return 2;
  if (error instanceof FormatError || error instanceof MissingError || error instanceof ShapeError) return 3;
  if (error instanceof AdapterError) return 4;
  if (error instanceof QuotaError || error instanceof OutOfMemoryError) return 5;
  if (error instanceof LeakError) return 6;
  if (error instanceof NonFiniteError) return 7;
  if (error instanceof IntegrityError) return 8;
  if (error instanceof DeviceLostError) return 9;
  if (fileTrouble(error) !== undefined) return 3;
  if (isSystemError(error) && error.code === "ENOSPC") return 5;
  return 1;
};

/** What a verb says of an error on stderr: a bug with its stack, all else in one line. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (exitCodeOf(error) === 1) return error.stack ?? error.message;
  return fileTrouble(error) ?? error.message;
}

/** Failures of paths that a user gave, by the system's code: expected and got. */
const troubles: Readonly<Record<string, string>> = {
  ENOENT: "a file or folder that is there, got none",
  ENOTDIR: "a folder, got a path that leads through a file",
  EISDIR: "a file, got a folder",
  EEXIST: "a path that is free, got one that is taken",
  EACCES: "a path that this user may read and write, got permission denied",
  EPERM: "a path that this user may read and write, got permission denied",
  EROFS: "a path that can be written, got a read-only disk",
  ENAMETOOLONG: "a shorter name, got one that the disk refuses",
};

type SystemError = Error & { readonly code: string; readonly path?: string };

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && "code" in error && typeof error.code === "string";

function fileTrouble(error: unknown): string | undefined {
  if (!isSystemError(error) || !Object.hasOwn(troubles, error.code)) return undefined;
  // Reading a folder as a file is the one error that comes without its path.
  return `${error.path ?? error.message}: expected ${troubles[error.code]!}`;
}
