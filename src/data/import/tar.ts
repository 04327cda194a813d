import { FormatError } from "../../errors.ts";
import { joinBytes } from "../bytes.ts";
import { ArchiveGuard, ChunkReader, isGzip, PIECE_BYTES, utf8, type ArchiveFile } from "./archive.ts";
import { gunzip } from "./gunzip.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { quoted } from "./safe-path.ts";

const BLOCK_BYTES = 512;

/**
 * The files of a tar archive, plain or in gzip, in the order of their bytes and as the archive arrives: ustar, GNU tar's
 * long names and pax's `path` and `size`. Owners, modes and times are not read.
 *
 * An archive ends with two blocks of zeros and nothing but zeros behind them, so that one cut between two files is
 * noticed. The size and CRC-32 of a gzip stream are known only at its end: a caller keeps nothing before the
 * generator has ended.
 *
 * @param where names the archive in the error
 * @param limits the inflated bytes are those of the tar archive, headers included
 * @param listFolders whether directories that the archive lists are given too; it need not list those of its files
 * @returns files; `__MACOSX/`, `.DS_Store` and `._*` are left out
 * @throws FormatError when the archive is cut, broken, over a limit, of several gzip members, or holds a link, a device,
 * a sparse file, an archive, an unsafe name or two names that are one
 *
 * POSIX.1-2017, `pax`; GNU tar 1.35 manual, "Basic Tar Format"; RFC 1952 (gzip).
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  limits: Limits = defaultLimits,
  listFolders = false,
): AsyncGenerator<ArchiveFile> {
  const guard = new ArchiveGuard(where, limits);
  const reader = new ChunkReader(unpacked(chunks, where, guard), where);
  try {
    for (let entry = await nextEntry(reader, limits); entry !== undefined; entry = await nextEntry(reader, limits)) {
      const path = guard.admit(entry.name, entry.isDirectory);
      const bytes = await readContent(reader, entry.sizeBytes);
      if (path !== undefined && (listFolders || !path.endsWith("/"))) yield guard.file(path, bytes);
    }
    await checkEnd(reader);
  } finally {
    await reader.close();
  }
}

/** The bytes of the tar archive itself, counted, in pieces. */
async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  guard: ArchiveGuard,
): AsyncGenerator<Uint8Array> {
  const reader = new ChunkReader(chunks, where);
  try {
    if (isGzip(await reader.peek(3))) yield* gunzip(reader, guard);
    for (;;) {
      const piece = await reader.peek(PIECE_BYTES);
      if (piece.length === 0) return;
      reader.skip(piece.length);
      guard.count(piece.length);
      yield piece;
    }
  } finally {
    await reader.close();
  }
}

/** A file or directory, with what extension headers before it said. */
interface TarEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly sizeBytes: number;
}

/** Long names and pax headers of macOS, which hold extended attributes, stay far below this. */
const MAX_EXTENSION_BYTES = 1024 * 1024;

/** The next file or directory; undefined at the first block of zeros. */
const nextEntry = async (reader: ChunkReader, limits: Limits): Promise<TarEntry | undefined> => {
  let longName: string | undefined;
  let pax: PaxHeader | undefined;
  for (;;) {
    const block = await reader.take(BLOCK_BYTES, "a tar header");
    const isExtended = longName !== undefined || pax !== undefined;
    if (block.every((byte) => byte === 0) && !isExtended) return undefined;
    const header = readHeader(block, reader.where);
    if (header.type === "L" && longName === undefined) {
      const content = await readExtension(reader, header);
      longName = utf8(untilNul(content), reader.where);
    } else if (header.type === "x" && pax === undefined) {
      pax = parsePax(await readExtension(reader, header), `${reader.where}: pax header`);
    } else if (header.type === "g" && !isExtended) {
      const { name, sizeBytes } = parsePax(await readExtension(reader, header), `${reader.where}: pax header`);
      if (name !== undefined || sizeBytes !== undefined) {
        throw new FormatError(`${reader.where}: pax header`, "names and sizes of one file", "those of all files");
      }
    } else {
      return entryOf(header, pax?.name ?? longName ?? header.name(), pax?.sizeBytes, reader.where, limits);
    }
  }
};

interface TarHeader {
  readonly type: string;
  /** Read late: a long name takes its place, and then it may be cut inside a character. */
  readonly name: () => string;
  readonly sizeBytes: () => number;
}

const readHeader = (block: Uint8Array, where: string): TarHeader => {
  const magic = String.fromCharCode(...block.subarray(257, 263));
  if (magic !== "ustar\0" && magic !== "ustar ") {
    throw new FormatError(where, "a tar header (ustar)", `magic ${JSON.stringify(magic)}`);
  }
  const stored = parseNumber(block.subarray(148, 156), `${where}: checksum`);
  // The checksum is of the header with blanks in its own place.
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  if (stored !== sum) throw new FormatError(where, `a header of checksum ${String(stored)}`, String(sum));
  const text = (at: number, length: number): string => utf8(untilNul(block.subarray(at, at + length)), where);
  return {
    type: String.fromCharCode(block[156]!),
    name: () => {
      // GNU tar keeps times where POSIX has the prefix.
      const prefix = magic === "ustar\0" ? text(345, 155) : "";
      return prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
    },
    sizeBytes: () => parseNumber(block.subarray(124, 136), `${where}: size`),
  };
};

const untilNul = (bytes: Uint8Array): Uint8Array => {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
};

/** Octal digits, or GNU tar's base 256: a byte 128, then the number from its high byte on. */
const parseNumber = (field: Uint8Array, where: string): number => {
  const text = String.fromCharCode(...field);
  const octal = /^ *([0-7]+)[ \0]*$/.exec(text)?.[1];
  if (octal !== undefined) return parseInt(octal, 8);
  const value = field.subarray(1).reduce((high, byte) => high * 256 + byte, 0);
  if (field[0] !== 0x80 || !Number.isSafeInteger(value)) {
    throw new FormatError(where, "an octal number, or one below 2^53 in base 256", JSON.stringify(text));
  }
  return value;
};

const readExtension = async (reader: ChunkReader, header: TarHeader): Promise<Uint8Array> => {
  const sizeBytes = header.sizeBytes();
  if (sizeBytes > MAX_EXTENSION_BYTES) {
    const expected = `an extension header of at most ${String(MAX_EXTENSION_BYTES)} bytes`;
    throw new FormatError(reader.where, expected, String(sizeBytes));
  }
  return readContent(reader, sizeBytes);
};

interface PaxHeader {
  readonly name: string | undefined;
  readonly sizeBytes: number | undefined;
}

/** The records `length key=value\n` that say where the bytes of a file are. */
const parsePax = (content: Uint8Array, where: string): PaxHeader => {
  const values = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const digits = /^\d+(?= )/.exec(String.fromCharCode(...content.subarray(at, at + 8)))?.[0] ?? "";
    const record = content.subarray(at + digits.length + 1, at + Number(digits));
    const equals = record.indexOf(0x3d);
    if (equals < 1 || record.at(-1) !== 0x0a || at + Number(digits) > content.length) {
      throw new FormatError(where, "records of length, key and value", `another at byte ${String(at)}`);
    }
    const key = utf8(record.subarray(0, equals), where);
    // Sparse files are laid out otherwise; values of other keys may be binary and are not looked at.
    if (key.startsWith("GNU.sparse.")) throw new FormatError(where, "a regular file", "a sparse file");
    if (key === "path" || key === "size") values.set(key, utf8(record.subarray(equals + 1, -1), where));
    at += Number(digits);
  }
  const size = values.get("size");
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw new FormatError(`${where}: size`, "a number", quoted(size));
  return { name: values.get("path"), sizeBytes: size === undefined ? undefined : Number(size) };
};

const REGULAR = ["0", "\0"];
const DIRECTORY = "5";
const typeNames: ReadonlyMap<string, string> = new Map([
  ["1", "a hard link"],
  ["2", "a symbolic link"],
  ["3", "a character device"],
  ["4", "a block device"],
  ["6", "a FIFO"],
  ["K", "a long link"],
  ["S", "a sparse file"],
  ["V", "a volume label"],
  ["M", "the rest of another volume's file"],
]);

const entryOf = (
  header: TarHeader,
  name: string,
  paxBytes: number | undefined,
  where: string,
  { inflatedBytes }: Limits,
): TarEntry => {
  const { type } = header;
  const place = `${where}: ${quoted(name)}`;
  if (!REGULAR.includes(type) && type !== DIRECTORY) {
    throw new FormatError(place, "a regular file", typeNames.get(type) ?? `type ${quoted(type)}`);
  }
  // Before ustar, a directory was a file whose name ends so.
  const isDirectory = type === DIRECTORY || name.endsWith("/");
  const sizeBytes = paxBytes ?? header.sizeBytes();
  const most = isDirectory ? 0 : inflatedBytes;
  if (sizeBytes > most) throw new FormatError(place, `at most ${String(most)} bytes`, String(sizeBytes));
  return { name, isDirectory, sizeBytes };
};

/** A file's bytes, in memory of their own, and the zeros up to the next block taken. */
const readContent = async (reader: ChunkReader, sizeBytes: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for (let left = sizeBytes; left > 0; left -= parts.at(-1)!.length) {
    parts.push(await reader.takeSome(left, "a file"));
  }
  await reader.take((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES, "padding");
  return joinBytes(parts);
};

const checkEnd = async (reader: ChunkReader): Promise<void> => {
  let rest = await reader.take(BLOCK_BYTES, "the second block of zeros at the end");
  while (rest.length > 0) {
    if (rest.some((byte) => byte !== 0)) {
      throw new FormatError(reader.where, "zeros after the last file", `other bytes before ${String(reader.position)}`);
    }
    rest = await reader.peek(PIECE_BYTES);
    reader.skip(rest.length);
  }
};
