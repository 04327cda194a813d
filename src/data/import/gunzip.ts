import { FormatError } from "../../errors.ts";
import { viewOf } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import { BoundedInflate, PIECE_BYTES, type ArchiveGuard, type ChunkReader } from "./archive.ts";

const TRAILER_BYTES = 8;

/**
 * Inflates a gzip stream of one member to the end of the file, whose last 8 bytes are taken for the trailer: a second
 * member does not fit that. Inflated bytes are counted by the guard as they come.
 *
 * @returns the inflated bytes in pieces; whether they are right is known only at the end
 * @throws FormatError when the stream is cut or broken, or inflates to more than the limits allow
 *
 * RFC 1952.
 */
export async function* gunzip(reader: ChunkReader, guard: ArchiveGuard): AsyncGenerator<Uint8Array> {
  const where = `${reader.where}: gzip`;
  await skipGzipHeader(reader, where);
  const made: Uint8Array[] = [];
  let crc = 0;
  let sizeBytes = 0;
  const inflate = new BoundedInflate(where, guard.limits, (bytes) => {
    guard.count(bytes.length);
    crc = crc32(bytes, crc);
    sizeBytes += bytes.length;
    made.push(bytes);
  });
  for (;;) {
    const shown = await reader.peek(PIECE_BYTES + TRAILER_BYTES);
    const packed = shown.subarray(0, -TRAILER_BYTES);
    inflate.push(packed, packed.length === 0);
    yield* made.splice(0);
    if (packed.length === 0) break;
    reader.skip(packed.length);
  }
  const trailer = viewOf(await reader.take(TRAILER_BYTES, "a gzip trailer"));
  const declared = [trailer.getUint32(0, true), trailer.getUint32(4, true)];
  // The size is kept modulo 2^32.
  if (declared[0] !== crc || declared[1] !== sizeBytes >>> 0) {
    const expected = `one member of CRC-32 ${String(declared[0])} and ${String(declared[1])} bytes`;
    throw new FormatError(where, expected, `${String(crc)} and ${String(sizeBytes)}`);
  }
}

const HAS_CRC = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const RESERVED = 0xe0;
const MAX_TEXT_BYTES = 4096;

const skipGzipHeader = async (reader: ChunkReader, where: string): Promise<void> => {
  const flags = (await reader.take(10, "a gzip header"))[3]!;
  if ((flags & RESERVED) !== 0) throw new FormatError(where, "flags of RFC 1952", String(flags));
  if ((flags & HAS_EXTRA) !== 0) {
    const length = viewOf(await reader.take(2, "a gzip header")).getUint16(0, true);
    await reader.take(length, "a gzip header");
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = (await reader.peek(MAX_TEXT_BYTES)).indexOf(0);
    if (end < 0) throw new FormatError(where, `a name of fewer than ${String(MAX_TEXT_BYTES)} bytes`, "no end of it");
    reader.skip(end + 1);
  }
  if ((flags & HAS_CRC) !== 0) await reader.take(2, "a gzip header");
};
