import { IntegrityError } from "../errors.ts";

/**
 * The SHA-256 of bytes, as 64 lower-case hexadecimal digits: the name of a value in the store.
 *
 * FIPS 180-4, by the platform's Web Crypto; browsers keep that from pages of plain http, where a library computes it.
 */
export const sha256 = async (bytes: Uint8Array): Promise<string> => {
  // Web Crypto takes no shared memory; such bytes are copied out first.
  const plain = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  return hex(subtle ? new Uint8Array(await subtle.digest("SHA-256", plain)) : await sha256InScript(plain));
};

async function sha256InScript(bytes: Uint8Array): Promise<Uint8Array> {
  const library = await import("@noble/hashes/sha2.js");
  return library.sha256(bytes);
}

/** Requires bytes to be those of a hash. @param where names them in the error @throws IntegrityError */
export async function requireSha256(bytes: Uint8Array, expected: string, where: string): Promise<void> {
  const actual = await sha256(bytes);
  if (actual !== expected) throw new IntegrityError(where, expected, actual);
}

/** The SHA-256 of a text's UTF-8 bytes. */
export const sha256Text = (text: string): Promise<string> => sha256(new TextEncoder().encode(text));

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
