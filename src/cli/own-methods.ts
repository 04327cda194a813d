/** Methods that a spec brings along in files of its own. */
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ConfigError, FormatError, MissingError } from "../errors.ts";
import { addCondition, type Family } from "../experiment/conditions.ts";
import { namePattern } from "../experiment/spec-fields.ts";
import type { Method } from "../methods/method.ts";
import { addMethod } from "../methods/registry.ts";
import { writeFileAtomic } from "../storage/files.ts";
import { sha256 } from "../storage/hash.ts";

/** What such a file exports by default. */
export interface OwnMethod {
  readonly method: Method;
  /** As tables print its condition. */
  readonly label: string;
  readonly family: Family;
}

const families: readonly Family[] = ["unconditional", "prompt", "personalised", "retrieval"];

/**
 * Loads methods and makes their ids known to specs. A file loaded before is left as it is.
 *
 * @param files TypeScript or JavaScript; they import the project as `retrieve-or-generate`
 * @param base the folder that names are relative to
 * @throws MissingError, FormatError, ConfigError naming the file
 */
export async function loadOwnMethods(files: readonly string[], base: string): Promise<void> {
  for (const file of files) {
    const path = resolve(base, file);
    if (loaded.has(path)) continue;
    const { method, label, family } = await importMethod(path, file);
    addMethod(method);
    addCondition(method.id, { label, family });
    loaded.add(path);
  }
}

const loaded = new Set<string>();

async function importMethod(path: string, file: string): Promise<OwnMethod> {
  const code = await bundled(path, file);
  const hash = await sha256(code);
  const target = join(projectRoot(), ".cache", "build", `own-${hash.slice(0, 16)}.mjs`);
  await mkdir(dirname(target), { recursive: true });
  await writeFileAtomic(target, [code]);
  const exported = ((await import(pathToFileURL(target).href)) as { default?: unknown }).default;
  return checked(exported, file, hash);
}

/** Two folders up, from `src/cli` as from `.cache/build`, where the bundled command line lies. */
const projectRoot = (): string => join(dirname(fileURLToPath(import.meta.url)), "..", "..");

async function bundled(path: string, file: string): Promise<Uint8Array> {
  try {
    const { outputFiles } = await build({
      entryPoints: [path],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node20",
      alias: { "retrieve-or-generate": join(projectRoot(), "src", "methods", "api.ts") },
      logLevel: "silent",
    });
    return outputFiles[0]!.contents;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.includes("Could not resolve") && message.includes(path))
      throw new MissingError("methods", path, `${file} is relative to the spec`);
    throw new FormatError(file, "a module that bundles", message);
  }
}

function checked(exported: unknown, file: string, code: string): OwnMethod {
  const where = `${file}: default export`;
  if (typeof exported !== "object" || exported === null)
    throw new FormatError(where, "{ method, label, family }", String(exported));
  const { method, label, family } = exported as Partial<OwnMethod>;
  if (typeof method?.produce !== "function" || typeof method.amount !== "function" || !Array.isArray(method.draws))
    throw new FormatError(`${where}: method`, "id, draws, amount and produce", Object.keys(method ?? {}).join(", "));
  if (!namePattern.test(method.id))
    throw new ConfigError(`${where}: method.id`, "lower-case letters, digits and hyphens", method.id);
  if (typeof label !== "string" || label === "") throw new FormatError(`${where}: label`, "a text", String(label));
  if (family === undefined || !families.includes(family))
    throw new FormatError(`${where}: family`, `one of ${families.join(", ")}`, String(family));
  return { method: { ...method, code }, label, family };
}
