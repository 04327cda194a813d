/** A run's configuration as text for a URL: JSON, deflated, in base64url. */
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import { FormatError } from "../errors.ts";

/** Letters that a link may hold; longer ones break in mail programs and chats. */
export const longestCode = 2048;

/** Letters of a code that a message shows. */
const shownLetters = 20;

/** Bytes that a code may inflate to: a spec with all of its fields has under 4,000. */
const mostBytes = 65_536;

/**
 * A configuration as letters, digits, `-` and `_`.
 *
 * @param config plain JSON
 * @throws FormatError when it takes more than `longestCode` letters
 */
export function encodeConfig(config: unknown): string {
  const packed = deflateSync(strToU8(JSON.stringify(config)), { level: 9 });
  const code = btoa(String.fromCharCode(...packed))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
  if (code.length > longestCode)
    throw new FormatError("link", `${longestCode} letters at most`, `${code.length} for this configuration`);
  return code;
}

/**
 * The configuration of a code; what is in it is not checked.
 *
 * @throws FormatError when it is too long or no such code
 */
export function decodeConfig(code: string): unknown {
  if (code.length > longestCode)
    throw new FormatError("link: c", `${longestCode} letters at most`, String(code.length));
  try {
    const packed = Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (letter) =>
      letter.charCodeAt(0),
    );
    // An output of a fixed size: a code that would inflate to more is cut, and then no JSON.
    return JSON.parse(strFromU8(inflateSync(packed, { out: new Uint8Array(mostBytes) })));
  } catch {
    const start = code.length > shownLetters ? `${code.slice(0, shownLetters)}…` : code;
    throw new FormatError(
      "link: c",
      "a configuration as this page writes it",
      `“${start}”, which is cut short or changed`,
    );
  }
}
