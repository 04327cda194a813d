import { Inflate } from "fflate";
import { FormatError } from "../../errors.ts";
import { joinBytes } from "../bytes.ts";
import type { Limits } from "./limits.ts";
import { DistinctNames, safePath } from "./safe-path.ts";

/** One file of an archive, or a folder, without bytes, where a reader was asked for those. */
export interface ArchiveFile {
  /** relative, parts joined by `/`, as `safePath` gives it; a folder's ends with `/` */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The bytes of an archive, pulled as its reader needs them; nothing is allocated for bytes that have not come. */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  /** bytes taken so far */
  position = 0;

  constructor(
    chunks: AsyncIterable<Uint8Array>,
    readonly where: string,
  ) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes without taking them; fewer only where the archive ends. */
  async peek(length: number): Promise<Uint8Array> {
    if (this.#rest.length < length) {
      const parts = [this.#rest];
      let held = this.#rest.length;
      while (held < length) {
        const next = await this.#chunks.next();
        if (next.done === true) break;
        parts.push(next.value);
        held += next.value.length;
      }
      this.#rest = parts.length === 1 ? this.#rest : joinBytes(parts);
    }
    return this.#rest.subarray(0, length);
  }

  /** Takes bytes that `peek` has shown. */
  skip(length: number): void {
    this.#rest = this.#rest.subarray(length);
    this.position += length;
  }

  /**
   * Takes `length` bytes; `what` says in the error what they are.
   *
   * @throws FormatError when the archive ends before
   */
  async take(length: number, what: string): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    if (bytes.length < length) this.failTruncated(`${String(length)} bytes of ${what}`, bytes.length);
    this.skip(length);
    return bytes;
  }

  /**
   * Takes from 1 to `most` bytes, as many as are at hand; none only when `most` is 0.
   *
   * @throws FormatError when the archive has ended
   */
  async takeSome(most: number, what: string): Promise<Uint8Array> {
    const { length } = await this.peek(Math.min(1, most));
    if (length < Math.min(1, most)) this.failTruncated(`${String(most)} more bytes of ${what}`, 0);
    const bytes = this.#rest.subarray(0, most);
    this.skip(bytes.length);
    return bytes;
  }

  /** @throws FormatError that the archive ended before what was expected */
  failTruncated(expected: string, bytesLeft: number): never {
    const end = `the end of the file after ${String(bytesLeft)} (at byte ${String(this.position + bytesLeft)})`;
    throw new FormatError(this.where, expected, end);
  }

  /** Lets go of the source, read to its end or not. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

/** Most bytes handed to a decoder at once: deflate makes at most 1,032 of each, so a bomb is seen after 16 MiB. */
export const PIECE_BYTES = 16 * 1024;
/** No encoder writes this much without a byte of content; fflate copies what it has not used at every push. */
const MAX_BARREN_BYTES = 256 * 1024;

/**
 * A raw deflate stream that is inflated in small pieces, each given to `give` before the next is looked at.
 * What follows the stream's last block is not looked at, and a stream cut between two codes is not noticed: a caller
 * compares the length and the CRC-32.
 */
export class BoundedInflate {
  readonly #inflate = new Inflate((bytes) => (this.#made = bytes));
  #made: Uint8Array = new Uint8Array(0);
  #taken = 0;
  #given = 0;
  #barren = 0;

  constructor(
    readonly where: string,
    readonly limits: Limits,
    readonly give: (bytes: Uint8Array) => void,
  ) {}

  /** @throws FormatError when the data is no deflate stream, or inflates by more than the limits allow */
  push(data: Uint8Array, isLast: boolean): void {
    let at = 0;
    do {
      const end = Math.min(at + PIECE_BYTES, data.length);
      this.#pushPiece(data.subarray(at, end), isLast && end === data.length);
      at = end;
    } while (at < data.length);
  }

  #pushPiece(piece: Uint8Array, isLast: boolean): void {
    try {
      this.#inflate.push(piece, isLast);
    } catch (error) {
      throw new FormatError(this.where, "deflate data", String(error instanceof Error ? error.message : error));
    }
    this.#taken += piece.length;
    this.#given += this.#made.length;
    this.#barren = this.#made.length > 0 ? 0 : this.#barren + piece.length;
    const { inflationRatio, ratioFromBytes } = this.limits;
    if (this.#given >= ratioFromBytes && this.#given > inflationRatio * this.#taken) {
      const actual = `${String(this.#given)} bytes out of ${String(this.#taken)}`;
      throw new FormatError(this.where, `data that inflates at most ${String(inflationRatio)} times`, actual);
    }
    if (this.#barren > MAX_BARREN_BYTES) {
      throw new FormatError(this.where, "deflate data with content", `${String(this.#barren)} bytes without any`);
    }
    if (this.#made.length > 0) this.give(this.#made);
  }
}

const ARCHIVE_NAME = /\.(?:zip|tar|gz|tgz|7z|rar)$/i;
/** What macOS adds to archives: resource forks, and the places of icons. */
const CLUTTER = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store$|\._)/;

/** What an archive has given so far, held against the limits: one for each archive that is read. */
export class ArchiveGuard {
  readonly #names: DistinctNames;
  #entries = 0;
  #bytes = 0;

  constructor(
    readonly where: string,
    readonly limits: Limits,
  ) {
    this.#names = new DistinctNames(where);
  }

  /**
   * Counts an entry and judges its name, before its content is read.
   *
   * @returns its path, with a `/` at a directory's end; undefined for the root and what macOS adds, which are read and dropped
   * @throws FormatError when it is one entry too many, its name is unsafe or used before, or it is itself an archive
   */
  admit(name: string, isDirectory: boolean): string | undefined {
    if (++this.#entries > this.limits.entries) {
      throw new FormatError(this.where, `at most ${String(this.limits.entries)} entries`, "more");
    }
    // "./" is the archive's own root, which `tar c .` lists.
    if (isDirectory && /^(?:\.?\/*)$/.test(name) && !name.startsWith("/")) return undefined;
    const path = safePath(name, this.where);
    if (CLUTTER.test(isDirectory ? `${path}/` : path)) return undefined;
    if (isDirectory) return `${path}/`;
    if (ARCHIVE_NAME.test(path)) this.#failNested(path);
    this.#names.add(path);
    return path;
  }

  /** @throws FormatError when the archive has inflated to more than the limits allow */
  count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.inflatedBytes) {
      throw new FormatError(this.where, `at most ${String(this.limits.inflatedBytes)} bytes inflated`, "more");
    }
  }

  /** @throws FormatError when the content of a file is a zip or gzip archive under another name */
  file(path: string, bytes: Uint8Array): ArchiveFile {
    if (path.endsWith("/")) return { path, bytes: new Uint8Array(0) };
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
    if (isZip || isGzip(bytes)) this.#failNested(path);
    return { path, bytes };
  }

  #failNested(path: string): never {
    throw new FormatError(this.where, "files", `${path}, an archive inside the archive`);
  }
}

/** Whether bytes start as a gzip stream of deflate data does (RFC 1952). */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

/**
 * UTF-8 bytes as text.
 *
 * @throws FormatError when they are not UTF-8
 */
export const utf8 = (bytes: Uint8Array, where: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FormatError(where, "a name in UTF-8", "other bytes");
  }
};
