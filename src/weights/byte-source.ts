import { FormatError } from "../errors.ts";

/** Bytes that are read in pieces: a file, a Blob, a stored value. */
export interface ByteSource {
  /** names the source in errors */
  readonly name: string;
  readonly size: number;
  /** The bytes at `[offset, offset + length)`. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source over bytes in memory; what it reads shares their memory. */
export const bytesSource = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** A source over a Blob or a File that a person picked; only what is read is brought into memory. */
export const blobSource = (name: string, blob: Blob): ByteSource => ({
  name,
  size: blob.size,
  read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
});

/**
 * Reads exactly `length` bytes.
 *
 * @throws FormatError when the source gives another number of bytes
 */
export const readExactly = async (source: ByteSource, offset: number, length: number): Promise<Uint8Array> => {
  const bytes = await source.read(offset, length);
  if (bytes.length === length) return bytes;
  const where = `${source.name}: bytes from ${String(offset)}`;
  throw new FormatError(where, `${String(length)} bytes`, String(bytes.length));
};
