import { FormatError } from "./errors.ts";

/** Letters of a document that an error shows. */
const shown = 40;

/**
 * The value of a JSON document.
 *
 * @param where names it in the error
 * @throws FormatError showing how it begins
 */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new FormatError(where, "JSON", text.length > shown ? `${text.slice(0, shown)}…` : text);
  }
}
