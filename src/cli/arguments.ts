import { parseArgs } from "node:util";
import { ConfigError } from "../errors.ts";
import { nearestName } from "../nearest-name.ts";

/** What a flag holds, a letter for short and its sentence in the help text. */
export interface Flag {
  readonly type: "boolean" | "string" | "number" | "strings";
  readonly help: string;
  readonly short?: string;
}

type Value<F extends Flag> = F["type"] extends "boolean"
  ? boolean
  : F["type"] extends "number"
    ? number | undefined
    : F["type"] extends "strings"
      ? readonly string[]
      : string | undefined;

/** The values of a verb's flags by their names, and what stood there without a name. */
export interface Arguments<Flags extends Readonly<Record<string, Flag>>> {
  readonly flags: { readonly [Name in keyof Flags]: Value<Flags[Name]> };
  readonly positionals: readonly string[];
}

/**
 * Reads a verb's command line.
 *
 * @param verb its name, for messages
 * @param args as given after the verb
 * @param flags by long name without the dashes
 * @returns a boolean that is absent is false, `strings` that is absent is empty, the others undefined
 * @throws ConfigError for a flag that is unknown (with the nearest name), lacks its value or is not a number
 */
export const readArguments = <const Flags extends Readonly<Record<string, Flag>>>(
  verb: string,
  args: readonly string[],
  flags: Flags,
): Arguments<Flags> => {
  const parsed = parse(verb, args, flags);
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) values[name] = valueOf(verb, name, flag, parsed.values[name]);
  return { flags: values as Arguments<Flags>["flags"], positionals: parsed.positionals };
};

/**
 * Reads the command line of a verb that takes flags alone.
 *
 * @throws ConfigError as `readArguments` does, and for anything beside them
 */
export const readFlags = <const Flags extends Readonly<Record<string, Flag>>>(
  verb: string,
  args: readonly string[],
  flags: Flags,
): Arguments<Flags>["flags"] => {
  const { flags: given, positionals } = readArguments(verb, args, flags);
  if (positionals.length > 0) throw new ConfigError(`rog ${verb}`, "flags alone", positionals.join(" "));
  return given;
};

/**
 * Holds a flag against the whole numbers.
 *
 * @param value undefined, which passes, where the flag is absent
 * @throws ConfigError when it is no whole number from `least` up
 */
export const requireWhole = (verb: string, name: string, value: number | undefined, least = 1): void => {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw new ConfigError(`rog ${verb}`, `--${name} with a whole number from ${String(least)} up`, String(value));
};

/**
 * One line a flag, aligned.
 *
 * @param flags as given to `readArguments`
 */
export const flagsText = (flags: Readonly<Record<string, Flag>>): string => {
  const placeholders = { boolean: "", string: " TEXT", number: " NUMBER", strings: " TEXT …" };
  const left = Object.entries(flags).map(([name, { type, short }]) => {
    return `  ${short === undefined ? "" : `-${short}, `}--${name}${placeholders[type]}`;
  });
  const width = Math.max(0, ...left.map((text) => text.length));
  return Object.values(flags)
    .map(({ help }, index) => `${(left[index] ?? "").padEnd(width)}  ${help}\n`)
    .join("");
};

type Raw = string | boolean | (string | boolean)[] | undefined;

const parse = (verb: string, args: readonly string[], flags: Readonly<Record<string, Flag>>) => {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short }]) => [
      name,
      {
        type: type === "boolean" ? ("boolean" as const) : ("string" as const),
        multiple: type === "strings",
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const ambiguous = /argument is ambiguous[^]*'(--[\w-]+)=/.exec(message)?.[1];
    if (ambiguous !== undefined)
      throw new ConfigError(`rog ${verb}`, `a value, as ${ambiguous}=VALUE where it begins with a dash`, ambiguous);
    const unknown = /Unknown option '(--?[^'= ]+)/.exec(message)?.[1];
    if (unknown === undefined) throw new ConfigError(`rog ${verb}`, "flags with their values", message);
    const near = nearestName(unknown.replace(/^-+/, ""), Object.keys(flags));
    throw new ConfigError(
      `rog ${verb}`,
      near === null ? `one of the flags that --help lists` : `a flag such as --${near}`,
      unknown,
    );
  }
};

const valueOf = (verb: string, name: string, flag: Flag, raw: Raw): unknown => {
  if (flag.type === "boolean") return raw === true;
  if (flag.type === "strings") return raw ?? [];
  if (flag.type === "string" || raw === undefined) return raw;
  const value = typeof raw === "string" && raw.trim() !== "" ? Number(raw) : NaN;
  if (!Number.isFinite(value)) throw new ConfigError(`rog ${verb}`, `--${name} with a number`, JSON.stringify(raw));
  return value;
};
