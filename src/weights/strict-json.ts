import { FormatError } from "../errors.ts";

/** A JSON value whose objects are maps, so that no key can reach a prototype. */
export type StrictJson = null | boolean | number | string | StrictJson[] | Map<string, StrictJson>;

const MAX_DEPTH = 16;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Parses a JSON document for which `JSON.parse` is too kind: a key may occur once in an object, strings are whole
 * Unicode, and nesting is at most 16 deep.
 *
 * @param where names the document in the error
 * @throws FormatError when the text is anything else
 *
 * RFC 8259.
 */
export const parseStrictJson = (text: string, where: string): StrictJson => {
  const parser = new Parser(text, where);
  const value = parser.value(0);
  parser.end();
  return value;
};

class Parser {
  #at = 0;

  constructor(
    readonly text: string,
    readonly where: string,
  ) {}

  value(depth: number): StrictJson {
    this.#match(SPACE);
    const first = this.text[this.#at];
    if (first === "{" || first === "[") {
      if (depth === MAX_DEPTH) this.#fail(`nesting of at most ${String(MAX_DEPTH)}`);
      this.#at++;
      return first === "{" ? this.#object(depth + 1) : this.#array(depth + 1);
    }
    if (first === '"') return this.#string();
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const) {
      if (this.text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const number = this.#match(NUMBER);
    return number === "" ? this.#fail("a JSON value") : Number(number);
  }

  end(): void {
    this.#match(SPACE);
    if (this.#at < this.text.length) this.#fail("the end of the document");
  }

  #object(depth: number): Map<string, StrictJson> {
    const members = new Map<string, StrictJson>();
    if (this.#take("}")) return members;
    do {
      this.#match(SPACE);
      const start = this.#at;
      const key = this.#string();
      if (members.has(key)) {
        this.#at = start;
        this.#fail("each key once");
      }
      if (!this.#take(":")) this.#fail("':'");
      members.set(key, this.value(depth));
    } while (this.#take(","));
    if (!this.#take("}")) this.#fail("',' or '}'");
    return members;
  }

  #array(depth: number): StrictJson[] {
    const items: StrictJson[] = [];
    if (this.#take("]")) return items;
    do items.push(this.value(depth));
    while (this.#take(","));
    if (!this.#take("]")) this.#fail("',' or ']'");
    return items;
  }

  #string(): string {
    const start = this.#at;
    const literal = this.#stringLiteral();
    let value: string;
    try {
      // Checks the escapes and refuses bare control characters.
      value = JSON.parse(literal) as string;
    } catch {
      this.#at = start;
      return this.#fail("a string");
    }
    if (LONE_SURROGATE.test(value)) this.#fail("a string without lone surrogates");
    return value;
  }

  /** The text from an opening quote to the next bare one, consumed. A loop, since a pattern would run out of stack. */
  #stringLiteral(): string {
    const start = this.#at;
    if (this.text[start] !== '"') return "";
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    this.#at = end + 1;
    return this.text.slice(start, this.#at);
  }

  /** What the sticky pattern matches here, consumed; empty when it does not match. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #take(character: string): boolean {
    this.#match(SPACE);
    const found = this.text[this.#at] === character;
    if (found) this.#at++;
    return found;
  }

  #fail(expected: string): never {
    const rest = this.text.slice(this.#at, this.#at + 24);
    const actual = rest === "" ? "the end" : `${JSON.stringify(rest)} at character ${String(this.#at)}`;
    throw new FormatError(this.where, expected, actual);
  }
}
