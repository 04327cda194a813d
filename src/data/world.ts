import { z } from "zod";
import { FormatError } from "../errors.ts";
import { checked } from "../checked.ts";
import { parseJson } from "../parse-json.ts";
import { requireSha256, sha256Text } from "../storage/hash.ts";

/** Gives the bytes of one file of a world, by its path in the world's folder: from a disk, a server or a store. */
export type ReadWorldFile = (path: string) => Promise<Uint8Array>;

const classSchema = z.strictObject({
  key: z.string(),
  /** Comma-joined lemmas, for prompts. */
  name: z.string(),
  meaning: z.strictObject({ hypernym: z.string(), definition: z.string() }).optional(),
});

const drawnClassSchema = classSchema.extend({
  icons: z.strictObject({ train: z.number(), validation: z.number(), test: z.number(), pool: z.number() }),
});

const sourceSchema = z.strictObject({
  vendor: z.string(),
  package: z.string(),
  version: z.string(),
  licence: z.string(),
  role: z.enum(["target", "pool"]),
  icons: z.number(),
  skipped: z.record(z.string(), z.number()),
  unmapped: z.array(z.string()),
});

const miniSchema = z.strictObject({
  format: z.literal("mini-world/1"),
  name: z.string(),
  seed: z.number(),
  resolution: z.number(),
  classes: z.array(drawnClassSchema),
  counts: z.strictObject({
    train: z.number(),
    validation: z.number(),
    test: z.number(),
    pool: z.number(),
    poolInClass: z.number(),
    heldOut: z.number(),
    real10: z.number(),
    real20: z.number(),
  }),
  captionShares: z.record(z.string(), z.number()),
  /** Share of target icons with a pool icon of the same concept at a cosine above `threshold`. */
  nearDuplicates: z.strictObject({
    threshold: z.number(),
    /** Pool icons left out because a target icon looks the same. */
    removedFromPool: z.number(),
    targetShare: z.number(),
    poolGroups: z.number(),
  }),
  sources: z.array(sourceSchema),
  /** Icons that could not be drawn. */
  failed: z.array(z.strictObject({ icon: z.string(), reason: z.string() })),
  files: z.record(z.string(), z.strictObject({ bytes: z.number(), sha256: z.string() })),
  /** SHA-256 over the files' names and hashes: equal exactly when the world is. */
  hash: z.string(),
});

/** What was imported for one part of a world. */
const importSchema = z.strictObject({
  /** The names of the sources, without their folders. */
  name: z.string(),
  layout: z.string(),
  pictures: z.number(),
  leftOut: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
});

const ownSchema = z.strictObject({
  format: z.literal("own-world/1"),
  name: z.string(),
  resolution: z.number(),
  /** Empty until a target is imported. */
  classes: z.array(classSchema),
  counts: z.record(z.string(), z.number()),
  imports: z.strictObject({ target: importSchema.optional(), pool: importSchema.optional() }),
  files: z.record(z.string(), z.strictObject({ bytes: z.number(), sha256: z.string() })),
  hash: z.string(),
});

const manifestSchema = z.discriminatedUnion("format", [miniSchema, ownSchema]);

/** The manifest of a world that was built from drawings. */
export type MiniWorldManifest = z.infer<typeof miniSchema>;

/** The manifest of a world that was imported. */
export type OwnWorldManifest = z.infer<typeof ownSchema>;

/** `world.json`: what a world holds, how it came about, and the SHA-256 of each of its files. */
export type WorldManifest = MiniWorldManifest | OwnWorldManifest;

/** Name of the world with pictures of this size, and of the networks that were trained on it. */
export const worldName = (resolution: number): string => (resolution === 32 ? "mini" : `mini-${String(resolution)}`);

/** Whether a world of this name was built from drawings; imported ones are called otherwise. */
export const isBuiltWorld = (name: string): boolean => /^mini(?:-|$)/.test(name);

/**
 * Reads `world.json`.
 *
 * @param where names the file in errors
 * @throws FormatError when it is no manifest of this version
 */
export const readManifest = async (read: ReadWorldFile, where = "world.json"): Promise<WorldManifest> => {
  const value = parseJson(new TextDecoder().decode(await read("world.json")), where);
  return checked(value, manifestSchema, where, "a world's manifest");
};

/**
 * One hash for all files of a world: SHA-256 of the lines `<path> <sha256>`, sorted by path.
 *
 * @param files hashes by path
 */
export const hashOfFiles = (files: WorldManifest["files"]): Promise<string> => {
  const paths = Object.keys(files).sort();
  return sha256Text(paths.map((path) => `${path} ${files[path]?.sha256 ?? ""}\n`).join(""));
};

/**
 * Reads one file of a world and checks it against the manifest.
 *
 * @param where names the world in errors
 * @throws FormatError when the manifest does not list it
 * @throws IntegrityError when its bytes are not those that were built
 */
export const readWorldFile = async (
  manifest: WorldManifest,
  path: string,
  read: ReadWorldFile,
  where = `world ${manifest.name}`,
): Promise<Uint8Array> => {
  const entry = manifest.files[path];
  if (!entry) throw new FormatError(where, `the file ${path}`, Object.keys(manifest.files).join(", "));
  const bytes = await read(path);
  await requireSha256(bytes, entry.sha256, `${where}: ${path}`);
  return bytes;
};

/**
 * Parses a file of one JSON value a line.
 *
 * @param where names the file in errors
 * @throws FormatError naming the line and field that is wrong
 */
export const parseLines = <T>(bytes: Uint8Array, schema: z.ZodType<T>, where: string): T[] =>
  new TextDecoder()
    .decode(bytes)
    .split("\n")
    .flatMap((line, index) => {
      if (line === "") return [];
      const place = `${where}:${String(index + 1)}`;
      return [checked(parseJson(line, place), schema, place, "a line of this file")];
    });
