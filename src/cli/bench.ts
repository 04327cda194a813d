/** `rog bench`: what each method costs on this machine, a process for each so that its memory is its own. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { readRunState, readUnitTimes } from "../experiment/run-log.ts";
import type { Spec } from "../experiment/spec.ts";
import { allMethods } from "../methods/registry.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { diskFolder, namesIn, readRecord } from "./run-files.ts";
import { openSpec } from "./run.ts";
import { placeFlags, specFlags } from "./run-flags.ts";

const { adapter, models, world } = placeFlags;
const flags = {
  ...specFlags,
  ...{ adapter, models, world },
  methods: { type: "boolean", help: "the methods of the spec: seconds and memory of each" },
  classes: { type: "number", help: "classes that are adapted to and made images of (4)" },
  json: { type: "boolean", help: "print one JSON list" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

const help = `rog bench --methods [-c spec.yaml] [field=value …]: what each method costs on this machine

Runs the spec (specs/mini-all.yaml) up to the produced images once for each of its methods, each in a process of its own. The first
class pays for compiling, so seconds an image are the median over the classes.

`;

/** What one method costs. */
export interface MethodBench {
  readonly id: string;
  /** 0 for methods that learn nothing. */
  readonly adaptSecondsPerClass: number;
  readonly produceSecondsPerImage: number;
  readonly images: number;
  /** Most memory that the process held, networks and pool included. */
  readonly peakMemoryBytes: number | null;
}

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("bench", args, flags);
  if (given.help) {
    process.stdout.write(`${help}${flagsText(flags)}`);
    return 0;
  }
  if (!given.methods) throw new ConfigError("rog bench", "--methods", "nothing");
  const config = given.config ?? "specs/mini-all.yaml";
  const overrides = [`classes=${String(given.classes ?? 4)}`, ...positionals];
  const { spec } = (await openSpec(config, overrides))();
  const places = (["adapter", "models", "world"] as const).flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  const results: MethodBench[] = [];
  if (!given.json) process.stdout.write(`${heading}\n`);
  for (const id of methodsOf(spec)) {
    const result = await benchMethod(id, ["-c", config, ...places, ...overrides]);
    results.push(result);
    if (!given.json) process.stdout.write(`${rowText(result)}\n`);
  }
  if (given.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  return 0;
}

const methodsOf = ({ conditions }: Spec): string[] => conditions.filter((id) => Object.hasOwn(allMethods(), id));

/** Runs one method to its images and reads the times that the run kept. */
async function benchMethod(id: string, args: readonly string[]): Promise<MethodBench> {
  const parent = await mkdtemp(join(tmpdir(), "rog-bench-"));
  try {
    await produce([...args, `conditions=[${id}]`, `--out=${parent}`]);
    const [name = ""] = await namesIn(parent);
    const directory = join(parent, name);
    const times = await readUnitTimes(diskFolder(directory));
    const state = await readRunState(diskFolder(directory));
    const counts = await imagesOf(directory, id);
    const adapted = [...times].filter(([unit]) => unit.startsWith("adapt/")).reduce((sum, [, ms]) => sum + ms, 0);
    const perImage = counts.map(([key, count]) => (times.get(`produce/${id}/${key}`) ?? 0) / 1000 / count);
    return {
      id,
      adaptSecondsPerClass: adapted / 1000 / counts.length,
      produceSecondsPerImage: perImage.sort((a, b) => a - b)[perImage.length >> 1] ?? 0,
      images: counts.reduce((sum, [, count]) => sum + count, 0),
      peakMemoryBytes: state?.peakMemoryBytes ?? null,
    };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** Images by class. */
async function imagesOf(directory: string, id: string): Promise<[string, number][]> {
  const units = (await namesIn(join(directory, "produce", id))).filter((name) => name.endsWith(".json"));
  return Promise.all(
    units.map(async (name): Promise<[string, number]> => {
      const { value } = await readRecord<{ value: { images: unknown[] } }>(directory, `produce/${id}/${name}`);
      return [name.slice(0, -".json".length), value.images.length];
    }),
  );
}

/** @throws Error when the process fails; what it said has gone to stderr */
async function produce(args: readonly string[]): Promise<void> {
  const entry = process.argv[1] ?? "";
  const child = spawn(process.execPath, [entry, "produce", ...args], { stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
  if (code !== 0) throw new Error(`rog produce ${args.join(" ")} ended with ${String(code)}`);
}

const heading = "method                 adapt, s a class  make, s an image  images  peak memory, GB";

function rowText({ id, adaptSecondsPerClass, produceSecondsPerImage, images, peakMemoryBytes }: MethodBench): string {
  const memory = peakMemoryBytes === null ? "-" : (peakMemoryBytes / 1e9).toFixed(2);
  return [
    id.padEnd(21),
    adaptSecondsPerClass.toFixed(2).padStart(18),
    produceSecondsPerImage.toFixed(3).padStart(18),
    String(images).padStart(8),
    memory.padStart(17),
  ].join("");
}
