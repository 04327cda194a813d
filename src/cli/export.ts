/** `rog export`: what a run made, for other programs. */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import sharp from "sharp";
import { ConfigError, MissingError } from "../errors.ts";
import { bundle, isBundled, readBundle } from "../experiment/bundle.ts";
import { imageFolderFiles, learnedEmbeds, type ExportedFile, type ProducedRecord } from "../experiment/exports.ts";
import type { Spec } from "../experiment/spec.ts";
import { webdatasetSamples, webdatasetShards } from "../experiment/webdataset.ts";
import { writeFileAtomic } from "../storage/files.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { namesIn, readRecord } from "./run-files.ts";

const flags = {
  out: { type: "string", short: "o", help: "where it goes: a folder, or the bundle's file" },
  scale: { type: "number", help: "of figures: how many times a figure's own size (2)" },
  "shard-size": { type: "number", help: "of webdataset: MiB of a shard at most (256)" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

const help = `rog export KIND RUN -o PATH: what a run made, for other programs

  imagefolder  every produced image as PNG, a folder a method and class, with metadata.jsonl (Hugging Face datasets)
  webdataset   the same images as tar shards of png, cls and json (WebDataset), and classes.json in the order of cls
  embeds       learned words, a safetensors file a class (diffusers load_textual_inversion)
  figures      every figure of a finished run as SVG and as PNG
  bundle       the whole run as one zip without the classifiers' weights, which \`rog import\` takes

`;

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("export", args, flags);
  if (given.help) {
    process.stdout.write(`${help}${flagsText(flags)}`);
    return 0;
  }
  const [kind, directory, ...more] = positionals;
  const exporter = kind === undefined ? undefined : exporters.get(kind);
  if (!exporter) throw new ConfigError("rog export", [...exporters.keys()].join(", "), kind ?? "nothing");
  if (directory === undefined || more.length > 0)
    throw new ConfigError("rog export", "one run folder", positionals.slice(1).join(" ") || "nothing");
  if (given.out === undefined) throw new ConfigError("rog export", "--out PATH", "nothing");
  if (intoEmpty.includes(kind!)) await requireEmpty(given.out);
  const count = await exporter(directory, given.out, {
    shardMebibytes: given["shard-size"] ?? 256,
    scale: given.scale ?? 2,
  });
  process.stderr.write(`${String(count)} files in ${given.out}\n`);
  return 0;
}

/** Exports whose readers take all that lies in the folder. */
const intoEmpty = ["imagefolder", "webdataset", "embeds"];

async function requireEmpty(out: string): Promise<void> {
  const [first] = await namesIn(out);
  if (first !== undefined) throw new ConfigError(`--out ${out}`, "an empty folder, or none", `one with ${first} in it`);
}

/** What some exports can be told. */
interface ExportOptions {
  readonly shardMebibytes: number;
  readonly scale: number;
}

/** @returns how many files it wrote or bundled */
type Exporter = (directory: string, out: string, options: ExportOptions) => Promise<number>;

const exporters: ReadonlyMap<string, Exporter> = new Map<string, Exporter>([
  ["imagefolder", exportImages],
  ["webdataset", exportShards],
  ["embeds", exportEmbeds],
  ["figures", exportFigures],
  ["bundle", exportBundle],
]);

const resolutionOf = async (directory: string): Promise<number> =>
  (await readRecord<Spec>(directory, "config.resolved.json")).world.resolution;

/** Keys of the classes that a method made images of, sorted. */
async function producedKeys(directory: string, method: string): Promise<string[]> {
  const names = await namesIn(join(directory, "produce", method));
  return names
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/** The images that a method made of a class. */
async function producedUnit(
  directory: string,
  method: string,
  key: string,
): Promise<{ readonly record: ProducedRecord; readonly pixels: Uint8Array }> {
  const path = join("produce", method, key);
  const { value } = await readRecord<{ value: ProducedRecord }>(directory, `${path}.json`);
  return { record: value, pixels: await readFile(join(directory, `${path}.bin`)) };
}

async function exportImages(directory: string, out: string): Promise<number> {
  const resolution = await resolutionOf(directory);
  let count = 0;
  for (const method of await namesIn(join(directory, "produce"))) {
    const lines: object[] = [];
    for (const key of await producedKeys(directory, method)) {
      const { record, pixels } = await producedUnit(directory, method, key);
      const made = imageFolderFiles(key, record, pixels, resolution);
      await writeFiles(join(out, method), made.files);
      lines.push(...made.lines);
      count += made.files.length;
    }
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    await writeFiles(join(out, method), [{ path: "metadata.jsonl", bytes: new TextEncoder().encode(text) }]);
  }
  if (count === 0) throw new MissingError(directory, "an image of a method", "the run has not produced any");
  return count;
}

async function exportShards(
  directory: string,
  out: string,
  { shardMebibytes }: Pick<ExportOptions, "shardMebibytes">,
): Promise<number> {
  if (!(shardMebibytes > 0)) throw new ConfigError("rog export", "--shard-size above 0", String(shardMebibytes));
  const methods = await namesIn(join(directory, "produce"));
  const keys = await Promise.all(methods.map((method) => producedKeys(directory, method)));
  // The order of the run's own classes is known to finished runs only.
  const classes = [...new Set(keys.flat())].sort();
  if (classes.length === 0) throw new MissingError(directory, "an image of a method", "the run has not produced any");
  await writeFiles(out, [{ path: "classes.json", bytes: new TextEncoder().encode(`${JSON.stringify(classes)}\n`) }]);
  let count = 1;
  for (const method of methods) {
    const samples = samplesOf(directory, method, classes);
    for await (const { path, pieces } of webdatasetShards(method, samples, shardMebibytes * 2 ** 20)) {
      await writeFileAtomic(join(out, path), pieces);
      count++;
    }
  }
  return count;
}

/** A method's images of all classes, numbered through. */
async function* samplesOf(
  directory: string,
  method: string,
  classes: readonly string[],
): AsyncGenerator<readonly Uint8Array[]> {
  const resolution = await resolutionOf(directory);
  let first = 0;
  for (const key of await producedKeys(directory, method)) {
    const unit = await producedUnit(directory, method, key);
    yield* webdatasetSamples({ ...unit, key, classIndex: classes.indexOf(key), resolution }, first);
    first += unit.record.images.length;
  }
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

/** The figures as they are, and drawn at so many pixels for each of their units. */
async function exportFigures(directory: string, out: string, { scale }: Pick<ExportOptions, "scale">): Promise<number> {
  if (!(scale > 0 && scale <= mostScale))
    throw new ConfigError("rog export", `--scale above 0, ${String(mostScale)} at most`, String(scale));
  const folder = join(directory, "figures");
  const names = (await namesIn(folder)).filter((name) => name.endsWith(".svg")).sort();
  if (names.length === 0) throw new MissingError(directory, "figures, which a finished run has");
  for (const name of names) {
    const svg = await readFile(join(folder, name));
    const png = await sharp(svg, { density: unitDensity * scale })
      .png()
      .toBuffer();
    await writeFiles(out, [
      { path: name, bytes: svg },
      { path: name.replace(/svg$/, "png"), bytes: png },
    ]);
  }
  return 2 * names.length;
}

const mostScale = 10;

/** With which a unit of an SVG is one pixel. */
const unitDensity = 72;

async function exportBundle(directory: string, out: string): Promise<number> {
  await readRecord(directory, "config.resolved.json");
  const all = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = all
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter(isBundled)
    .sort();
  const files = new Map<string, Uint8Array>();
  for (const path of paths) files.set(path, await readFile(join(directory, path)));
  const bytes = await bundle(files);
  // A bundle that `rog import` would refuse is of no use, and is better found here than there.
  await readBundle(inPieces(bytes), out, () => Promise.resolve());
  await writeFileAtomic(out, [bytes]);
  return paths.length;
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const pieceBytes = 2 ** 16;
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function writeFiles(folder: string, files: readonly ExportedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, bytes } of files) await writeFileAtomic(join(folder, path), [bytes]);
}
