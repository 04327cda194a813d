/** Zip and tar archives written byte by byte, so that every field can be wrong. */
import { deflateSync } from "fflate";
import { crc32 } from "../../../src/data/crc32.ts";
import type { ArchiveFile } from "../../../src/data/import/archive.ts";
import { tarEnd } from "../../../src/data/tar-writer.ts";

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Bytes as they could arrive: in chunks of one size. */
export async function* inChunks(bytes: Uint8Array, chunkBytes = 65536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
  }
}

/** Everything a reader gives, by path. */
export const collect = async (files: AsyncIterable<ArchiveFile>): Promise<Map<string, Uint8Array>> => {
  const found = new Map<string, Uint8Array>();
  for await (const { path, bytes } of files) found.set(path, bytes);
  return found;
};

/** Files as text that is quick to compare and shows where it differs: path, length and a hash. */
export const digest = (files: ReadonlyMap<string, Uint8Array>): string[] =>
  Array.from(files, ([path, bytes]) => `${path}: ${String(bytes.length)} bytes ${String(crc32(bytes))}`);

/** What went wrong; undefined when nothing did. */
export const failure = async (result: Promise<unknown>): Promise<unknown> =>
  result.then(
    () => undefined,
    (error: unknown) => error,
  );

interface ZipOptions {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array;
  readonly stored?: boolean;
  /** Whether the sizes follow the data. */
  readonly descriptor?: boolean;
  readonly zip64?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly unpacked?: number;
  readonly packed?: number;
  readonly mode?: number;
  /** What the directory says in place of the above. */
  readonly listed?: { readonly name?: string; readonly crc?: number; readonly offset?: number };
  readonly isListed?: boolean;
}

const fields = (...values: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array =>
  concat(
    ...values.map(([bytes, value]) => {
      const out = Buffer.alloc(8);
      out.writeBigUInt64LE(BigInt(value));
      return out.subarray(0, bytes);
    }),
  );

const ALL_ONES = 0xffffffff;

/** One local entry and its line in the directory, given where it stands. */
const zipEntry = (options: ZipOptions): { local: Uint8Array; central: (offset: number) => Uint8Array } => {
  const {
    data = new Uint8Array(0),
    stored = false,
    descriptor = false,
    zip64 = false,
    mode = 0,
    listed = {},
  } = options;
  const name = typeof options.name === "string" ? utf8(options.name) : options.name;
  const content = stored ? data : deflateSync(data);
  const method = options.method ?? (stored ? 0 : 8);
  const flags = (options.flags ?? 0x800) | (descriptor ? 8 : 0);
  const crc = options.crc ?? crc32(data);
  const packed = options.packed ?? content.length;
  const unpacked = options.unpacked ?? data.length;
  const wide = zip64 ? fields([2, 1], [2, 16], [8, descriptor ? 0 : unpacked], [8, descriptor ? 0 : packed]) : utf8("");
  const sums = (isOpen: boolean): Uint8Array =>
    isOpen
      ? fields([4, 0], [4, zip64 ? ALL_ONES : 0], [4, zip64 ? ALL_ONES : 0])
      : fields([4, crc], [4, zip64 ? ALL_ONES : packed], [4, zip64 ? ALL_ONES : unpacked]);
  const size = zip64 ? 8 : 4;
  const local = concat(
    fields([4, 0x04034b50], [2, 20], [2, flags], [2, method], [4, 0]),
    sums(descriptor),
    fields([2, name.length], [2, wide.length]),
    name,
    wide,
    content,
    descriptor ? fields([4, 0x08074b50], [4, crc], [size, packed], [size, unpacked]) : utf8(""),
  );
  const listedName = listed.name === undefined ? name : utf8(listed.name);
  const listedWide = zip64 ? fields([2, 1], [2, 16], [8, unpacked], [8, packed]) : utf8("");
  const central = (offset: number): Uint8Array =>
    concat(
      fields([4, 0x02014b50], [2, 0x314], [2, 20], [2, flags], [2, method], [4, 0]),
      fields([4, listed.crc ?? crc], [4, zip64 ? ALL_ONES : packed], [4, zip64 ? ALL_ONES : unpacked]),
      fields([2, listedName.length], [2, listedWide.length], [2, 0], [2, 0], [2, 0], [4, mode * 65536]),
      fields([4, listed.offset ?? offset]),
      listedName,
      listedWide,
    );
  return { local, central };
};

/** A zip archive; `ending` may change its end record's fields: entries, entries, directory bytes, directory offset. */
export const zipOf = (
  entries: readonly ZipOptions[],
  ending: { zip64?: boolean; comment?: string; change?: (fields: number[]) => number[] } = {},
): Uint8Array => {
  const locals: Uint8Array[] = [];
  const centrals: Uint8Array[] = [];
  let offset = 0;
  for (const options of entries) {
    const { local, central } = zipEntry(options);
    locals.push(local);
    if (options.isListed !== false) centrals.push(central(offset));
    offset += local.length;
  }
  const directory = concat(...centrals);
  const truth = [centrals.length, centrals.length, directory.length, offset];
  const [here, all, bytes, start] = (ending.change ?? ((same) => same))(truth);
  const wide = concat(
    fields([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0]),
    fields([8, here!], [8, all!], [8, bytes!], [8, start!]),
    fields([4, 0x07064b50], [4, 0], [8, offset + directory.length], [4, 1]),
  );
  const comment = utf8(ending.comment ?? "");
  const end = ending.zip64
    ? fields([4, 0x06054b50], [4, 0], [2, 0xffff], [2, 0xffff], [4, ALL_ONES], [4, ALL_ONES], [2, comment.length])
    : fields([4, 0x06054b50], [4, 0], [2, here!], [2, all!], [4, bytes!], [4, start!], [2, comment.length]);
  return concat(...locals, directory, ending.zip64 ? wide : utf8(""), end, comment);
};

interface TarOptions {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array;
  readonly type?: string;
  readonly magic?: string;
  readonly prefix?: string;
  readonly link?: string;
  /** The size field; the data's length in octal without it. */
  readonly size?: string | Uint8Array;
  readonly checksum?: string;
}

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;

/** One tar header with its content in whole blocks. */
export const tarEntry = (options: TarOptions): Uint8Array => {
  const { data = utf8(""), type = "0", magic = "ustar\x0000", prefix = "", link = "" } = options;
  const header = new Uint8Array(512);
  const put = (at: number, value: string | Uint8Array): void =>
    header.set(typeof value === "string" ? utf8(value) : value, at);
  put(0, options.name);
  put(100, octal(0o644, 7));
  put(124, options.size ?? octal(data.length, 11));
  put(136, octal(0, 11));
  put(156, type);
  put(157, link);
  put(257, magic);
  put(345, prefix);
  put(148, "        ");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, options.checksum ?? `${octal(sum, 6)} `);
  return concat(header, data, new Uint8Array((512 - (data.length % 512)) % 512));
};

export const tarOf = (...entries: readonly TarOptions[]): Uint8Array => concat(...entries.map(tarEntry), tarEnd());

/** A pax header with the records of a file. */
export const paxEntry = (records: Readonly<Record<string, string>>, type = "x"): TarOptions => {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = utf8(` ${key}=${value}\n`).length;
    const digits = String(rest + String(rest + 2).length).length;
    return `${String(rest + digits)} ${key}=${value}\n`;
  });
  return { name: "PaxHeader", type, data: utf8(lines.join("")) };
};
