/** What the student finds wrong with pictures. */
import { remembered } from "../../remembered.ts";

/** In the order of the page. */
export const flagKinds = ["wrong-class", "not-a-photo", "duplicate"] as const;
export type FlagKind = (typeof flagKinds)[number];

/** By run, then by picture, whose name begins with its lane and class: `retrieval/bird/noto/dodo#2`. */
export type Flags = Readonly<Record<string, Readonly<Record<string, readonly FlagKind[]>>>>;

/** All of them. */
export const flags = remembered<Flags>("picture-flags", {});

/** A picture's name among the flags. */
export function flagName(lane: string, classKey: string, key: string): string {
  return `${lane}/${classKey}/${key}`;
}

/** What is wrong with a picture, in the order of the page. */
export function flagsOf(all: Flags, runId: string, picture: string): readonly FlagKind[] {
  return all[runId]?.[picture] ?? [];
}

/** The flags with one put on a picture, or taken off where it was on. */
export function toggled(all: Flags, runId: string, picture: string, kind: FlagKind): Flags {
  const now = flagsOf(all, runId, picture);
  const next = flagKinds.filter((one) => now.includes(one) !== (one === kind));
  const { [picture]: _, ...others } = all[runId] ?? {};
  return { ...all, [runId]: next.length === 0 ? others : { ...others, [picture]: next } };
}

/** How many pictures have each flag, and how many have any. */
export interface FlagCounts {
  readonly pictures: number;
  readonly kinds: Readonly<Record<FlagKind, number>>;
}

/** Counts over the pictures whose name begins so, such as `retrieval/` or `retrieval/bird/`. */
export function countFlags(all: Flags, runId: string, beginning: string): FlagCounts {
  const found = Object.entries(all[runId] ?? {}).filter(([picture]) => picture.startsWith(beginning));
  const count = (kind: FlagKind): number => found.filter(([, kinds]) => kinds.includes(kind)).length;
  const kinds = {
    "wrong-class": count("wrong-class"),
    "not-a-photo": count("not-a-photo"),
    duplicate: count("duplicate"),
  };
  return { pictures: found.length, kinds };
}
