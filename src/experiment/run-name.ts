/** What a run is called, wherever it lies: `<time>_<name>_<hash>`. */
import { z } from "zod";
import { FormatError, MissingError } from "../errors.ts";
import { readJson, type RunFolder } from "./run-folder.ts";
import { namePattern } from "./spec-fields.ts";

/** Digits of the spec's hash in a run's name. */
const nameDigits = 8;

/** The part that all runs of a spec have in common. @param hash of the spec */
export function runEnding(name: string, hash: string): string {
  return `_${name}_${hash.slice(0, nameDigits)}`;
}

/** A run's name. @param time when it began, milliseconds since 1970 */
export function runName(name: string, hash: string, time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(":", "-")}Z${runEnding(name, hash)}`;
}

const configSchema = z.object({ name: z.string().regex(namePattern) });
const stateSchema = z.object({ specHash: z.string().regex(/^[0-9a-f]{64}$/), startedAt: z.iso.datetime() });

/**
 * The name that a run had where it came from, or would have had; other text of it must not reach a path.
 *
 * @param where names it
 * @throws MissingError, FormatError when the folder holds no run
 */
export async function nameOfRun(folder: RunFolder, where: string): Promise<string> {
  const config = configSchema.safeParse(await recordOf(folder, "config.resolved.json", where));
  const state = stateSchema.safeParse(await recordOf(folder, "run.json", where));
  if (!config.success)
    throw new FormatError(`${where}: config.resolved.json`, "a spec with a name", "another document");
  if (!state.success) throw new FormatError(`${where}: run.json`, "a run's state", "another document");
  return runName(config.data.name, state.data.specHash, Date.parse(state.data.startedAt));
}

async function recordOf(folder: RunFolder, path: string, where: string): Promise<unknown> {
  const record = await readJson(folder, path);
  if (record === undefined) throw new MissingError(where, path, "this is no run");
  return record;
}
