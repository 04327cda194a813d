/** Targets of a user's own pictures that this browser keeps, and the worlds that they make with a pool. */
import { readDataset, type Dataset } from "../src/data/dataset.ts";
import type { OwnWorldManifest } from "../src/data/world.ts";
import { FormatError, MissingError } from "../src/errors.ts";
import type { RunWorld } from "../src/experiment/run-data.ts";
import { sha256Text } from "../src/storage/hash.ts";
import type { Medium } from "../src/storage/medium.ts";
import type { NewTarget } from "./import-target.ts";
import type { ImportedTarget } from "./lab-api.ts";

const parent = "targets";
const manifestPath = "target.json";

/** What lies beside a target's files; written last, so that a target without it is none. */
interface TargetRecord {
  readonly manifest: OwnWorldManifest;
  readonly images: readonly number[];
}

/** A target as a run takes it. */
export interface OpenTarget {
  readonly dataset: Dataset;
  readonly hash: string;
}

/** The targets of a medium, each a folder of its own. */
export class KeptTargets {
  readonly #medium: Medium;

  constructor(medium: Medium) {
    this.#medium = medium;
  }

  /**
   * Keeps a target under its hash; one that is there already takes the new name.
   *
   * @throws QuotaError when there is no room; nothing of it stays then, unless it was there
   */
  async keep({ manifest, files, images }: NewTarget): Promise<ImportedTarget> {
    const { hash } = manifest;
    const record: TargetRecord = { manifest, images };
    const isThere = await this.#medium.has(keyOf(hash, manifestPath));
    try {
      for (const [path, bytes] of files) await this.#medium.write(keyOf(hash, path), bytes);
      await this.#medium.write(keyOf(hash, manifestPath), new TextEncoder().encode(JSON.stringify(record)));
    } catch (error) {
      if (!isThere) await this.remove(hash);
      throw error;
    }
    return described(record);
  }

  /** The targets, by name. */
  async list(): Promise<readonly ImportedTarget[]> {
    const found: ImportedTarget[] = [];
    for (const hash of await this.#hashes()) {
      const record = await this.#record(hash);
      if (record) found.push(described(record));
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Forgets a target; one that is not there is no error. */
  async remove(hash: string): Promise<void> {
    await this.#medium.remove(keyOf(hash, manifestPath));
    for (const key of await this.#medium.keys(parent))
      if (key.startsWith(`${parent}/${hash}/`)) await this.#medium.remove(key);
  }

  /**
   * The target that a hash, or its beginning, names.
   *
   * @throws MissingError when this browser does not keep it
   * @throws IntegrityError when a file of it is damaged
   */
  async open(hash: string): Promise<OpenTarget> {
    const whole = (await this.#hashes()).find((known) => known.startsWith(hash));
    const record = whole === undefined ? undefined : await this.#record(whole);
    const where = `own pictures ${hash.slice(0, 8)}`;
    if (whole === undefined || !record) throw new MissingError(where, "the target", "this browser does not keep it");
    const dataset = await readDataset(record.manifest, async (path) => {
      const bytes = await this.#medium.read(keyOf(whole, path));
      if (!bytes) throw new MissingError(where, path);
      return bytes;
    });
    return { dataset, hash: whole };
  }

  async #hashes(): Promise<string[]> {
    const keys = await this.#medium.keys(parent);
    return keys.filter((key) => key.endsWith(`/${manifestPath}`)).map((key) => key.split("/")[1]!);
  }

  async #record(hash: string): Promise<TargetRecord | undefined> {
    const bytes = await this.#medium.read(keyOf(hash, manifestPath));
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as TargetRecord);
  }
}

const keyOf = (hash: string, path: string): string => `${parent}/${hash}/${path}`;

function described({ manifest, images }: TargetRecord): ImportedTarget {
  const { train = 0, validation = 0, test = 0, real10 = 0 } = manifest.counts;
  const { name = manifest.name, leftOut = [] } = manifest.imports.target ?? {};
  return {
    ...{ name, hash: manifest.hash, images: { train, validation, test, real10 }, leftOut },
    classes: manifest.classes.map(({ key, name: called }, i) => ({ key, name: called, images: images[i] ?? 0 })),
  };
}

/**
 * A world with another target than its own.
 *
 * @throws FormatError when the pictures of the two differ in size
 */
export async function worldWithTarget(
  { dataset, hash }: OpenTarget,
  { pool, hash: world }: RunWorld,
): Promise<RunWorld> {
  if (dataset.resolution !== pool.resolution)
    throw new FormatError(dataset.name, `pictures of ${String(pool.resolution)} pixels`, String(dataset.resolution));
  return { dataset, pool, hash: await sha256Text(JSON.stringify([hash, world])) };
}
