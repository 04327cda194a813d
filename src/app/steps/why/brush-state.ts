/** What is looked at in the histogram; kept while one looks at other steps. */
import { signal } from "@preact/signals";
import type { Brush } from "./histogram-bins.ts";

/** The condition whose gains are shown; null for the first choice of the run. */
export const lookedAt = signal<string | null>(null);

/** The brush, for the run and condition that it was drawn on. */
export const drawnBrush = signal<(Brush & { readonly on: string }) | null>(null);
