import { FormatError } from "../../errors.ts";
import { viewOf } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import { defaultLimits, type Limits } from "./limits.ts";

/** What an image file says of itself before anything of it is decoded. */
export interface ImageHeader {
  readonly format: "jpeg" | "png" | "webp";
  /** pixels, as stored: a JPEG's EXIF orientation is not applied */
  readonly width: number;
  readonly height: number;
}

/**
 * Format and size of a whole encoded image, from its first bytes, so that a decoder only ever sees images of bounded
 * size. That the rest decodes is not checked.
 *
 * @param bytes the whole file
 * @param where names the file in the error
 * @throws FormatError when it is no JPEG, PNG or WebP, its header is cut or broken, or a size is out of the limits
 *
 * ITU T.81 annex B; W3C PNG, 3rd edition, 11.2.1; RFC 9649 (WebP).
 */
export const imageHeader = (bytes: Uint8Array, where: string, limits: Limits = defaultLimits): ImageHeader => {
  if (bytes.length > limits.imageFileBytes) {
    throw new FormatError(where, `at most ${String(limits.imageFileBytes)} bytes`, String(bytes.length));
  }
  const header = readHeader(new HeaderBytes(bytes, where));
  checkSides(header, where, limits);
  return header;
};

const readHeader = (file: HeaderBytes): ImageHeader => {
  if (file.startsWith("\xff\xd8\xff")) return { format: "jpeg", ...jpegSides(file) };
  if (file.startsWith("\x89PNG\r\n\x1a\n")) return { format: "png", ...pngSides(file) };
  if (file.startsWith("RIFF") && file.startsWith("WEBP", 8)) return { format: "webp", ...webpSides(file) };
  return file.fail("a JPEG, PNG or WebP image", lookOf(file));
};

const checkSides = ({ width, height }: ImageHeader, where: string, limits: Limits): void => {
  const refuse = (expected: string): never => {
    throw new FormatError(where, expected, `${String(width)} × ${String(height)}`);
  };
  if (width < 1 || height < 1) refuse("sides of at least 1 pixel");
  if (width > limits.imageSide || height > limits.imageSide) {
    refuse(`sides of at most ${String(limits.imageSide)} pixels`);
  }
  if (width > Math.floor(limits.imagePixels / height)) refuse(`at most ${String(limits.imagePixels)} pixels`);
};

/** A file's bytes, read with the bounds checked. */
class HeaderBytes {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly where: string,
  ) {
    this.#view = viewOf(bytes);
  }

  fail(expected: string, actual: string): never {
    throw new FormatError(this.where, expected, actual);
  }

  /** @throws FormatError when the file ends before byte `end` */
  need(end: number): void {
    if (end > this.bytes.length) {
      this.fail(`a header of at least ${String(end)} bytes`, `${String(this.bytes.length)} (cut short)`);
    }
  }

  u8(at: number): number {
    this.need(at + 1);
    return this.#view.getUint8(at);
  }

  u16(at: number, littleEndian = false): number {
    this.need(at + 2);
    return this.#view.getUint16(at, littleEndian);
  }

  u24LittleEndian(at: number): number {
    return this.u16(at, true) | (this.u8(at + 2) << 16);
  }

  u32(at: number, littleEndian = false): number {
    this.need(at + 4);
    return this.#view.getUint32(at, littleEndian);
  }

  /** Whether the Latin-1 bytes of `text` stand at `at`. */
  startsWith(text: string, at = 0): boolean {
    for (let i = 0; i < text.length; i++) if (this.bytes[at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  latin1(at: number, length: number): string {
    return String.fromCharCode(...this.bytes.subarray(at, at + length));
  }
}

interface Sides {
  readonly width: number;
  readonly height: number;
}

/** Markers inside SOF0–SOF15 that are no frame headers: DHT, JPG, DAC. */
const NOT_FRAMES = [0xc4, 0xc8, 0xcc];
const SOS = 0xda;
const EOI = 0xd9;
/** TEM and RST0–RST7, SOI: markers without a length. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

const jpegSides = (file: HeaderBytes): Sides => {
  let at = 2;
  for (;;) {
    if (file.u8(at) !== 0xff) file.fail("a JPEG marker", `byte ${String(file.u8(at))} at ${String(at)}`);
    const marker = file.u8(at + 1);
    if (marker === 0xff) {
      at++; // Any number of ff may stand before a marker.
      continue;
    }
    if (marker === SOS || marker === EOI || marker === 0 || isBare(marker)) {
      file.fail("a JPEG frame header", `marker ff${marker.toString(16).padStart(2, "0")} before it`);
    }
    const length = file.u16(at + 2);
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_FRAMES.includes(marker)) {
      const components = file.u8(at + 9);
      if (length !== 8 + 3 * components) file.fail("a JPEG frame header", `a length of ${String(length)}`);
      file.need(at + 2 + length);
      return { height: file.u16(at + 5), width: file.u16(at + 7) };
    }
    if (length < 2) file.fail("a JPEG segment of at least 2 bytes", String(length));
    at += 2 + length;
  }
};

const IHDR_BYTES = 13;

const pngSides = (file: HeaderBytes): Sides => {
  const length = file.u32(8);
  if (length !== IHDR_BYTES) file.fail(`an IHDR of ${String(IHDR_BYTES)} bytes`, String(length));
  file.need(16 + IHDR_BYTES + 4);
  if (!file.startsWith("IHDR", 12)) file.fail("IHDR first", JSON.stringify(file.latin1(12, 4)));
  const crc = crc32(file.bytes.subarray(12, 16 + IHDR_BYTES));
  const stored = file.u32(16 + IHDR_BYTES);
  if (stored !== crc) file.fail(`an IHDR whose CRC-32 is ${String(crc)}`, String(stored));
  return { width: file.u32(16), height: file.u32(20) };
};

const webpSides = (file: HeaderBytes): Sides => {
  file.need(8 + file.u32(4, true));
  file.need(20);
  const chunk = file.latin1(12, 4);
  if (chunk === "VP8 ") {
    // Bit 0 is clear in a key frame.
    if ((file.u8(20) & 1) !== 0) file.fail("a WebP key frame", "another frame");
    file.need(30);
    if (!file.startsWith("\x9d\x01\x2a", 23)) file.fail("a VP8 start code", JSON.stringify(file.latin1(23, 3)));
    return { width: file.u16(26, true) & 0x3fff, height: file.u16(28, true) & 0x3fff };
  }
  if (chunk === "VP8L") {
    if (file.u8(20) !== 0x2f) file.fail("a VP8L signature", String(file.u8(20)));
    const sides = file.u32(21, true);
    return { width: (sides & 0x3fff) + 1, height: ((sides >>> 14) & 0x3fff) + 1 };
  }
  if (chunk === "VP8X") return { width: file.u24LittleEndian(24) + 1, height: file.u24LittleEndian(27) + 1 };
  return file.fail("a WebP chunk VP8, VP8L or VP8X", JSON.stringify(chunk));
};

/** Byte patterns at an offset, for files that people take for images. */
const looks: readonly (readonly [pattern: RegExp, look: string])[] = [
  [/^$/, "an empty file"],
  [/^GIF8/, "a GIF"],
  [/^BM/, "a BMP"],
  [/^(?:II\*\0|MM\0\*)/, "a TIFF"],
  [/^.{4}ftyp(?:avif|avis)/s, "an AVIF"],
  [/^.{4}ftyp(?:hei|hev|mif|msf)/s, "a HEIC"],
  [/^.{4}ftyp/s, "a video"],
  [/^%PDF/, "a PDF"],
  [/^PK\x03\x04/, "a zip archive"],
  [/^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)*(?:<!doctype svg|<svg)/i, "an SVG"],
  [/^(?:\xef\xbb\xbf)?\s*(?:<!--[^>]*>\s*)*<(?:!doctype html|html|head|body)/i, "an HTML page"],
];

const lookOf = (file: HeaderBytes): string => {
  const start = file.latin1(0, 512);
  const look = looks.find(([pattern]) => pattern.test(start))?.[1];
  const hex = Array.from(file.bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return look ?? `bytes ${hex}`;
};
