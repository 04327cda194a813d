/** The kinds of values that a spec holds, each with the words for what was expected. */
import { z } from "zod";

// zod's compiled validators need `new Function`, which the page's content security policy forbids.
z.config({ jitless: true });

/** Names of runs and methods: parts of files' names. */
export const namePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

// Each value's message is what was expected of it; the reader adds where and what it got.
/** What JSON Schema can say of a number, so that an editor refuses what the reader would. */
interface NumberRange {
  readonly type?: "integer";
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}
export const number = (expected: string, holds: (value: number) => boolean, range: NumberRange = {}) =>
  z
    .number({ error: expected })
    .refine(holds, { error: expected })
    .meta({ ...range });
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  number(
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number >= ${String(least)}`
      : `a whole number from ${String(least)} to ${String(most)}`,
    (value) => Number.isInteger(value) && value >= least && value <= most,
    { type: "integer", minimum: least, ...(most === Number.MAX_SAFE_INTEGER ? {} : { maximum: most }) },
  );
export const positive = () => number("a number > 0", (value) => value > 0, { exclusiveMinimum: 0 });
export const share = (expected: string, holds: (value: number) => boolean) =>
  number(expected, (value) => value >= 0 && value <= 1 && holds(value), { minimum: 0, maximum: 1 });
export const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, { error: `one of ${names.join(", ")}` });
export const list = <T extends z.ZodType>(item: T, expected: string) =>
  z.array(item, { error: expected }).refine((items) => items.length > 0 && new Set(items).size === items.length, {
    error: `${expected}, at least one and none twice`,
  });
/** A group of fields: what is left out takes its default, a name that is not listed is an error. */
export const group = <T extends z.core.$ZodLooseShape>(fields: T) => z.strictObject(fields, { error: "named fields" });
