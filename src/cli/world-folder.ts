/** Folders of imported worlds: writing one part of them, and saying what they hold. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { gather, type Gathered } from "../data/import/gather.ts";
import { withPart, type WorldPart } from "../data/import/own-world.ts";
import { isBuiltWorld, readManifest, type OwnWorldManifest, type WorldManifest } from "../data/world.ts";
import { ConfigError } from "../errors.ts";
import { writeFileAtomic } from "../storage/files.ts";
import { findable } from "./callers-folder.ts";
import { importCommand, worldFileReader } from "./open-lab.ts";
import { quoted } from "./quoted.ts";
import { undefinedWhenMissing } from "./run-files.ts";
import { say } from "./say.ts";
import { sharpCodec, sourceFiles } from "./source-files.ts";

/** Flags of both importing verbs. */
export const importFlags = {
  out: { type: "string", short: "o", help: "the world's folder" },
  resolution: { type: "number", help: "pixels a side of every picture; what the networks take (32); 16 to 512" },
  json: { type: "boolean", help: "print the manifest as JSON" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/**
 * Writes one part of a world; the other part stays as it is. The manifest comes last, so a kill in between leaves files
 * whose hashes do not fit, which every reader refuses.
 *
 * @returns the exit code
 * @throws ConfigError without a folder, or for one that holds a built world
 */
export async function writePart(
  { out, json }: { readonly out: string | undefined; readonly json: boolean },
  role: "target" | "pool",
  part: WorldPart,
  of: { readonly resolution: number; readonly source: string; readonly layout: string },
): Promise<number> {
  if (out === undefined)
    throw new ConfigError(`rog ${role === "target" ? "data" : "pool"} import`, "--out WORLD", "nothing");
  const name = basename(out);
  if (isBuiltWorld(name)) throw new ConfigError("--out", "a folder that is not called mini", name);
  const before = await ownManifest(out);
  const manifest = await withPart(before, role, part, { name, ...of });
  for (const [path, bytes] of part.files) await writeFileAtomic(join(out, path), [bytes]);
  await writeFileAtomic(join(out, "world.json"), [new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`)]);
  process.stdout.write(json ? `${JSON.stringify(manifest)}\n` : worldText(manifest));
  const missing = role === "target" ? "pool" : "target";
  const next = manifest.imports[missing]
    ? `rog run --world ${quoted([findable(out)])} -c spec.yaml`
    : `${importCommand(missing, findable(out))}, for the ${missing}`;
  say(`next: ${next}`);
  return 0;
}

async function ownManifest(folder: string): Promise<OwnWorldManifest | undefined> {
  const read = (path: string): Promise<Uint8Array> => readFile(join(folder, path));
  const manifest = await readManifest(read, join(folder, "world.json")).catch(undefinedWhenMissing);
  if (manifest?.format === "mini-world/1")
    throw new ConfigError(folder, "a new folder, or one of an imported world", "a world that `npm run world` built");
  return manifest;
}

/** Prints what a world holds. @returns the exit code */
export async function inspectWorld(verb: string, folders: readonly string[], json: boolean): Promise<number> {
  const [folder, ...more] = folders;
  if (folder === undefined || more.length > 0)
    throw new ConfigError(`rog ${verb} inspect`, "one world's folder", folders.join(" ") || "nothing");
  const manifest = await readManifest(worldFileReader(folder), join(folder, "world.json"));
  process.stdout.write(json ? `${JSON.stringify(manifest)}\n` : worldText(manifest));
  return 0;
}

type Import = NonNullable<OwnWorldManifest["imports"]["pool"]>;

/** Left-out files that are listed by name. */
const listedFiles = 10;

function worldText({ name, resolution, classes, counts, hash, ...rest }: WorldManifest): string {
  const imports = rest.format === "own-world/1" ? Object.entries(rest.imports) : [];
  const lines = [
    `world ${name}, ${String(resolution)} px, ${hash}`,
    `classes ${String(classes.length)}: ${classes.map((one) => one.name).join(" · ")}`,
    `pictures ${Object.entries(counts)
      .map(([part, count]) => `${part} ${String(count)}`)
      .join(", ")}`,
    ...imports.flatMap(([role, part]) => (part === undefined ? [] : importLines(role, part))),
  ];
  return `${lines.join("\n")}\n`;
}

function importLines(role: string, { name, layout, leftOut }: Import): string[] {
  const rest = leftOut.length - listedFiles;
  return [
    `${role} from ${name}, ${layout}; files left out: ${String(leftOut.length)}`,
    ...leftOut.slice(0, listedFiles).map(({ path, reason }) => `  ${path}: ${reason}`),
    ...(rest > 0 ? [`  and ${String(rest)} more, in world.json`] : []),
  ];
}

/** What sources hold, and how they are called. */
interface Sources {
  readonly gathered: Gathered;
  /** The first of them, for errors. */
  readonly where: string;
  /** All of them, without their folders. */
  readonly source: string;
  readonly resolution: number;
}

/** Sides of pictures that a spec takes; networks halve them twice at least. */
const sides = { least: 16, most: 512, step: 4 };

/**
 * Sources as an importing verb takes them, read to their end; every thousand files it says so on stderr.
 *
 * @throws ConfigError without a source, or when no network takes pictures of that size
 */
export async function readSources(
  verb: "data" | "pool",
  [action, ...sources]: readonly string[],
  resolution = 32,
): Promise<Sources> {
  if (action !== "import") throw new ConfigError(`rog ${verb}`, "import or inspect", action ?? "nothing");
  if (resolution < sides.least || resolution > sides.most || resolution % sides.step !== 0) {
    const { least, most, step } = sides;
    const expected = `a multiple of ${String(step)} from ${String(least)} to ${String(most)}`;
    throw new ConfigError("--resolution", expected, String(resolution));
  }
  const [where] = sources;
  if (where === undefined) throw new ConfigError(`rog ${verb} import`, "a source", "nothing");
  const onFile = (count: number): void => {
    if (count % 1000 === 0) process.stderr.write(`${where}: ${String(count)} files\n`);
  };
  const gathered = await gather(sourceFiles(sources), sharpCodec, { resolution, where, onFile });
  return { gathered, where, source: sources.map((path) => basename(path)).join(", "), resolution };
}
