/** `rog import`: a run from a bundle, which may come from anyone. */
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, MissingError } from "../errors.ts";
import { readBundle } from "../experiment/bundle.ts";
import { nameOfRun } from "../experiment/run-name.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { diskFolder } from "./run-files.ts";

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
    const directory = join(parent, await nameOfRun(folder, file));
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
