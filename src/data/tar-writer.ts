/** Tar archives, the same bytes for the same files. */
import { FormatError } from "../errors.ts";

/** Headers and contents fill whole blocks of this many bytes. */
const blockBytes = 512;

/** Longest name; the format's prefix for longer ones is not written. */
const nameBytes = 100;

/** Largest size that eleven octal digits hold. */
const largestBytes = 8 ** 11 - 1;

/**
 * A file as a member of a tar archive: its header and its content, each in whole blocks. It belongs to nobody, was changed in
 * 1970 and may be read by all, so that it depends on nothing but name and bytes.
 *
 * @param path at most 100 bytes of UTF-8
 * @param bytes at most 8 GiB
 * @throws FormatError when either is longer
 *
 * POSIX.1-1988, "ustar".
 */
export function tarMember(path: string, bytes: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(path);
  if (name.length === 0 || name.length > nameBytes)
    throw new FormatError(`tar member ${path}`, `a name of 1 to ${String(nameBytes)} bytes`, String(name.length));
  if (bytes.length > largestBytes)
    throw new FormatError(`tar member ${path}`, `at most ${String(largestBytes)} bytes`, String(bytes.length));
  const member = new Uint8Array(blockBytes + Math.ceil(bytes.length / blockBytes) * blockBytes);
  member.set(name);
  writeHeader(member.subarray(0, blockBytes), bytes.length);
  member.set(bytes, blockBytes);
  return member;
}

/** What follows the last member: two empty blocks. */
export const tarEnd = (): Uint8Array => new Uint8Array(2 * blockBytes);

const checksumAt = 148;
const checksumBytes = 8;

/** Everything behind the name. Numbers are octal digits with a NUL behind them. */
function writeHeader(header: Uint8Array, sizeBytes: number): void {
  const text = (at: number, value: string) => void header.set(new TextEncoder().encode(value), at);
  const octal = (at: number, digits: number, value: number) => text(at, value.toString(8).padStart(digits, "0"));
  octal(100, 7, 0o644);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, sizeBytes);
  octal(136, 11, 0);
  // A plain file, then magic and version.
  text(156, "0");
  text(257, "ustar\0" + "00");
  octal(329, 7, 0);
  octal(337, 7, 0);
  // The checksum is of the header with blanks in its own place.
  header.fill(0x20, checksumAt, checksumAt + checksumBytes);
  octal(
    checksumAt,
    6,
    header.reduce((sum, byte) => sum + byte, 0),
  );
  header[checksumAt + 6] = 0;
}
