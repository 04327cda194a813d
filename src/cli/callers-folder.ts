/** npm runs its commands in the checkout: paths that were typed elsewhere mean another file than was meant. */
import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";

/** A path as it is found from everywhere: absolute, where npm was called from another folder than the checkout. */
export function findable(path: string): string {
  return callersFolder() === undefined ? path : resolve(path);
}

/** Where a file that is missing in the checkout does lie in the folder that npm was called from; undefined where it does not. */
export function elsewhereHint(path: string): string | undefined {
  const folder = callersFolder();
  if (folder === undefined || isAbsolute(path)) return undefined;
  const place = resolve(folder, path);
  return existsSync(place) ? `relative paths count from ${process.cwd()}; there is ${place}` : undefined;
}

function callersFolder(): string | undefined {
  const { INIT_CWD: folder } = process.env;
  return folder === undefined || resolve(folder) === process.cwd() ? undefined : folder;
}
