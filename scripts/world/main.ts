import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { MiniWorldManifest } from "../../src/data/world.ts";
import { ConfigError } from "../../src/errors.ts";
import { buildWorld, worldDefaults, type BuiltWorld } from "./build.ts";

const usage = `npm run world -- [--name mini] [--seed 1] [--resolution 32] [--pool-pictures 2] [--out world/<name>]
Builds the mini world: a labelled target dataset and a captioned pool. The same options give the same bytes.`;

/** Writes a world's files to a temporary folder and moves it into place. */
const writeWorld = ({ manifest, files }: BuiltWorld, folder: string): void => {
  const temporary = `${folder}.partial`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  for (const [path, bytes] of files) writeFileSync(join(temporary, path), bytes);
  writeFileSync(join(temporary, "world.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
};

const report = ({ counts, sources, failed, nearDuplicates }: MiniWorldManifest): string =>
  [
    `target: ${String(counts.train)} train, ${String(counts.validation)} validation, ${String(counts.test)} test pictures`,
    `pool: ${String(counts.pool)} pictures, ${String(counts.poolInClass)} of the target's classes`,
    `low data: ${String(counts.real10)} and ${String(counts.real20)} pictures`,
    `left out of the pool as doubles of target icons: ${String(nearDuplicates.removedFromPool)}`,
    ...sources.map(
      ({ vendor, icons, skipped, unmapped }) =>
        `  ${vendor}: ${String(icons)} icons; left out: ${Object.entries(skipped)
          .map(([reason, count]) => `${String(count)} ${reason}`)
          .concat(`${String(unmapped.length)} without an emoji`)
          .join(", ")}`,
    ),
    ...failed.map(({ icon, reason }) => `  could not draw ${icon}: ${reason}`),
  ].join("\n");

const integer = (option: string, text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new ConfigError(`--${option}`, "a positive integer", text);
  return value;
};

const { values } = parseArgs({
  options: {
    name: { type: "string" },
    seed: { type: "string", default: String(worldDefaults.seed) },
    resolution: { type: "string", default: String(worldDefaults.resolution) },
    "pool-pictures": { type: "string", default: String(worldDefaults.poolPicturesPerIcon) },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(usage);
} else {
  const resolution = integer("resolution", values.resolution);
  if (resolution % 16 !== 0) throw new ConfigError("--resolution", "a multiple of 16", values.resolution);
  const name = values.name ?? (resolution === worldDefaults.resolution ? "mini" : `mini-${String(resolution)}`);
  const folder = values.out ?? join("world", name);
  const started = performance.now();
  const world = await buildWorld({
    ...worldDefaults,
    root: process.cwd(),
    name,
    seed: integer("seed", values.seed),
    resolution,
    poolPicturesPerIcon: integer("pool-pictures", values["pool-pictures"]),
    onProgress: (done, total) => {
      if (process.stderr.isTTY) process.stderr.write(`\rdrawing ${String(done)}/${String(total)} icons `);
    },
  });
  writeWorld(world, folder);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (process.stderr.isTTY) process.stderr.write("\n");
  console.error(`${report(world.manifest)}\nbuilt ${folder} in ${seconds} s`);
  console.log(world.manifest.hash);
}
