import { FormatError } from "../../errors.ts";
import { joinBytes, viewOf } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import { BoundedInflate, PIECE_BYTES, type ArchiveGuard, type ChunkReader } from "./archive.ts";
import { quoted } from "./safe-path.ts";

const DESCRIPTOR = 0x08074b50;

/** An entry by its local header; length and CRC-32 are those of its bytes once they have been read. */
export interface ZipEntry {
  /** of the local header, from the start of the archive */
  readonly offset: number;
  readonly name: string;
  readonly isDirectory: boolean;
  readonly where: string;
  readonly isDeflated: boolean;
  /** Whether lengths and CRC-32 follow the data in place of standing before it. */
  readonly hasDescriptor: boolean;
  /** Whether lengths in the descriptor are of 8 bytes. */
  readonly isWide: boolean;
  readonly sums: Sums;
}

interface Sums {
  crc: number;
  packed: number;
  unpacked: number;
}

/** Past 2^53 the number is rounded, which is past every length that is compared with it. */
export const uint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** Reads an entry's data and checks it against its sums, which for an entry with a descriptor are set from there. */
export const readContent = async (reader: ChunkReader, entry: ZipEntry, guard: ArchiveGuard): Promise<Uint8Array> => {
  const content = new Content(entry, guard);
  if (entry.hasDescriptor) await feedToDescriptor(reader, entry, content);
  else await feedPacked(reader, entry, content);
  content.check();
  if (entry.isDirectory && entry.sums.unpacked > 0) {
    throw new FormatError(entry.where, "a directory without content", `${String(entry.sums.unpacked)} bytes`);
  }
  return joinBytes(content.parts);
};

/** What the data of one entry unpacks to. */
class Content {
  readonly parts: Uint8Array[] = [];
  readonly #inflate: BoundedInflate | undefined;
  #packed = 0;
  #unpacked = 0;
  #crc = 0;

  constructor(
    readonly entry: ZipEntry,
    readonly guard: ArchiveGuard,
  ) {
    if (entry.isDeflated) this.#inflate = new BoundedInflate(entry.where, guard.limits, (part) => this.#add(part));
  }

  get packed(): number {
    return this.#packed;
  }

  push(data: Uint8Array, isLast: boolean): void {
    this.#packed += data.length;
    if (this.#inflate === undefined) this.#add(data);
    else this.#inflate.push(data, isLast);
  }

  #add(part: Uint8Array): void {
    this.guard.count(part.length);
    this.#unpacked += part.length;
    const { hasDescriptor, sums, where } = this.entry;
    if (!hasDescriptor && this.#unpacked > sums.unpacked) {
      throw new FormatError(where, `${String(sums.unpacked)} bytes, as its header says`, "more");
    }
    this.#crc = crc32(part, this.#crc);
    this.parts.push(part);
  }

  check(): void {
    const { sums, where } = this.entry;
    if (this.#packed !== sums.packed || this.#unpacked !== sums.unpacked) {
      const expected = `${String(sums.packed)} bytes that unpack to ${String(sums.unpacked)}`;
      throw new FormatError(where, expected, `${String(this.#packed)} that unpack to ${String(this.#unpacked)}`);
    }
    if (this.#crc !== sums.crc) throw new FormatError(where, `CRC-32 ${String(sums.crc)}`, String(this.#crc));
  }
}

const feedPacked = async (reader: ChunkReader, { sums }: ZipEntry, content: Content): Promise<void> => {
  do {
    // Not the chunks as they came: fflate copies a window of 32 KiB at every push.
    const piece = await reader.take(Math.min(PIECE_BYTES, sums.packed - content.packed), "an entry's data");
    content.push(piece, content.packed + piece.length === sums.packed);
  } while (content.packed < sums.packed);
};

/**
 * Feeds data up to its descriptor: its signature, with a packed length that is the distance to the data's start. Chance
 * makes such a pair once in 2^64 bytes; the CRC-32 then tells. The form without a signature is not looked for.
 */
const feedToDescriptor = async (reader: ChunkReader, entry: ZipEntry, content: Content): Promise<void> => {
  const descriptorBytes = entry.isWide ? 24 : 16;
  for (;;) {
    const shown = await reader.peek(PIECE_BYTES);
    if (shown.length < descriptorBytes)
      reader.failTruncated(`a data descriptor of ${quoted(entry.name)}`, shown.length);
    const view = viewOf(shown);
    const last = shown.length - descriptorBytes;
    const lengthOf = (at: number): number => (entry.isWide ? uint64(view, at) : view.getUint32(at, true));
    const isDescriptor = (at: number): boolean =>
      view.getUint32(at, true) === DESCRIPTOR && lengthOf(at + 8) === content.packed + at;
    let at = 0;
    while (at <= last && !isDescriptor(at)) at = nextP(shown, at + 1);
    const isFound = at <= last;
    const data = shown.subarray(0, Math.min(at, last + 1));
    content.push(data, isFound);
    reader.skip(data.length);
    if (!isFound) continue;
    const unpacked = lengthOf(descriptorBytes - (entry.isWide ? 8 : 4) + at);
    Object.assign(entry.sums, { crc: view.getUint32(at + 4, true), packed: content.packed, unpacked });
    reader.skip(descriptorBytes);
    return;
  }
};

/** Where the next signature could begin. */
const nextP = (bytes: Uint8Array, from: number): number => {
  const at = bytes.indexOf(0x50, from);
  return at < 0 ? bytes.length : at;
};
