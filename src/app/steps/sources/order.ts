/** The student's order of conditions while it is being made. */
import { signal } from "@preact/signals";

/** The order of a run's conditions, kept while one looks at other steps; null before a row was moved. */
export const draft = signal<{ readonly runId: string; readonly order: readonly string[] } | null>(null);

/** Real pictures that nobody has: they bound what added images can do, and compete with none. */
const bound = "real-20";

/** The conditions of a run that can be ordered: all but the bound. Adding nothing is among them, because images can harm. */
export function orderable(conditions: readonly { readonly id: string }[]): string[] {
  return conditions.flatMap(({ id }) => (id === bound ? [] : [id]));
}

/** The order to begin with: what was predicted of these, then the others as they come. */
export function startOrder(ids: readonly string[], predicted: readonly string[] | null): string[] {
  const known = (predicted ?? []).filter((id) => ids.includes(id));
  return [...known, ...ids.filter((id) => !known.includes(id))];
}

/** A list with the element at `from` taken out and put in at `to`; the same order where either is outside. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (from < 0 || to < 0 || from >= list.length || to >= list.length) return next;
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** Whether a prediction says exactly this of these conditions, whatever it says of others. */
export function isKept(order: readonly string[], predicted: readonly string[] | null): boolean {
  if (predicted === null) return false;
  const known = predicted.filter((id) => order.includes(id));
  return known.length === order.length && known.every((id, i) => id === order[i]);
}

/** The place at which a row comes to lie when it is dropped at a height. @param middles of the other rows */
export function placeAt(y: number, middles: readonly number[]): number {
  return middles.filter((middle) => middle < y).length;
}
