import { gzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../../src/data/import/limits.ts";
import { readTar } from "../../../src/data/import/tar.ts";
import { FormatError } from "../../../src/errors.ts";
import { collect, concat, digest, failure, inChunks, paxEntry, tarEntry, tarOf, utf8 } from "./archives.ts";

const read = (bytes: Uint8Array, limits = defaultLimits, chunkBytes?: number) =>
  collect(readTar(inChunks(bytes, chunkBytes), "a.tar", limits));

const noise = Uint8Array.from({ length: 20_000 }, (_, i) => Math.imul(i, i * 2654435761) >>> 13);
const small = { name: "a/small.txt", data: utf8("hello") };
const large = { name: "b/large.bin", data: noise };
const longName = `${"folder/".repeat(30)}file.png`;
const gnuName = (name: string) => ({ name: "././@LongLink", type: "L", magic: "ustar  ", data: utf8(`${name}\0`) });
const base256 = (value: number): Uint8Array =>
  Uint8Array.from({ length: 12 }, (_, i) => (i === 0 ? 0x80 : Math.floor(value / 256 ** (11 - i)) % 256));

describe("readTar gives the files of", () => {
  const files = new Map([small, large].map(({ name, data }) => [name, data]));
  const one = new Map([[small.name, small.data]]);
  const renamed = new Map([[longName, small.data]]);
  test.each([
    ["ustar", tarOf(small, large), files],
    ["GNU tar", tarOf(...[small, large].map((entry) => ({ ...entry, magic: "ustar  ", prefix: "1234" }))), files],
    ["files of type NUL", tarOf(...[small, large].map((entry) => ({ ...entry, type: "\0" }))), files],
    ["sizes in base 256", tarOf(...[small, large].map((e) => ({ ...e, size: base256(e.data.length) }))), files],
    ["sizes with blanks", tarOf({ ...small, size: "         5 \0" }), one],
    ["a prefix", tarOf({ ...small, name: "small.txt", prefix: "x/y" }), new Map([["x/y/small.txt", small.data]])],
    ["a GNU long name", tarOf(gnuName(longName), { ...small, name: longName.slice(0, 100) }), renamed],
    ["a pax path", tarOf(paxEntry({ path: longName, mtime: "1.5" }), small), renamed],
    ["a pax size", tarOf(paxEntry({ size: "5" }), { ...small, size: "00000000000\0" }), one],
    ["a pax path over a GNU long name", tarOf(gnuName("x"), paxEntry({ path: longName }), small), renamed],
    ["a pax comment for all", tarOf(paxEntry({ comment: "0123abcd" }, "g"), small, large), files],
    ["nothing", tarOf(), new Map()],
    ["zeros behind the end", concat(tarOf(small, large), new Uint8Array(20_000)), files],
  ])("%s, plain or in gzip, in chunks of any size", async (_, archive, expected) => {
    const gzipped = gzipSync(archive);
    for (const chunkBytes of [1, 7, 512, 1e6]) {
      expect(digest(await read(archive, defaultLimits, chunkBytes))).toEqual(digest(expected));
      expect(digest(await read(gzipped, defaultLimits, chunkBytes))).toEqual(digest(expected));
    }
  });

  test("an archive with directories and what macOS adds, without those", async () => {
    const clutter = ["a/._b", ".DS_Store", "__MACOSX/x"].map((name) => ({ name }));
    const directories = ["./", "./a/", "b"].map((name) => ({ name, type: "5" }));
    const archive = tarOf(...directories, { name: "old/", type: "0" }, ...clutter, { name: "./a/b" });
    expect([...(await read(archive)).keys()]).toEqual(["a/b"]);
  });

  test("a gzip stream with a name, a comment, extra fields and a checksum of its header", async () => {
    const plain = gzipSync(tarOf(small));
    const fields = concat(Uint8Array.of(3, 0, 1, 2, 3), utf8("a.tar\0note\0"), Uint8Array.of(0, 0));
    const header = plain.slice(0, 10);
    header[3] = 2 | 4 | 8 | 16;
    expect((await read(concat(header, fields, plain.subarray(10)))).size).toBe(1);
  });

  test("an archive whose files share no memory with its chunks", async () => {
    const archive = tarOf(small);
    const found = await read(archive);
    archive.fill(0);
    expect(found.get(small.name)).toEqual(small.data);
  });
});

describe("readTar refuses", () => {
  const gz = gzipSync(tarOf(small));
  const withByte = (bytes: Uint8Array, at: number, byte: number): Uint8Array => {
    const copy = bytes.slice();
    copy[at < 0 ? bytes.length + at : at] = byte;
    return copy;
  };
  test.each([
    ["an empty file", utf8(""), "512 bytes of a tar header"],
    ["another format", new Uint8Array(512).fill(1), "a tar header (ustar)"],
    ["a tar older than ustar", tarOf({ ...small, magic: "" }), "a tar header (ustar)"],
    ["a name that leaves the folder", tarOf({ name: "../a" }), "a name without .."],
    ["a prefix that leaves the folder", tarOf({ name: "a", prefix: "b/../.." }), "a name without .."],
    ["a long name that leaves the folder", tarOf(gnuName("a/../../b"), small), "a name without .."],
    ["a pax path that leaves the folder", tarOf(paxEntry({ path: "../a" }), small), "a name without .."],
    ["an empty pax path", tarOf(paxEntry({ path: "" }), small), "a name"],
    ["an absolute name", tarOf({ name: "/etc/passwd" }), "a relative name"],
    ["a directory that leaves the folder", tarOf({ name: "..", type: "5" }), "a name without .."],
    ["a drive", tarOf({ name: "c:\\a" }), "separated by /"],
    ["a name that is not UTF-8", tarOf({ name: Uint8Array.of(0xff) }), "a name in UTF-8"],
    ["a name over 255 bytes", tarOf(gnuName("x".repeat(256)), small), "at most 255 bytes"],
    ["a name twice", tarOf(small, small), "differ by more than case"],
    ["names that differ by case", tarOf({ name: "A" }, { name: "a" }), '"A" and "a"'],
    ["a hard link", tarOf({ name: "a", type: "1", link: "b" }), '"a": expected a regular file, got a hard link'],
    ["a symbolic link", tarOf({ name: "a", type: "2", link: "/etc" }), "got a symbolic link"],
    ["a long link", tarOf({ name: "a", type: "K", data: utf8("b") }), "got a long link"],
    ["a character device", tarOf({ name: "a", type: "3" }), "got a character device"],
    ["a block device", tarOf({ name: "a", type: "4" }), "got a block device"],
    ["a FIFO", tarOf({ name: "a", type: "6" }), "got a FIFO"],
    ["a sparse file of GNU tar", tarOf({ name: "a", type: "S" }), "got a sparse file"],
    ["a sparse file of pax", tarOf(paxEntry({ "GNU.sparse.major": "1" }), small), "got a sparse file"],
    ["an unknown type", tarOf({ name: "a", type: "Z" }), 'got type "Z"'],
    ["an archive by its name", tarOf({ name: "a/b.tgz" }), "a/b.tgz, an archive inside the archive"],
    ["an archive by its content", tarOf({ name: "a", data: gz }), "an archive inside the archive"],
    ["a directory with content", tarOf({ name: "a", type: "5", data: utf8("x") }), "at most 0 bytes, got 1"],
    ["another checksum", tarOf({ ...small, checksum: "0000000\0" }), "a header of checksum 0, got"],
    ["a checksum that is no number", tarOf({ ...small, checksum: "99999999" }), "checksum: expected an octal number"],
    ["a size that is no number", tarOf({ ...small, size: "5 5         " }), "size: expected an octal number"],
    ["an empty size", tarOf({ ...small, size: "\0".repeat(12) }), "size: expected an octal number"],
    ["a negative size", tarOf({ ...small, size: "-0000000005\0" }), "size: expected an octal number"],
    ["a negative size in base 256", tarOf({ ...small, size: new Uint8Array(12).fill(255) }), "size: expected an octal"],
    ["a size past 2^53", tarOf({ ...small, size: base256(2 ** 60) }), "size: expected an octal number"],
    [
      "a size past the limit",
      tarOf({ ...small, size: base256(2 ** 40) }),
      "at most 2147483648 bytes, got 1099511627776",
    ],
    ["a size past the archive", tarOf({ ...small, size: "00010000000\0" }), "more bytes of a file"],
    ["a pax size past the limit", tarOf(paxEntry({ size: "999999999999999" }), small), "at most 2147483648 bytes"],
    ["a pax size that is no number", tarOf(paxEntry({ size: "5e3" }), small), "size: expected a number"],
    ["a pax size of nothing", tarOf(paxEntry({ size: "" }), small), "size: expected a number"],
    ["a pax record of length 0", tarOf({ ...paxEntry({}), data: utf8("0 a=b\n") }, small), "another at byte 0"],
    ["a pax record that is too long", tarOf({ ...paxEntry({}), data: utf8("99 a=b\n") }, small), "another at byte 0"],
    ["a pax record without a key", tarOf({ ...paxEntry({}), data: utf8("5 =b\n") }, small), "another at byte 0"],
    ["a pax record without an end", tarOf({ ...paxEntry({}), data: utf8("6 a=bc") }, small), "another at byte 0"],
    ["a pax path for all files", tarOf(paxEntry({ path: "a" }, "g"), small), "those of all files"],
    ["a pax header of 2 MiB", tarOf({ name: "x", type: "x", size: "00010000000\0" }, small), "at most 1048576 bytes"],
    ["two pax headers for a file", tarOf(paxEntry({ a: "b" }), paxEntry({ a: "b" }), small), 'got type "x"'],
    ["two long names for a file", tarOf(gnuName("a"), gnuName("b"), small), 'got type "L"'],
    ["a long name for no file", tarOf(gnuName("a")), "a tar header (ustar)"],
    ["one block of zeros alone", tarOf(small).subarray(0, -512), "the second block of zeros"],
    ["a file behind the end", concat(tarOf(small), tarEntry({ name: "b" })), "zeros after the last file"],
    ["another gzip method", withByte(gz, 2, 7), "512 bytes of a tar header"],
    ["reserved gzip flags", withByte(gz, 3, 0x80), "flags of RFC 1952"],
    [
      "a gzip name without end",
      concat(Uint8Array.of(31, 139, 8, 8, 0, 0, 0, 0, 0, 0), new Uint8Array(9000).fill(1)),
      "no end of it",
    ],
    ["another gzip CRC-32", withByte(gz, -8, gz.at(-8)! ^ 1), "one member of CRC-32"],
    ["another gzip size", withByte(gz, -1, 1), "one member of CRC-32"],
    ["two gzip members", concat(gz, gzipSync(utf8("x"))), "one member of CRC-32"],
    ["bytes behind the gzip stream", concat(gz, utf8("x")), "one member of CRC-32"],
    ["a gzip stream in a gzip stream", gzipSync(gz), "512 bytes of a tar header"],
    ["gzip data that is not deflated", concat(gz.subarray(0, 10), new Uint8Array(20).fill(255)), "deflate data"],
  ])("%s", async (_, bytes, expected) => {
    const error = await failure(read(bytes));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toMatch(/^a\.tar: /);
    expect((error as FormatError).message).toContain(expected);
  });

  test.each([
    ["ustar", tarOf(small, { name: "b" })],
    ["a long name", tarOf(gnuName(longName), small)],
    ["pax", tarOf(paxEntry({ path: longName, size: "5" }), small)],
    ["gzip", gz],
  ])("an archive cut at any byte: %s", async (_, archive) => {
    for (let end = 0; end < archive.length; end++) {
      expect(await failure(read(archive.subarray(0, end))), String(end)).toBeInstanceOf(FormatError);
    }
    expect(await failure(read(archive))).toBeUndefined();
  });
});

describe("a bomb", () => {
  const zeros = { name: "zeros", data: new Uint8Array(200_000) };
  test.each([
    ["a gzip stream that inflates too much", gzipSync(tarOf(zeros)), { ratioFromBytes: 100_000 }, "at most 100 times"],
    [
      "one that inflates too much in all",
      gzipSync(tarOf(zeros)),
      { inflatedBytes: 201_000 },
      "at most 201000 bytes inflated",
    ],
    ["zeros behind the end", gzipSync(concat(tarOf(), new Uint8Array(2e6))), {}, "at most 100 times"],
    ["a plain archive that is too large", tarOf(zeros), { inflatedBytes: 201_000 }, "at most 201000 bytes inflated"],
    ["a file that is too large", tarOf(zeros), { inflatedBytes: 199_999 }, "at most 199999 bytes, got 200000"],
    [
      "too many entries",
      tarOf({ name: "a", type: "5" }, { name: "b" }, { name: "c" }),
      { entries: 2 },
      "at most 2 entries",
    ],
  ])("is stopped: %s", async (_, bytes, changes, expected) => {
    const error = await failure(read(bytes, { ...defaultLimits, ...changes }));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toContain(expected);
  });
});
