/** Which pictures two runs can show side by side. */
import type { Gallery, GallerySet } from "../../../experiment/gallery.ts";

/** Sets and classes that both galleries have, by id and key, in the first one's order. */
export function sharedPictures(
  first: Gallery,
  second: Gallery,
): { readonly sets: string[]; readonly classes: string[] } {
  const sets = first.sets.map(({ id }) => id).filter((id) => second.sets.some((set) => set.id === id));
  const keysOf = ({ sets: [set] }: Gallery): readonly string[] => set?.classes.map(({ key }) => key) ?? [];
  const others = keysOf(second);
  return { sets, classes: keysOf(first).filter((key) => others.includes(key)) };
}

/** A set of a gallery and a class's place in it; null where it has no such set or class. */
export function placeOf(
  { sets }: Gallery,
  id: string,
  key: string,
): { readonly set: GallerySet; readonly classIndex: number } | null {
  const set = sets.find((one) => one.id === id);
  const classIndex = set?.classes.findIndex((one) => one.key === key) ?? -1;
  return set === undefined || classIndex < 0 ? null : { set, classIndex };
}
