/** How the result is looked at; kept while one looks at other steps. */
import { signal } from "@preact/signals";
import type { IntervalKind } from "./intervals.ts";

/** `bars` begin at zero. */
export type Drawing = "dots" | "bars";

export const drawings: readonly Drawing[] = ["dots", "bars"];

export const drawing = signal<Drawing>("dots");

export const intervalKind = signal<IntervalKind>("se");

/** Use only so many sets; null for all. */
export const firstSets = signal<number | null>(null);
