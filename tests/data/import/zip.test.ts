import { deflateRawSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../../src/data/import/limits.ts";
import { readZip } from "../../../src/data/import/zip.ts";
import { FormatError } from "../../../src/errors.ts";
import { collect, concat, digest, failure, inChunks, utf8, zipOf } from "./archives.ts";

const read = (bytes: Uint8Array, limits = defaultLimits, chunkBytes?: number) =>
  collect(readZip(inChunks(bytes, chunkBytes), "a.zip", limits));

const noise = Uint8Array.from({ length: 20_000 }, (_, i) => Math.imul(i, i * 2654435761) >>> 13);
const small = { name: "a/small.txt", data: utf8("hello hello hello") };
const large = { name: "b/large.bin", data: noise };
/** Data in which every signature of the format stands, as in an archive stored in an archive. */
const confusing = {
  name: "c.bin",
  data: concat(utf8("x"), zipOf([small]), utf8("PK\x07\x08PK\x07\x08"), zipOf([small]).subarray(4)),
};

describe("readZip gives the files of", () => {
  test.each([
    ["deflated entries", [small, large]],
    ["stored entries", [small, large].map((entry) => ({ ...entry, stored: true }))],
    ["deflated entries with descriptors", [small, large].map((entry) => ({ ...entry, descriptor: true }))],
    ["stored entries with descriptors", [small, large].map((entry) => ({ ...entry, stored: true, descriptor: true }))],
    ["zip64 entries", [small, large].map((entry) => ({ ...entry, zip64: true }))],
    ["zip64 entries with descriptors", [small, large].map((entry) => ({ ...entry, zip64: true, descriptor: true }))],
    ["stored data full of signatures", [confusing, small].map((entry) => ({ ...entry, stored: true }))],
    [
      "stored data full of signatures, with descriptors",
      [confusing, small].map((entry) => ({ ...entry, stored: true, descriptor: true })),
    ],
    ["empty files", [{ name: "e" }, { name: "f", stored: true }, { name: "g", descriptor: true }]],
    ["names without the flag for UTF-8", [{ ...small, name: "é/ü.txt", flags: 0 }]],
  ])("%s, in chunks of any size", async (_, entries) => {
    const expected = new Map(entries.map(({ name, ...rest }) => [name, "data" in rest ? rest.data : utf8("")]));
    for (const chunkBytes of [1, 7, 512, 1e6]) {
      expect(digest(await read(zipOf(entries), defaultLimits, chunkBytes))).toEqual(digest(expected));
    }
  });

  test("an archive by fflate", async () => {
    const files = { "x/1.txt": strToU8("one"), "x/2.bin": noise, "y.bin": new Uint8Array(100_000) };
    expect(digest(await read(zipSync(files)))).toEqual(digest(new Map(Object.entries(files))));
  });

  test("an archive with a zip64 ending, or a comment", async () => {
    expect(await read(zipOf([small], { zip64: true }))).toEqual(new Map([[small.name, small.data]]));
    expect(await read(zipOf([small], { comment: "PK\x05\x06" }))).toEqual(new Map([[small.name, small.data]]));
  });

  test("an archive of nothing", async () => {
    expect((await read(zipOf([]))).size).toBe(0);
  });

  test("an archive with directories and what macOS adds, without those", async () => {
    const clutter = ["a/", "__MACOSX/a/._b", ".DS_Store", "a/.DS_Store", "a/._b"];
    const archive = zipOf([...clutter.map((name) => ({ name })), { name: "./a/b" }]);
    expect([...(await read(archive)).keys()]).toEqual(["a/b"]);
  });

  test("an archive whose files share no memory with its chunks", async () => {
    const archive = zipOf([{ ...small, stored: true }]);
    const files = await read(archive);
    archive.fill(0);
    expect(files.get(small.name)).toEqual(small.data);
  });
});

describe("readZip refuses", () => {
  test.each([
    ["an empty file", utf8(""), "the end of the file after 0"],
    ["another format", utf8("GIF89a"), "bytes 47 49 46 38 at 0"],
    ["a name that leaves the folder", zipOf([{ name: "../a" }]), "a name without .."],
    ["a name that leaves by a backslash", zipOf([{ name: "..\\a" }]), "separated by /"],
    ["an absolute name", zipOf([{ name: "/a" }]), "a relative name"],
    ["an absolute directory", zipOf([{ name: "/" }]), "a relative name"],
    ["a directory that leaves the folder", zipOf([{ name: "a/../../" }]), "a name without .."],
    ["an empty name", zipOf([{ name: "" }]), "a name"],
    ["a name that is not UTF-8", zipOf([{ name: Uint8Array.of(0x61, 0xff) }]), "a name in UTF-8"],
    ["a name of 65,535 bytes", zipOf([{ name: "x".repeat(65535) }]), "at most 255 bytes"],
    ["a name twice", zipOf([{ name: "a" }, { name: "a" }]), '"a" and "a"'],
    ["names that differ by case", zipOf([{ name: "A/b" }, { name: "a/B" }]), '"A/b" and "a/B"'],
    ["an encrypted entry", zipOf([{ ...small, flags: 1 }]), "an entry that is not encrypted"],
    ["a strongly encrypted entry", zipOf([{ ...small, flags: 0x41 }]), "an entry that is not encrypted"],
    ["a masked header", zipOf([{ ...small, flags: 0x2000 }]), "an entry that is not encrypted"],
    ["a patch", zipOf([{ ...small, flags: 0x20 }]), "a whole file, got a patch"],
    ["an unknown method", zipOf([{ ...small, method: 14 }]), "method 0 (stored) or 8 (deflate), got 14"],
    ["a symbolic link", zipOf([{ name: "a", data: utf8("/etc/passwd"), mode: 0o120777 }]), "got a symbolic link"],
    ["a zip by its name", zipOf([{ name: "a/b.ZIP" }]), "a/b.ZIP, an archive inside the archive"],
    ["a tar by its name", zipOf([{ name: "a.tar" }]), "an archive inside the archive"],
    ["a gzip by its name", zipOf([{ name: "a.tar.gz" }]), "an archive inside the archive"],
    ["a zip by its content", zipOf([{ name: "a.png", data: zipOf([small]) }]), "a.png, an archive inside"],
    ["a gzip by its content", zipOf([{ name: "a.png", data: Uint8Array.of(31, 139, 8) }]), "a.png, an archive inside"],
    ["a directory with content", zipOf([{ name: "a/", data: utf8("x") }]), "a directory without content"],
    ["another CRC-32", zipOf([{ ...small, crc: 7 }]), "CRC-32 7, got"],
    ["another CRC-32 in a descriptor", zipOf([{ ...small, crc: 7, descriptor: true }]), "CRC-32 7, got"],
    ["an unpacked length that is too large", zipOf([{ ...small, unpacked: 18 }]), "unpack to 18, got"],
    ["an unpacked length that is too small", zipOf([{ ...small, unpacked: 16 }]), "16 bytes, as its header says"],
    ["a packed length that is too small", zipOf([{ ...small, packed: 4 }]), "deflate data"],
    [
      "a packed length that is too large",
      zipOf([{ ...small, packed: 2 ** 31 }]),
      "bytes of an entry's data, got the end of the file",
    ],
    ["a descriptor of another length", zipOf([{ ...small, packed: 4, descriptor: true }]), "a data descriptor"],
    [
      "data that is not deflated",
      zipOf([{ ...small, data: utf8("\xff\xff"), stored: true, method: 8 }]),
      "deflate data",
    ],
    ["a directory with another name", zipOf([{ ...small, listed: { name: "b" } }]), "the entries that were read"],
    ["a directory with another CRC-32", zipOf([{ ...small, listed: { crc: 1 } }]), "the entries that were read"],
    ["a directory with another offset", zipOf([{ ...small, listed: { offset: 1 } }]), "the entries that were read"],
    ["an entry that is not listed", zipOf([small, { name: "b", isListed: false }]), "a directory of the 2 entries"],
    ["another count of entries", zipOf([small], { change: ([, n, b, o]) => [2, n!, b!, o!] }), "end record"],
    ["another start of the directory", zipOf([small], { change: ([m, n, b]) => [m!, n!, b!, 0] }), "end record"],
    ["another zip64 count", zipOf([small], { zip64: true, change: ([, n, b, o]) => [2, n!, b!, o!] }), "end record"],
    ["bytes behind the end", concat(zipOf([small]), utf8("x")), "the end of the archive, got more bytes"],
    ["an archive behind the archive", concat(zipOf([small]), zipOf([small])), "the end of the archive"],
    ["bytes between entries", concat(zipOf([small]).subarray(0, -22), utf8("MZ??"), zipOf([])), "bytes 4d 5a"],
    ["a volume of several", concat(zipOf([]).subarray(0, 4), utf8("\x01"), zipOf([]).subarray(5)), "one volume"],
  ])("%s", async (_, bytes, expected) => {
    const error = await failure(read(bytes));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toMatch(/^a\.zip: /);
    expect((error as FormatError).message).toContain(expected);
  });

  test.each([
    ["deflated", [small, { name: "b", data: utf8("b") }], {}],
    ["stored", [{ ...small, stored: true }], {}],
    [
      "with descriptors",
      [
        { ...small, descriptor: true },
        { name: "b", stored: true, descriptor: true },
      ],
      {},
    ],
    ["zip64", [{ ...small, zip64: true, descriptor: true }], { zip64: true }],
    ["with a comment", [small], { comment: "later" }],
  ])("an archive cut at any byte: %s", async (_, entries, ending) => {
    const archive = zipOf(entries, ending);
    for (let end = 0; end < archive.length; end++) {
      expect(await failure(read(archive.subarray(0, end))), String(end)).toBeInstanceOf(FormatError);
    }
    expect(await failure(read(archive))).toBeUndefined();
  });
});

describe("a bomb", () => {
  const zeros = { name: "zeros", data: new Uint8Array(200_000) };
  const limits = { ...defaultLimits, ratioFromBytes: 100_000 };

  test.each([
    ["an entry that inflates too much", [zeros], limits, "inflates at most 100 times"],
    ["one with a descriptor", [{ ...zeros, descriptor: true }], limits, "inflates at most 100 times"],
    [
      "one that declares a length of 10",
      [{ ...zeros, unpacked: 10 }],
      { ...limits, inflationRatio: 1e9 },
      "10 bytes, as its header says, got more",
    ],
    [
      "one that declares 10 in its descriptor",
      [{ ...zeros, unpacked: 10, descriptor: true }],
      limits,
      "inflates at most 100 times",
    ],
    [
      "entries that are too much together",
      [zeros, { ...zeros, name: "more" }],
      { ...defaultLimits, inflatedBytes: 399_999 },
      "at most 399999 bytes inflated",
    ],
    [
      "stored entries that are too much together",
      [{ ...zeros, stored: true }],
      { ...defaultLimits, inflatedBytes: 199_999 },
      "at most 199999 bytes inflated",
    ],
    [
      "too much in files that are left out",
      [{ ...zeros, name: "__MACOSX/a" }],
      { ...defaultLimits, inflatedBytes: 199_999 },
      "at most 199999 bytes inflated",
    ],
    [
      "too many entries, though directories",
      ["a/", "b/", "c/"].map((name) => ({ name })),
      { ...defaultLimits, entries: 2 },
      "at most 2 entries",
    ],
    [
      "one entry listed twice",
      [small, { ...small, listed: { offset: 0 } }].map((entry, i) => ({ ...entry, name: `${String(i)}.txt` })),
      defaultLimits,
      "the entries that were read",
    ],
  ])("is stopped: %s", async (_, entries, bounds, expected) => {
    const error = await failure(read(zipOf(entries), bounds));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toContain(expected);
  });

  test("is stopped before its second piece is taken", async () => {
    const unpacked = 32 * 1024 ** 2;
    const data = new Uint8Array(deflateRawSync(new Uint8Array(unpacked)));
    const archive = zipOf([{ name: "zeros", data, stored: true, method: 8, unpacked }]);
    let taken = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of inChunks(archive, 4096)) {
        taken += chunk.length;
        yield chunk;
      }
    }
    const error = await failure(collect(readZip(counted(), "a.zip")));
    expect((error as FormatError).message).toContain("inflates at most 100 times");
    expect(taken).toBeLessThanOrEqual(20480);
  });

  test("within the limits is an archive like any other", async () => {
    expect((await read(zipOf([zeros]))).get("zeros")).toHaveLength(200_000);
    expect((await read(zipOf([zeros, { name: "b" }]), { ...limits, ratioFromBytes: 200_001, entries: 2 })).size).toBe(
      2,
    );
  });

  test("of deflate blocks without content is stopped", async () => {
    // Stored blocks of length 0, each of 5 bytes.
    const barren = new Uint8Array(600_000);
    for (let at = 0; at < barren.length; at += 5) barren.set([0, 0, 0, 255, 255], at);
    const archive = zipOf([{ name: "a", data: barren, stored: true, method: 8, unpacked: 0 }]);
    expect(await failure(read(archive))).toMatchObject({ expected: "deflate data with content" });
  });
});

test("a reader that stops early lets go of the source", async () => {
  let isClosed = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield* inChunks(zipOf([small, large]), 100);
    } finally {
      isClosed = true;
    }
  }
  for await (const file of readZip(source(), "a.zip")) {
    expect(file.path).toBe(small.name);
    break;
  }
  expect(isClosed).toBe(true);
});
