import { FormatError } from "../../errors.ts";
import { viewOf } from "../bytes.ts";
import { ArchiveGuard, ChunkReader, utf8, type ArchiveFile } from "./archive.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { quoted } from "./safe-path.ts";
import { readContent, uint64, type ZipEntry } from "./zip-content.ts";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;

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
