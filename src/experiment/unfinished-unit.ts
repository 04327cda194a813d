/** Units that were stopped before their end: what is there of one is kept in one file, `stage/unit.part`, until it is done. */
import { QuotaError } from "../errors.ts";
import { sha256 } from "../storage/hash.ts";
import { packWork, unpackWork, type Resumption, type UnfinishedWork } from "../training/resumption.ts";
import type { RunFolder } from "./run-folder.ts";

/** How often unfinished work is kept while it goes on; a stop keeps it at once. */
const keptEveryMs = 5 * 60_000;

/** Larger work is not kept: platforms hash and read so much at once, and not much more. */
const largestBytes = 2 ** 30;

/** Letters of the hash that a file begins with. */
const hashLetters = 64;

/** Raised when a file is laid out otherwise. */
const layoutVersion = 1;

const partOf = (path: string): string => `${path}.part`;

/** Lets go of what was kept of a unit. @param path such as `train/retrieval/set-0` */
export function forgetUnfinished(folder: RunFolder, path: string): Promise<void> {
  return folder.remove(partOf(path));
}

/** What goes into a file beside the work. */
interface Kept {
  readonly version: number;
  /** Of the unit: work at a unit of other inputs is not gone on with. */
  readonly key: string;
  /** Of all starts that worked at it. */
  readonly elapsedMs: number;
}

/** A unit that is being made: what an earlier start left of it, and where this one leaves it. */
export class UnfinishedUnit implements Resumption {
  readonly #startedAt = performance.now();
  #keptAt = this.#startedAt;

  private constructor(
    private readonly folder: RunFolder,
    private readonly path: string,
    private readonly key: string,
    readonly found: UnfinishedWork | undefined,
    private readonly beforeMs: number,
  ) {}

  static async open(folder: RunFolder, path: string, key: string): Promise<UnfinishedUnit> {
    const kept = await read(folder, partOf(path));
    const isSame = kept?.about.key === key && kept.about.version === layoutVersion;
    return new UnfinishedUnit(folder, path, key, isSame ? kept.work : undefined, isSame ? kept.about.elapsedMs : 0);
  }

  /** How long all starts have worked at it. */
  get elapsedMs(): number {
    return this.beforeMs + performance.now() - this.#startedAt;
  }

  isDue(): boolean {
    return performance.now() - this.#keptAt >= keptEveryMs;
  }

  async keep(work: UnfinishedWork): Promise<void> {
    this.#keptAt = performance.now();
    const sizeBytes = [...work.values.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (sizeBytes > largestBytes) return;
    const bytes = packWork(work, { version: layoutVersion, key: this.key, elapsedMs: this.elapsedMs } satisfies Kept);
    const file = new Uint8Array(hashLetters + bytes.length);
    file.set(new TextEncoder().encode(await sha256(bytes)));
    file.set(bytes, hashLetters);
    try {
      // One file, whole or not at all: a kill meanwhile leaves what was kept before.
      await this.folder.write(partOf(this.path), file);
    } catch (error) {
      // Without room for it the next start goes on from what was kept before, or begins anew.
      if (!(error instanceof QuotaError)) throw error;
    }
  }
}

/** A file's content; undefined where there is none, or a damaged one. */
async function read(
  folder: RunFolder,
  path: string,
): Promise<{ readonly work: UnfinishedWork; readonly about: Kept } | undefined> {
  const file = await folder.read(path);
  if (file === undefined) return undefined;
  const bytes = file.slice(hashLetters);
  if (new TextDecoder().decode(file.subarray(0, hashLetters)) !== (await sha256(bytes))) return undefined;
  const { work, about } = await unpackWork(bytes, path);
  return { work, about: about as Kept };
}
