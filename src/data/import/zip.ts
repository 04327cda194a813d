import { FormatError } from "../../errors.ts";
import { joinBytes, viewOf } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import { ArchiveGuard, BoundedInflate, ChunkReader, PIECE_BYTES, utf8, type ArchiveFile } from "./archive.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { quoted } from "./safe-path.ts";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DESCRIPTOR = 0x08074b50;

/**
 * The files of a zip archive in the order of their bytes, as the archive arrives. fflate inflates; its `Unzip` is not
 * used because it tells neither encryption nor CRCs and takes a signature inside a file's data for an entry.
 *
 * Nothing that the archive declares is trusted: inflated bytes are counted as they come, lengths and CRC-32s must be
 * those of the bytes, and the directory at the end must list each entry once as it was read. Since what is wrong there
 * is known only then, a caller keeps nothing before the generator has ended. Times, modes and comments are not read.
 *
 * @param where names the archive in the error
 * @param listFolders whether directories that the archive lists are given too; it need not list those of its files
 * @returns files; `__MACOSX/`, `.DS_Store` and `._*` are left out
 * @throws FormatError when the archive is cut, broken, encrypted, of a method other than stored and deflate, in
 * volumes, over a limit, or holds an archive, a symbolic link, an unsafe name or two names that are one
 *
 * PKWARE, APPNOTE.TXT 6.3.10.
 */
export async function* readZip(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  limits: Limits = defaultLimits,
  listFolders = false,
): AsyncGenerator<ArchiveFile> {
  const reader = new ChunkReader(chunks, where);
  const guard = new ArchiveGuard(where, limits);
  const entries = new Map<number, ZipEntry>();
  try {
    while ((await peekSignature(reader)) === LOCAL) {
      const entry = await readEntryHeader(reader);
      const path = guard.admit(entry.name, entry.isDirectory);
      const bytes = await readContent(reader, entry, guard);
      entries.set(entry.offset, entry);
      if (path !== undefined && (listFolders || !path.endsWith("/"))) yield guard.file(path, bytes);
    }
    await checkDirectory(reader, entries);
  } finally {
    await reader.close();
  }
}

/** An entry by its local header; length and CRC-32 are those of its bytes once they have been read. */
interface ZipEntry {
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

const peekSignature = async (reader: ChunkReader): Promise<number> => {
  const bytes = await reader.peek(4);
  if (bytes.length < 4) reader.failTruncated("a zip entry or directory", bytes.length);
  return viewOf(bytes).getUint32(0, true);
};

const ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
const HAS_DESCRIPTOR = 0x0008;
const IS_PATCH = 0x0020;
const STORED = 0;
const DEFLATED = 8;

const readEntryHeader = async (reader: ChunkReader): Promise<ZipEntry> => {
  const offset = reader.position;
  const header = viewOf(await reader.take(30, "an entry's header"));
  const name = utf8(await reader.take(header.getUint16(26, true), "a name"), reader.where);
  const where = `${reader.where}: ${quoted(name)}`;
  const extra = await reader.take(header.getUint16(28, true), "extra fields");
  const flags = header.getUint16(6, true);
  const method = header.getUint16(8, true);
  if ((flags & ENCRYPTED) !== 0) throw new FormatError(where, "an entry that is not encrypted", "an encrypted one");
  if ((flags & IS_PATCH) !== 0) throw new FormatError(where, "a whole file", "a patch");
  if (method !== STORED && method !== DEFLATED) {
    throw new FormatError(where, "method 0 (stored) or 8 (deflate)", String(method));
  }
  const [unpacked, packed] = wideFields([header.getUint32(22, true), header.getUint32(18, true)], extra, where);
  return {
    offset,
    name,
    isDirectory: name.endsWith("/"),
    where,
    isDeflated: method === DEFLATED,
    hasDescriptor: (flags & HAS_DESCRIPTOR) !== 0,
    isWide: zip64Field(extra, where) !== undefined,
    sums: { crc: header.getUint32(14, true), packed: packed!, unpacked: unpacked! },
  };
};

const ZIP64 = 1;
const SATURATED = 0xffffffff;

/** The content of the zip64 extra field, if there is one. */
const zip64Field = (extra: Uint8Array, where: string): DataView | undefined => {
  const view = viewOf(extra);
  let found: DataView | undefined;
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > extra.length) break;
    if (view.getUint16(at, true) === ZIP64) {
      if (found !== undefined) throw new FormatError(where, "one zip64 field", "two");
      found = viewOf(extra.subarray(at + 4, at + 4 + length));
    }
    at += 4 + length;
  }
  return found;
};

/** The fields, of which those that 32 bits do not hold are replaced, in turn, by those of the zip64 extra field. */
const wideFields = (fields: readonly number[], extra: Uint8Array, where: string): number[] => {
  const wide = zip64Field(extra, where);
  let at = 0;
  return fields.map((field) => {
    if (field !== SATURATED || wide === undefined) return field;
    if (at + 8 > wide.byteLength) throw new FormatError(where, "a zip64 field of each length", "fewer");
    at += 8;
    return uint64(wide, at - 8);
  });
};

/** Past 2^53 the number is rounded, which is past every length that is compared with it. */
const uint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** Reads an entry's data and checks it against its sums, which for an entry with a descriptor are set from there. */
const readContent = async (reader: ChunkReader, entry: ZipEntry, guard: ArchiveGuard): Promise<Uint8Array> => {
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

/** Reads from the central directory to the end, and checks that it lists the entries that were read, and no link. */
const checkDirectory = async (reader: ChunkReader, entries: ReadonlyMap<number, ZipEntry>): Promise<void> => {
  const { where } = reader;
  const start = reader.position;
  const listed = new Set<number>();
  while ((await peekSignature(reader)) === CENTRAL) {
    const offset = await checkListing(reader, entries);
    if (listed.has(offset)) throw new FormatError(where, "a directory that lists each entry once", "one twice");
    listed.add(offset);
  }
  if (listed.size !== entries.size) {
    throw new FormatError(where, `a directory of the ${String(entries.size)} entries`, String(listed.size));
  }
  await checkEnd(reader, [entries.size, entries.size, reader.position - start, start]);
};

const IS_LINK = 0xa000;
const FILE_TYPE = 0xf000;

/** Checks one entry of the directory, and gives the offset of its local header. */
const checkListing = async (reader: ChunkReader, entries: ReadonlyMap<number, ZipEntry>): Promise<number> => {
  const header = viewOf(await reader.take(46, "the directory"));
  const name = utf8(await reader.take(header.getUint16(28, true), "a name"), reader.where);
  const where = `${reader.where}: ${quoted(name)}`;
  const extra = await reader.take(header.getUint16(30, true), "extra fields");
  await reader.take(header.getUint16(32, true), "a comment");
  const narrow = [24, 20, 42].map((at) => header.getUint32(at, true));
  const [unpacked, packed, offset] = wideFields(narrow, extra, where);
  const entry = entries.get(offset!);
  const crc = header.getUint32(16, true);
  const { sums } = entry ?? {};
  if (entry?.name !== name || sums?.crc !== crc || sums.packed !== packed || sums.unpacked !== unpacked) {
    throw new FormatError(`${reader.where}: directory`, "the entries that were read", quoted(name));
  }
  if (((header.getUint32(38, true) >>> 16) & FILE_TYPE) === IS_LINK) {
    throw new FormatError(where, "a regular file", "a symbolic link");
  }
  return offset!;
};

/** @param truth entries on this disk and in all, bytes of the directory and its offset, as they were read */
const checkEnd = async (reader: ChunkReader, truth: readonly number[]): Promise<void> => {
  const { where } = reader;
  const check = (declared: readonly number[], saturated: readonly number[]): void => {
    if (!declared.every((value, i) => value === truth[i] || value === saturated[i])) {
      throw new FormatError(`${where}: end record`, truth.join(", "), declared.join(", "));
    }
  };
  const isZip64 = (await peekSignature(reader)) === END_64;
  if (isZip64) {
    const recordAt = reader.position;
    const record = viewOf(await reader.take(56, "the zip64 end record"));
    if (uint64(record, 4) !== 44) throw new FormatError(where, "a zip64 end record of version 1", "another");
    check([uint64(record, 24), uint64(record, 32), uint64(record, 40), uint64(record, 48)], []);
    const locator = viewOf(await reader.take(20, "the zip64 locator"));
    if (locator.getUint32(0, true) !== LOCATOR_64 || uint64(locator, 8) !== recordAt) {
      throw new FormatError(where, "a locator of the zip64 end record", "none");
    }
  }
  if ((await peekSignature(reader)) !== END) {
    const found = Array.from(await reader.peek(4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new FormatError(where, "a zip entry or directory", `bytes ${found} at ${String(reader.position)}`);
  }
  const end = viewOf(await reader.take(22, "the end record"));
  const declared = [end.getUint16(8, true), end.getUint16(10, true), end.getUint32(12, true), end.getUint32(16, true)];
  if (end.getUint32(4, true) !== 0 && !isZip64) throw new FormatError(where, "an archive of one volume", "several");
  check(declared, isZip64 ? [0xffff, 0xffff, SATURATED, SATURATED] : []);
  await reader.take(end.getUint16(20, true), "the archive's comment");
  const { length } = await reader.peek(1);
  if (length > 0) throw new FormatError(where, "the end of the archive", "more bytes");
};
