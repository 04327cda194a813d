/** Asking for ever more neighbours until enough of them survive the filters. */
import { ConfigError } from "../errors.ts";
import type { Hit } from "./index.ts";

/** What decides a growing retrieval. */
export interface GrowOptions {
  /** Images wanted. */
  readonly target: number;
  /** Round m asks for `round(factor · target · m)` neighbours; 1.4 in the paper. */
  readonly factor?: number;
  /** Rounds at most; 10 in the paper. */
  readonly rounds?: number;
  /** The k nearest neighbours, best first. */
  readonly search: (k: number) => Promise<readonly Hit[]>;
  /** Drops near-duplicates from a round's whole list. */
  readonly deduplicate?: (hits: readonly Hit[]) => readonly Hit[];
  /** Why a hit may not be used, or null when it may; asked once a hit, best first. */
  readonly reject?: (hit: Hit) => Promise<string | null> | string | null;
}

/** What came of a retrieval, from asked to kept. */
export interface Retrieved {
  /** At most `target` hits, most similar first. */
  readonly kept: readonly Hit[];
  /** Neighbours asked for in the last round. */
  readonly asked: number;
  /** Neighbours that the index returned in the last round. */
  readonly found: number;
  /** Found ones that were near-duplicates of a better-ranked one. */
  readonly duplicates: number;
  /** Rejected ones by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly rounds: number;
  /** Wanted and not there; above 0 the class is insufficient. */
  readonly shortfall: number;
}

/**
 * Grows the number of neighbours until `target` of them are kept, the rounds are used up, or the index has no more.
 *
 * @throws ConfigError when target or rounds is not a whole number >= 1, or factor not > 0
 *
 * Burg et al. 2023, section 3.2: from 1.4 · 130 = 182 to 10 · 182 = 1820 neighbours, ids already seen dropped.
 */
export async function grow(options: GrowOptions): Promise<Retrieved> {
  const { target, factor = 1.4, rounds = 10, search, deduplicate = keepAll, reject = keepAny } = options;
  requirePositive(target, rounds, factor);
  const seen = new Set<number>();
  const kept: Hit[] = [];
  const rejected: Record<string, number> = {};
  const last = { asked: 0, found: 0, duplicates: 0, rounds: 0 };
  while (kept.length < target && last.rounds < rounds && last.found === last.asked) {
    last.rounds++;
    last.asked = Math.round(factor * target * last.rounds);
    const hits = await search(last.asked);
    const unique = deduplicate(hits);
    last.found = hits.length;
    last.duplicates = hits.length - unique.length;
    for (const hit of unique) {
      if (seen.has(hit.id)) continue;
      seen.add(hit.id);
      const reason = await reject(hit);
      if (reason === null) kept.push(hit);
      else rejected[reason] = (rejected[reason] ?? 0) + 1;
      if (kept.length === target) break;
    }
  }
  kept.sort((a, b) => b.similarity - a.similarity || a.id - b.id);
  return { kept, ...last, rejected, shortfall: target - kept.length };
}

const keepAll = (hits: readonly Hit[]): readonly Hit[] => hits;
const keepAny = (): null => null;

function requirePositive(target: number, rounds: number, factor: number): void {
  for (const [name, value] of [
    ["target", target],
    ["rounds", rounds],
  ] as const)
    if (!Number.isInteger(value) || value < 1)
      throw new ConfigError(`retrieval ${name}`, "a whole number >= 1", String(value));
  if (!(factor > 0)) throw new ConfigError("retrieval factor", "a number > 0", String(factor));
}
