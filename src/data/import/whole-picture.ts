/** Whether an encoded picture is all there: browsers also decode what is left of one that was cut. */
import { FormatError } from "../../errors.ts";
import { viewOf } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import type { ImageHeader } from "./image-header.ts";

/**
 * Reads a picture's parts to its end, without decoding them.
 *
 * @param bytes a file whose header was read; a WebP's length is in it
 * @param where names the file in the error
 * @throws FormatError when the file ends before the picture does, or a part of a PNG that is needed has another CRC-32
 */
export function checkWhole(bytes: Uint8Array, format: ImageHeader["format"], where: string): void {
  if (format === "png") checkPng(bytes, where);
  if (format === "jpeg") checkJpeg(bytes, where);
}

const signatureBytes = 8;

/** W3C PNG, 3rd edition, 5.3: length, type, data and CRC of each chunk, up to IEND. */
function checkPng(bytes: Uint8Array, where: string): void {
  const view = viewOf(bytes);
  let at = signatureBytes;
  for (;;) {
    if (at + 12 > bytes.length) failCut("IEND", bytes, where);
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) failCut("IEND", bytes, where);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    // A type that begins with a capital letter is one that a decoder must read.
    const isNeeded = (bytes[at + 4]! & 0x20) === 0;
    if (isNeeded && crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end))
      throw new FormatError(where, `${type} with the CRC-32 that it names`, "other bytes");
    if (type === "IEND") return;
    at = end + 4;
  }
}

const EOI = 0xd9;
const SOS = 0xda;

/** ITU T.81, B.1.1: segments, and after a scan's header its data, in which a marker is an ff that no 00 follows. */
function checkJpeg(bytes: Uint8Array, where: string): void {
  let at = 2;
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) {
      at = nextMarker(bytes, at + 1);
      continue;
    }
    if (marker === EOI) return;
    if (marker === 0xff) at++;
    else if (at + 3 >= bytes.length) break;
    else {
      at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
      if (marker === SOS) at = nextMarker(bytes, at);
    }
  }
  failCut("EOI", bytes, where);
}

function nextMarker(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(0xff, from);
  return at < 0 ? bytes.length : at;
}

function failCut(end: string, bytes: Uint8Array, where: string): never {
  throw new FormatError(where, `a whole picture, up to its ${end}`, `${String(bytes.length)} bytes (cut short)`);
}
