/** What the lanes of a class hold, whether their run is finished or still goes on. */
import type { UnitPictures } from "../../../../workers/lab-api.ts";
import { conditionIds, conditionOf } from "../../../experiment/conditions.ts";
import type { GalleryPicture, GallerySet } from "../../../experiment/gallery.ts";
import type { RunView } from "../../runs/run-view.ts";

/** How a picture is known. */
export type Provenance = Readonly<Record<string, unknown>>;

/** Where a picture's pixels are: in an atlas of a finished run, or here as [height, width, 3] in 8-bit RGB. */
export type Look =
  | { readonly kind: "atlas"; readonly set: GallerySet; readonly classIndex: number; readonly column: number }
  | { readonly kind: "pixels"; readonly width: number; readonly height: number; readonly pixels: Uint8Array };

/** A picture of a lane. */
export interface LanePicture {
  /** Unique within its lane and class, and the same while its run goes on and when it is finished. */
  readonly key: string;
  readonly provenance: Provenance;
  readonly look: Look;
  /** As the leak audit has it; absent where it has not looked. */
  readonly flagged?: boolean;
  readonly nearest?: NonNullable<GalleryPicture["nearest"]>;
}

/** The pictures of a class from one origin. */
export interface Lane {
  /** `target`, or a condition. */
  readonly id: string;
  /** Where they come from: a finished run, or the id of the live one. */
  readonly source: RunView | string;
  readonly classKey: string;
  /** `waits` and `making`: there are none yet. */
  readonly state: "there" | "making" | "waits";
  /** The first of them. */
  readonly pictures: readonly LanePicture[];
  /** How many there are. */
  readonly total: number;
  /** How many the method left out, as near-duplicates or by a filter; 0 where that is not told. */
  readonly rejected: number;
}

/** A class by its key in files and its name in words. */
export interface NamedClass {
  readonly key: string;
  readonly name: string;
}

/** The id of a lane's run: what flags are kept under. */
export function runIdOf({ source }: Pick<Lane, "source">): string {
  return typeof source === "string" ? source : source.source.id;
}

/** A picture's key from what is known of it. @param id where it came about otherwise */
export function pictureKey({ pool, sample }: Provenance, id: string): string {
  if (typeof pool === "string") return pool;
  return typeof sample === "number" ? `#${String(sample)}` : id;
}

/** The classes of a finished run; null where it kept no pictures. */
export function finishedClasses({ gallery, results }: RunView): readonly NamedClass[] | null {
  const set = gallery?.sets[0];
  return set ? set.classes.map(({ key }, index) => ({ key, name: results.classes[index] ?? key })) : null;
}

/** A lane of a finished run; null where it has no such pictures. */
export function finishedLane(view: RunView, id: string, classKey: string): Lane | null {
  const set = view.gallery?.sets.find((one) => one.id === id);
  const classIndex = set?.classes.findIndex(({ key }) => key === classKey) ?? -1;
  const found = set?.classes[classIndex];
  if (!set || !found) return null;
  const pictures = found.pictures.map(({ id: picture, provenance, ...audited }, column): LanePicture => {
    const look = { kind: "atlas", set, classIndex, column } as const;
    return { key: pictureKey(provenance, picture), provenance, look, ...audited };
  });
  const rejected = view.results.production.find((one) => one.id === id)?.rejected[classKey] ?? 0;
  return { id, source: view, classKey, state: "there", pictures, total: found.total, rejected };
}

/** What is known of the live run. */
export interface LiveUnits {
  readonly id: string;
  readonly finished: readonly string[];
  readonly making: string | null;
}

/**
 * A picture of a unit by its place in it.
 *
 * @param known the unit's first pictures as a lane has them, with what the audit found of them
 */
export function unitPicture(
  { width, height, pixels, provenance }: UnitPictures,
  index: number,
  known: readonly LanePicture[] = [],
): LanePicture {
  const bytes = width * height * 3;
  const own = pixels.subarray(index * bytes, (index + 1) * bytes);
  const how = provenance[index] ?? {};
  const asKnown = known[index] ?? { key: pictureKey(how, String(index)), provenance: how };
  return { ...asKnown, look: { kind: "pixels", width, height, pixels: own } };
}

/** Whether there are more pictures than the lane shows, and this browser keeps them. */
export function hasMore({ id, source, state, pictures, total }: Lane): boolean {
  const isKept = typeof source === "string" || source.source.kind !== "recorded";
  return isKept && id !== "target" && state === "there" && total > pictures.length;
}

/** A lane of a run that goes on. @param made null as long as they are not there */
export function liveLane(
  { id: source, making }: LiveUnits,
  id: string,
  classKey: string,
  made: UnitPictures | null,
): Lane {
  const of = { id, source, classKey, rejected: 0 };
  if (made === null)
    return { ...of, state: making === `produce/${id}/${classKey}` ? "making" : "waits", pictures: [], total: 0 };
  return { ...of, state: "there", pictures: made.provenance.map((_, i) => unitPicture(made, i)), total: made.total };
}

/**
 * The classes that a live run is known to make images of: its spec's where that names them, else those that were begun.
 *
 * @param names by key, for those that another run names
 */
export function liveClasses(
  asked: unknown,
  { finished, making }: LiveUnits,
  names: ReadonlyMap<string, string>,
): readonly NamedClass[] {
  const begun = [...finished, making ?? ""].flatMap((unit) => /^produce\/[^/]+\/(.+)$/.exec(unit)?.[1] ?? []);
  const keys = new Set<string>([...(Array.isArray(asked) ? (asked as string[]) : []), ...begun]);
  return [...keys].map((key) => ({ key, name: names.get(key) ?? key }));
}

/** Conditions that add images, by how: those whose family is retrieval, and all others. */
export function byOrigin(ids: readonly string[]): { readonly generated: string[]; readonly retrieved: string[] } {
  const familyOf = (id: string): string | null => {
    const known = conditionIds().find((condition) => condition === id);
    return known === undefined ? null : conditionOf(known).family;
  };
  const added = ids.filter((id) => id !== "target" && !["real", "more-real"].includes(familyOf(id) ?? ""));
  const isFound = (id: string): boolean => familyOf(id) === "retrieval";
  return { generated: added.filter((id) => !isFound(id)), retrieved: added.filter(isFound) };
}
