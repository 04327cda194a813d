/** `rog record`: the light part of a finished run, for a page to show. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { ConfigError, FormatError, MissingError } from "../errors.ts";
import type { Gallery } from "../experiment/gallery.ts";
import type { Results } from "../experiment/record.ts";
import {
  chooseFiles,
  describeFiles,
  mebibytes,
  requireAtlases,
  type RecordIndex,
  type RunRecord,
} from "../experiment/recorded.ts";
import { readJson, writeJson } from "../experiment/run-folder.ts";
import { readRunState } from "../experiment/run-log.ts";
import { runName } from "../experiment/run-name.ts";
import { namePattern } from "../experiment/spec-fields.ts";
import { requireSha256 } from "../storage/hash.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { diskFolder, namesIn, readRecord, readResults } from "./run-files.ts";
import { thinGallery, type PicturesKept } from "./thin-gallery.ts";

const flags = {
  out: { type: "string", short: "o", help: "where recorded runs lie (public/recorded)" },
  sweep: {
    type: "string",
    help: "a sweep's folder: its curve of accuracy along the number of added images comes with the run",
  },
  commit: { type: "string", help: "the version of the project that made the run (git's HEAD)" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/** What a recorded run's folder says of itself. */
const recordPath = "record.json";

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("record", args, flags);
  if (given.help) {
    process.stdout.write(
      `rog record RUN: what a page shows of a finished run, or of one that is recorded already\n\n${flagsText(flags)}`,
    );
    return 0;
  }
  const [directory, ...more] = positionals;
  if (directory === undefined || more.length > 0)
    throw new ConfigError("rog record", "one run folder", positionals.join(" ") || "nothing");
  const { path, files, sizeBytes, leftOut, pictures } = await record(directory, given.out ?? "public/recorded", given);
  process.stderr.write(`${String(files)} files, ${mebibytes(sizeBytes)}, in ${path}\n`);
  const [kept, of] = [String(pictures.kept), String(pictures.of)];
  if (pictures.lossy) process.stderr.write("pictures as JPEG: as PNG they do not fit\n");
  if (kept !== of)
    process.stderr.write(`the first ${kept} pictures of each class and origin, not ${of}: more do not fit\n`);
  for (const name of leftOut) process.stderr.write(`left out, too large: ${name}\n`);
  return 0;
}

/** Where a recorded run comes from, beside its folder. */
export interface RecordOptions {
  /** The version of the project that made it; git's HEAD without it. */
  readonly commit?: string | undefined;
  /** The folder of a sweep, whose curve is recorded with the run. */
  readonly sweep?: string | undefined;
}

/** What a page shows of a sweep. */
const sweepFiles = ["curve.svg", "sweep.csv"] as const;

/** What was recorded, and where. */
export interface Recorded {
  readonly path: string;
  readonly files: number;
  readonly sizeBytes: number;
  /** Files that are too large. */
  readonly leftOut: readonly string[];
  /** Of a class, in the gallery. */
  readonly pictures: PicturesKept;
}

/**
 * Copies the light part of a finished run to a folder of its name, in place of an earlier one, and lists it in the index.
 * A run that is recorded already keeps what is said of it, so that a sweep can come later. Where all pictures of the gallery
 * would make it too large, they come as JPEG, and if they must, fewer of each class.
 *
 * @param out where recorded runs lie
 * @throws MissingError when the run is not finished, or was made before runs had galleries, or the sweep drew no curve
 * @throws IntegrityError when a recorded run's file is another than the one that was recorded
 * @throws ConfigError when it is too large, or something else lies in its place
 */
export async function record(directory: string, out: string, { commit, sweep }: RecordOptions = {}): Promise<Recorded> {
  if (commit !== undefined && !/^[0-9a-f]{7,40}$/.test(commit))
    throw new ConfigError("rog record", "--commit with 7 to 40 hexadecimal digits", commit);
  const earlier = (await readJson(diskFolder(directory), recordPath)) as RunRecord | undefined;
  const results = await (earlier ? readNamedResults(directory) : finishedResults(directory));
  const { files, leftOut } = await (earlier ? recordedFiles(directory, earlier) : lightFiles(directory));
  files.set(resultsPath, withPublicCommands(files.get(resultsPath)!));
  if (sweep !== undefined) for (const name of sweepFiles) files.set(name, await readSweepFile(sweep, name));
  const path = join(out, results.name);
  const said = earlier ?? (await describeRun(directory, results));
  const pictures = await thinGallery(directory, files);
  const description = {
    ...said,
    commit: commit ?? (earlier ? earlier.commit : await headCommit()),
    files: await describeFiles(files),
  };
  await replaceFolder(path, out, files, description);
  await writeJson(diskFolder(out), "index.json", await indexOf(out));
  const sizeBytes = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  return { path, files: files.size, sizeBytes, leftOut, pictures };
}

const resultsPath = "results.json";

/** Flags that name folders of the machine and decide no number. */
const ownPlaces = /(^| )(--units-from|--out|-o)(?:=| )('(?:[^']|'\\'')*'|\S+)/g;

/** Results whose commands anybody can repeat. */
function withPublicCommands(bytes: Uint8Array): Uint8Array {
  const results = JSON.parse(new TextDecoder().decode(bytes)) as Results;
  const commands = results.commands.map((command) => command.replaceAll(ownPlaces, ""));
  return new TextEncoder().encode(`${JSON.stringify({ ...results, commands }, null, 2)}\n`);
}

async function readSweepFile(folder: string, name: string): Promise<Uint8Array> {
  const bytes = await diskFolder(folder).read(name);
  if (!bytes) throw new MissingError(folder, name, "`rog sweep --over 'sets.ratio=[…]'` draws it");
  return bytes;
}

/** Files by their paths, and what is too large to be among them. */
interface ChosenFiles {
  readonly files: Map<string, Uint8Array>;
  readonly leftOut: readonly string[];
}

/** The light part of a run's folder. */
async function lightFiles(directory: string): Promise<ChosenFiles> {
  const { kept, leftOut } = chooseFiles(directory, await sizesIn(directory));
  requireAtlases(directory, await readRecord<Gallery>(directory, "gallery.json"), kept);
  const files = new Map<string, Uint8Array>();
  for (const path of kept) files.set(path, await readFile(join(directory, path)));
  return { files, leftOut };
}

/** All that was recorded of a run. */
async function recordedFiles(directory: string, { files: listed }: RunRecord): Promise<ChosenFiles> {
  const files = new Map<string, Uint8Array>();
  for (const [path, { sha256: expected }] of Object.entries(listed)) {
    const bytes = await diskFolder(directory).read(path);
    if (!bytes) throw new MissingError(directory, path, `${recordPath} names it`);
    await requireSha256(bytes, expected, join(directory, path));
    files.set(path, bytes);
  }
  return { files, leftOut: [] };
}

async function finishedResults(directory: string): Promise<Results> {
  const state = await readRunState(diskFolder(directory));
  if (state?.state !== "done")
    throw new MissingError(directory, "a finished run", state ? `it is ${state.state}` : "there is no run.json");
  return readNamedResults(directory);
}

async function readNamedResults(directory: string): Promise<Results> {
  const results = await readResults(directory);
  // It becomes a folder's name.
  if (!namePattern.test(results.name)) throw new FormatError(`${directory}: results.json`, "a name", results.name);
  return results;
}

async function sizesIn(directory: string): Promise<ReadonlyMap<string, number>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = paths.map(
    async (path) => [relative(directory, path).replaceAll("\\", "/"), (await stat(path)).size] as const,
  );
  return new Map(await Promise.all(sizes));
}

/** What is said of a run besides its version and files. */
async function describeRun(
  directory: string,
  { name, specHash, startedAt, elapsedSeconds, adapter }: Results,
): Promise<Omit<RunRecord, "commit" | "files">> {
  const { cores } = await readRecord<{ cores?: unknown }>(directory, "env.json");
  return {
    version: 1,
    id: idOf(basename(resolve(directory)), name, specHash, startedAt),
    ...{ name, startedAt, elapsedSeconds, adapter },
    cores: typeof cores === "number" ? cores : null,
  };
}

/** The folder's own name, which was made a moment before its run began; or what that would be, of a folder that was renamed. */
function idOf(folder: string, name: string, specHash: string, startedAt: string): string {
  const made = runName(name, specHash, Date.parse(startedAt));
  const ending = made.slice(made.indexOf("_"));
  return /^[\dT-]+Z_/.test(folder) && folder.endsWith(ending) ? folder : made;
}

/** The version that is checked out here; null outside a checkout. */
async function headCommit(): Promise<string | null> {
  return promisify(execFile)("git", ["rev-parse", "HEAD"]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

/** Writes a recorded run beside its place and moves it there, so that half a one is never found. */
async function replaceFolder(
  path: string,
  out: string,
  files: ReadonlyMap<string, Uint8Array>,
  description: RunRecord,
): Promise<void> {
  const earlier = await namesIn(path);
  if (earlier.length > 0 && !earlier.includes(recordPath))
    throw new ConfigError(path, "nothing, or an earlier recorded run", "other files");
  await mkdir(out, { recursive: true });
  const temporary = await mkdtemp(join(out, ".record-"));
  try {
    // A temporary folder is its owner's alone; one inside it is everyone's to read.
    const folder = diskFolder(join(temporary, "run"));
    for (const [name, bytes] of files) await folder.write(name, bytes);
    await writeJson(folder, recordPath, description);
    await rm(path, { recursive: true, force: true });
    await rename(join(temporary, "run"), path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The recorded runs that there are, by name. */
async function indexOf(out: string): Promise<RecordIndex> {
  const entries = await readdir(out, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const runs = [];
  for (const path of folders.sort()) {
    const known = await readJson(diskFolder(join(out, path)), recordPath);
    if (known) runs.push({ name: (known as RunRecord).name, path });
  }
  return { version: 1, runs };
}
