import { FormatError } from "../../errors.ts";

/**
 * The text of a file in UTF-8, without the byte order mark that some editors begin it with.
 *
 * @param where names the file in the error
 * @throws FormatError when it is in another encoding
 */
export function utf8Text(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const [first, second] = bytes;
    const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    throw new FormatError(where, "text in UTF-8", isUtf16 ? "UTF-16" : "other bytes");
  }
}
