/** The catalogue: every word that the page says, by key; `{name}` stands for a value. */
import { about } from "./strings/about.ts";
import { credits } from "./strings/credits.ts";
import { frame } from "./strings/frame.ts";
import { glossary } from "./strings/glossary.ts";
import { log } from "./strings/log.ts";
import { make } from "./strings/make.ts";
import { makeRedraw } from "./strings/make-redraw.ts";
import { ownPictures } from "./strings/own-pictures.ts";
import { report } from "./strings/report.ts";
import { result } from "./strings/result.ts";
import { runs } from "./strings/runs.ts";
import { search } from "./strings/search.ts";
import { settings } from "./strings/settings.ts";
import { sources } from "./strings/sources.ts";
import { start } from "./strings/start.ts";
import { storage } from "./strings/storage.ts";
import { target } from "./strings/target.ts";
import { teacher } from "./strings/teacher.ts";
import { train } from "./strings/train.ts";
import { why } from "./strings/why.ts";

const english = {
  ...frame,
  ...{ ...start, ...target, ...sources, ...make, ...train, ...result, ...why, ...report },
  ...{ ...runs, ...search, ...storage, ...log, ...glossary, ...about, ...credits, ...settings, ...teacher },
  ...{ ...ownPictures, ...makeRedraw },
} as const;

/** A key of the catalogue. */
export type StringKey = keyof typeof english;

/**
 * The words of a key with its values put in; numbers come as text from `format.ts`.
 *
 * A value that the words name and that is not given stays as `{name}`, which a test of the page finds.
 */
export function t(key: StringKey, values: Readonly<Record<string, string>> = {}): string {
  return english[key].replace(/\{(\w+)\}/g, (slot, name: string) => values[name] ?? slot);
}
