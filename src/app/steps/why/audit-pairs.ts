/** Added pictures beside their nearest held-out ones. */
import type { Gallery, GalleryPicture, GallerySet } from "../../../experiment/gallery.ts";

/** An added picture that was held against the held-out ones. */
export interface AuditPair {
  readonly set: GallerySet;
  readonly classIndex: number;
  /** Its place in its class's row, and that of its nearest one. */
  readonly column: number;
  readonly picture: GalleryPicture & { readonly nearest: NonNullable<GalleryPicture["nearest"]> };
}

/** Every audited picture that a gallery holds, the most similar to a held-out one first. */
export function auditPairs({ sets }: Gallery): AuditPair[] {
  const pairs = sets.flatMap((set) =>
    set.nearestAtlas === null
      ? []
      : set.classes.flatMap(({ pictures }, classIndex) =>
          pictures.flatMap((picture, column): AuditPair[] => {
            const { nearest } = picture;
            return nearest ? [{ set, classIndex, column, picture: { ...picture, nearest } }] : [];
          }),
        ),
  );
  return pairs.sort((a, b) => b.picture.nearest.similarity - a.picture.nearest.similarity);
}

/** A pair as it is shown: once, also where several methods found the same picture. */
export interface ShownPair extends AuditPair {
  /** The sets that have it, by id. */
  readonly ids: readonly string[];
}

/** The first of the flagged ones, or where there are none of all; and how many there are. @param most pairs to show */
export function pairsToShow(
  pairs: readonly AuditPair[],
  most: number,
): { readonly first: readonly ShownPair[]; readonly total: number } {
  const flagged = pairs.filter(({ picture }) => picture.flagged);
  const groups = new Map<string, AuditPair[]>();
  for (const pair of flagged.length > 0 ? flagged : pairs) {
    const { pool } = pair.picture.provenance;
    const own = typeof pool === "string" ? pool : `${pair.set.id}/${String(pair.column)}`;
    const key = `${String(pair.classIndex)} ${own}`;
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  const shown = [...groups.values()].map((group) => ({ ...group[0]!, ids: group.map(({ set }) => set.id) }));
  return { first: shown.slice(0, most), total: shown.length };
}
