import { ConfigError, FormatError } from "../errors.ts";
import { parseJson } from "../parse-json.ts";

/** A configuration document as JSON gives it. */
export type ConfigJson = Readonly<Record<string, unknown>>;

/**
 * Reads a configuration document.
 *
 * @param where names it in errors: `unet/config.json`
 * @throws FormatError when it is no JSON object
 */
export function parseConfigJson(text: string, where: string): ConfigJson {
  return objectOf(parseJson(text, where), where);
}

/** A document within a document. @throws FormatError when it is not there, or no object */
export function objectField(json: ConfigJson, name: string, where: string): ConfigJson {
  return objectOf(json[name], `${where}: ${name}`);
}

function objectOf(value: unknown, where: string): ConfigJson {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ConfigJson;
  throw new FormatError(where, "an object", value === undefined ? "nothing" : JSON.stringify(value).slice(0, 40));
}

/**
 * Reads a configuration field by field; what is left over at the end is refused by name, so that no field is silently
 * ignored.
 */
export class ConfigFields {
  readonly #left: Set<string>;

  /** @param where names the document in errors: `config.json` */
  constructor(
    readonly where: string,
    readonly json: ConfigJson,
  ) {
    this.#left = new Set(Object.keys(json).filter((name) => !name.startsWith("_")));
  }

  /** A whole number from 1 up. @throws ConfigError */
  count(name: string, standard?: number): number {
    const value = this.#take(name, standard);
    if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
    throw this.#error(name, "a whole number from 1 up", value);
  }

  /** A number from 0 up. @throws ConfigError */
  number(name: string, standard?: number): number {
    const value = this.#take(name, standard);
    if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
    throw this.#error(name, "a number from 0 up", value);
  }

  /** True or false. @throws ConfigError */
  flag(name: string, standard?: boolean): boolean {
    const value = this.#take(name, standard);
    if (typeof value === "boolean") return value;
    throw this.#error(name, "true or false", value);
  }

  /** One of some words. @throws ConfigError */
  choice<const T extends string>(name: string, choices: readonly T[], standard?: T): T {
    const value = this.#take(name, standard);
    if (choices.includes(value as T)) return value as T;
    throw this.#error(name, choices.join(" or "), value);
  }

  /** A list of whole numbers from 1 up; one number stands for `length` equal ones. @throws ConfigError */
  counts(name: string, length?: number, standard?: number | readonly number[]): number[] {
    const value = this.#take(name, standard);
    const isCount = (item: unknown): item is number => Number.isInteger(item) && (item as number) >= 1;
    if (isCount(value) && length !== undefined) return new Array<number>(length).fill(value);
    if (Array.isArray(value) && value.length > 0 && value.every(isCount) && value.length === (length ?? value.length))
      return value;
    const many = length === undefined ? "a list" : `a list of ${String(length)}`;
    throw this.#error(name, `${many} of whole numbers from 1 up`, value);
  }

  /** A list of words, each one of some. @throws ConfigError */
  choices<const T extends string>(name: string, length: number, choices: readonly T[], standard?: readonly T[]): T[] {
    const value = this.#take(name, standard);
    if (Array.isArray(value) && value.length === length && value.every((item) => choices.includes(item as T)))
      return value as T[];
    throw this.#error(name, `a list of ${String(length)} of ${choices.join(" or ")}`, value);
  }

  /** A field that the code supports with these values only; absent is the first. @throws ConfigError */
  fixed(name: string, ...supported: readonly unknown[]): void {
    const value = this.#take(name, supported[0] ?? null);
    if (!supported.some((other) => JSON.stringify(other) === JSON.stringify(value)))
      throw this.#error(name, supported.map((other) => JSON.stringify(other)).join(" or "), value);
  }

  /** Fields that change nothing here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#left.delete(name);
  }

  /** @throws ConfigError naming the first field that nothing has read */
  done(): void {
    const [unknown] = this.#left;
    if (unknown !== undefined) throw this.#error(unknown, "no such field", this.json[unknown]);
  }

  #take(name: string, standard: unknown): unknown {
    this.#left.delete(name);
    const value = this.json[name];
    return value === undefined ? standard : value;
  }

  #error(name: string, expected: string, value: unknown): ConfigError {
    const text = value === undefined ? "nothing" : JSON.stringify(value);
    return new ConfigError(`${this.where}: ${name}`, expected, text);
  }
}
