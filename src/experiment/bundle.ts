/** A run in one file: a zip whose manifest names every other member by its hash. */
import { deflateSync, zipSync, type Zippable } from "fflate";
import { z } from "zod";
import { checked } from "../checked.ts";
import { defaultLimits } from "../data/import/limits.ts";
import { readZip } from "../data/import/zip.ts";
import { FormatError, IntegrityError, MissingError } from "../errors.ts";
import { sha256 } from "../storage/hash.ts";

/** The member that lists the others. */
const manifestPath = "manifest.json";

const format = "retrieve-or-generate/run";

const memberSchema = z.strictObject({
  path: z.string().min(1),
  sizeBytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSchema = z.strictObject({
  format: z.literal(format),
  version: z.literal(1),
  files: z.array(memberSchema),
});

/** A member as its manifest has it. */
type BundleMember = z.infer<typeof memberSchema>;

/**
 * Not in a bundle: units that are large and come again from the rest, the run's own and those of the trials that chose a
 * checkpoint; what was stopped before it was done; the lock; and what killed writes left.
 */
const unbundled = /^(?:(?:select\/[^/]+\/[^/]+\/)?train|world)\/.*\.bin$|\.part$|(?:^|\/)\./;

/** Whether a run's file goes into its bundle, by its path in the run's folder. */
export function isBundled(path: string): boolean {
  return !unbundled.test(path);
}

/** What a file is known by. */
async function memberOf(path: string, bytes: Uint8Array): Promise<BundleMember> {
  return { path, sizeBytes: bytes.length, sha256: await sha256(bytes) };
}

/** Bundles files, the same bytes for the same files. @returns a zip, its manifest first, the others by path */
export async function bundle(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const members = await Promise.all(sorted.map(([path, bytes]) => memberOf(path, bytes)));
  const text = `${JSON.stringify({ format, version: 1, files: members }, null, 2)}\n`;
  const zippable: Zippable = { [manifestPath]: new TextEncoder().encode(text) };
  for (const [path, bytes] of sorted) zippable[path] = [bytes, { level: looksLikeBomb(bytes) ? 0 : 6 }];
  // A zip's times are local ones; so written it is the same everywhere.
  return zipSync(zippable, { level: 6, mtime: new Date(1980, 0, 1) });
}

/** Whether some part packs so well that a reader of untrusted zips may refuse it; such a member is stored as it is. */
function looksLikeBomb(bytes: Uint8Array): boolean {
  const { ratioFromBytes: blockBytes, inflationRatio } = defaultLimits;
  for (let at = 0; bytes.length > blockBytes && at < bytes.length; at += blockBytes) {
    const block = bytes.subarray(at, at + blockBytes);
    // The reader takes pieces of its own, so half of what it allows is far enough.
    if (block.length > (inflationRatio / 2) * deflateSync(block, { level: 6 }).length) return true;
  }
  return false;
}

/**
 * Reads a bundle that may come from anyone, member by member, and holds it against its manifest.
 *
 * @param where names it
 * @param keep takes each member but the manifest, before the bundle is known to be whole
 * @returns how many members it kept
 * @throws FormatError when it is no such zip, exceeds the limits of imports or has unsafe names
 * @throws MissingError when it has no manifest
 * @throws IntegrityError naming the first member that is missing, surplus or changed
 */
export async function readBundle(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  keep: (path: string, bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  let expected: ReadonlyMap<string, BundleMember> | undefined;
  const found = new Map<string, BundleMember>();
  for await (const { path, bytes } of readZip(chunks, where, defaultLimits)) {
    if (path === manifestPath) expected = readManifest(bytes, where);
    else {
      found.set(path, await memberOf(path, bytes));
      await keep(path, bytes);
    }
  }
  if (!expected) throw new MissingError(where, manifestPath, "`rog export bundle` writes it");
  checkMembers(expected, found, where);
  return found.size;
}

/** The members that a bundle must hold, by path. */
function readManifest(bytes: Uint8Array, where: string): ReadonlyMap<string, BundleMember> {
  const named = `${where}: ${manifestPath}`;
  const { files } = checked(parsedJson(bytes, named), manifestSchema, named, `a manifest of ${format}, version 1`);
  const members = new Map(files.map((member) => [member.path, member]));
  if (members.size < files.length) throw new FormatError(named, "each path once", "one twice");
  return members;
}

function parsedJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new FormatError(where, "JSON", String(error));
  }
}

function checkMembers(
  expected: ReadonlyMap<string, BundleMember>,
  found: ReadonlyMap<string, BundleMember>,
  where: string,
): void {
  for (const path of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
    const [listed, actual] = [expected.get(path), found.get(path)];
    if (listed?.sha256 === actual?.sha256 && listed?.sizeBytes === actual?.sizeBytes) continue;
    const wanted = listed ? textOf(listed) : `of a file that ${manifestPath} lists`;
    throw new IntegrityError(`${where}: ${path}`, wanted, actual ? textOf(actual) : "no such member");
  }
}

const textOf = ({ sha256: hash, sizeBytes }: BundleMember): string => `${hash} of ${String(sizeBytes)} bytes`;
