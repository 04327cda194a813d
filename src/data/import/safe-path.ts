import { FormatError } from "../../errors.ts";
import { MAX_NAME_BYTES } from "./limits.ts";

const ABSOLUTE = /^(?:\/|[A-Za-z]:)/;
/** Controls, and what reorders or breaks the line a name is shown in. */
const UNPRINTABLE = /[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * The relative path that an archive's or a folder's name means: parts joined by `/`, without `.` and empty parts.
 * Any backslash is refused, since it separates parts on some systems only.
 *
 * @param where names the archive in the error
 * @throws FormatError when the name is absolute, leaves its folder, is empty, holds a backslash or a control character,
 * or is over `MAX_NAME_BYTES` of UTF-8
 */
export const safePath = (name: string, where: string): string => {
  const refuse = (expected: string): never => {
    throw new FormatError(where, expected, quoted(name));
  };
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) {
    refuse(`a name of at most ${String(MAX_NAME_BYTES)} bytes`);
  }
  if (UNPRINTABLE.test(name)) refuse("a name without control characters");
  if (name.includes("\\")) refuse("a name whose parts are separated by /");
  if (ABSOLUTE.test(name)) refuse("a relative name");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) refuse("a name without ..");
  if (parts.length === 0) refuse("a name");
  // "./C:x" has lost what stood before its drive letter.
  if (ABSOLUTE.test(parts[0]!)) refuse("a relative name");
  return parts.join("/");
};

/** A name as an error shows it: escaped, and short even when it is hostile. */
export const quoted = (name: string): string => {
  const text = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  return text.replaceAll(new RegExp(UNPRINTABLE, "gu"), (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
};

/** The names of one archive, of which no two are one file where case or Unicode composition does not count. */
export class DistinctNames {
  readonly #seen = new Map<string, string>();

  constructor(readonly where: string) {}

  /** @throws FormatError when the name, up to case and composition, was added before */
  add(name: string): void {
    const key = name.normalize("NFC").toLowerCase();
    const earlier = this.#seen.get(key);
    if (earlier !== undefined) {
      throw new FormatError(
        this.where,
        "names that differ by more than case",
        `${quoted(earlier)} and ${quoted(name)}`,
      );
    }
    this.#seen.set(key, name);
  }
}
