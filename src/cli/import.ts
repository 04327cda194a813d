/** `rog import`: a run from a bundle, which may come from anyone. */
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, FormatError, MissingError } from "../errors.ts";
import { readBundle } from "../experiment/bundle.ts";
import { namePattern } from "../experiment/spec-fields.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { diskFolder, folderName, readRecord } from "./run-files.ts";

const flags = {
  out: { type: "string", short: "o", help: "where run folders lie (runs)" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("import", args, flags);
  if (given.help) {
    process.stdout.write(`rog import RUN.zip: a run from its bundle, every member checked\n\n${flagsText(flags)}`);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new ConfigError("rog import", "one bundle", positionals.join(" ") || "nothing");
  const { directory, files } = await importBundle(file, given.out ?? "runs");
  process.stderr.write(`${String(files)} files in ${directory}\n`);
  return 0;
}

/**
 * Makes a run folder of a bundle, or nothing when it is refused. The folder's name is made of what the run says of itself.
 *
 * @param parent where run folders lie
 * @throws FormatError, IntegrityError, MissingError when it is not a whole bundle of a run
 * @throws ConfigError when its folder is there already
 */
export async function importBundle(
  file: string,
  parent: string,
): Promise<{ readonly directory: string; readonly files: number }> {
  if (!(await isThere(file))) throw new MissingError(file, "the bundle");
  await mkdir(parent, { recursive: true });
  const temporary = await mkdtemp(join(parent, ".import-"));
  try {
    // One folder deeper, so that `rog status` does not take a half import for a run.
    const half = join(temporary, "run");
    const folder = diskFolder(half);
    const files = await readBundle(createReadStream(file), file, (path, bytes) => folder.write(path, bytes));
    const directory = join(parent, await nameOfRun(half, file));
    if (await isThere(directory)) throw new ConfigError(directory, "a run that is not there yet", "a folder");
    await rename(half, directory);
    return { directory, files };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const configSchema = z.object({ name: z.string().regex(namePattern) });
const stateSchema = z.object({ specHash: z.string().regex(/^[0-9a-f]{64}$/), startedAt: z.iso.datetime() });

/** The name that its folder had, or would have had; other text of a bundle must not reach a path. */
async function nameOfRun(directory: string, file: string): Promise<string> {
  const config = configSchema.safeParse(await readRecord(directory, "config.resolved.json", "this is no run"));
  const state = stateSchema.safeParse(await readRecord(directory, "run.json", "this is no run"));
  if (!config.success) throw new FormatError(`${file}: config.resolved.json`, "a spec with a name", "another document");
  if (!state.success) throw new FormatError(`${file}: run.json`, "a run's state", "another document");
  return folderName(config.data.name, state.data.specHash, Date.parse(state.data.startedAt));
}
