/** `rog export`: what a run made, for other programs. */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { zipSync } from "fflate";
import { ConfigError, MissingError } from "../errors.ts";
import { imageFolderFiles, learnedEmbeds, type ExportedFile } from "../experiment/exports.ts";
import type { ProducedImage } from "../methods/method.ts";
import type { Spec } from "../experiment/spec.ts";
import { writeFileAtomic } from "../storage/files.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { namesIn, readRecord } from "./run-files.ts";

const flags = {
  out: { type: "string", short: "o", help: "where it goes: a folder, or the bundle's file" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

const help = `rog export KIND RUN -o PATH: what a run made, for other programs

  imagefolder  every produced image as PNG, a folder a method and class, with metadata.jsonl (Hugging Face datasets)
  embeds       learned words, a safetensors file a class (diffusers load_textual_inversion)
  bundle       the whole run as one zip without the classifiers' weights

`;

/** Stages whose units are left out of a bundle: they are large and come again from the rest. */
const unbundled = /^(train|world)\/.*\.bin$|^\.lock$/;

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("export", args, flags);
  if (given.help) {
    process.stdout.write(`${help}${flagsText(flags)}`);
    return 0;
  }
  const [kind, directory] = positionals;
  const exporter = kind === undefined ? undefined : exporters.get(kind);
  if (!exporter) throw new ConfigError("rog export", [...exporters.keys()].join(", "), kind ?? "nothing");
  if (directory === undefined) throw new ConfigError("rog export", "a run folder", "nothing");
  if (given.out === undefined) throw new ConfigError("rog export", "--out PATH", "nothing");
  const count = await exporter(directory, given.out);
  process.stderr.write(`${String(count)} files in ${given.out}\n`);
  return 0;
}

type Exporter = (directory: string, out: string) => Promise<number>;

const exporters: ReadonlyMap<string, Exporter> = new Map<string, Exporter>([
  ["imagefolder", exportImages],
  ["embeds", exportEmbeds],
  ["bundle", exportBundle],
]);

async function exportImages(directory: string, out: string): Promise<number> {
  const { resolution } = (await readRecord<Spec>(directory, "config.resolved.json")).world;
  let count = 0;
  for (const method of await namesIn(join(directory, "produce"))) {
    const lines: object[] = [];
    const units = (await namesIn(join(directory, "produce", method))).filter((name) => name.endsWith(".json"));
    for (const unit of units) {
      const key = unit.slice(0, -".json".length);
      const path = join("produce", method, key);
      const { value } = await readRecord<{ value: { images: ProducedImage[] } }>(directory, `${path}.json`);
      const made = imageFolderFiles(key, value, await readFile(join(directory, `${path}.bin`)), resolution);
      await writeFiles(join(out, method), made.files);
      lines.push(...made.lines);
      count += made.files.length;
    }
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    await writeFiles(join(out, method), [{ path: "metadata.jsonl", bytes: new TextEncoder().encode(text) }]);
  }
  if (count === 0) throw new MissingError(directory, "produced images");
  return count;
}

async function exportEmbeds(directory: string, out: string): Promise<number> {
  const methods = (await namesIn(join(directory, "adapt"))).filter((name) =>
    /^(textual-inversion|pseudoword-dm)\.bin$/.test(name),
  );
  if (methods.length === 0) throw new MissingError(directory, "words of textual-inversion or pseudoword-dm");
  let count = 0;
  for (const name of methods) {
    const files = await learnedEmbeds(await readFile(join(directory, "adapt", name)));
    await writeFiles(join(out, name.slice(0, -".bin".length)), files);
    count += files.length;
  }
  return count;
}

async function exportBundle(directory: string, out: string): Promise<number> {
  await readRecord(directory, "config.resolved.json");
  const all = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = all
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !unbundled.test(path))
    .sort();
  const files: Record<string, Uint8Array> = {};
  for (const path of paths) files[path] = await readFile(join(directory, path));
  await writeFileAtomic(out, [zipSync(files, { level: 6, mtime: new Date("1980-01-01T00:00:00Z") })]);
  return paths.length;
}

async function writeFiles(folder: string, files: readonly ExportedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, bytes } of files) await writeFileAtomic(join(folder, path), [bytes]);
}
