import { gzipSync } from "fflate";
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crc32 } from "../../../src/data/crc32.ts";
import { readCifar } from "../../../src/data/import/cifar.ts";
import { imageHeader } from "../../../src/data/import/image-header.ts";
import { defaultLimits } from "../../../src/data/import/limits.ts";
import { readNpy } from "../../../src/data/import/npy.ts";
import { safePath } from "../../../src/data/import/safe-path.ts";
import { readTar } from "../../../src/data/import/tar.ts";
import { readZip } from "../../../src/data/import/zip.ts";
import { FormatError } from "../../../src/errors.ts";
import { concat, inChunks, paxEntry, tarOf, utf8, zipOf } from "./archives.ts";
import { counter, edit, filesFrom, fuzzSync, mutate, refusal, seed } from "./fuzzing.ts";

const limits = { ...defaultLimits, inflatedBytes: 100_000, entries: 8, ratioFromBytes: 10_000 };
/** What the process may hold in all: Node, Vitest and libvips are most of it, and a 4 GiB array would not fit. */
const MOST_RESIDENT_KIB = 1024 ** 2;

const fuzzArchive = async (valid: readonly Uint8Array[], numRuns: number, reader: typeof readZip): Promise<void> => {
  const counts = counter();
  const property = fc.asyncProperty(filesFrom(valid), fc.integer({ min: 50, max: 4000 }), async (bytes, chunkBytes) => {
    let sizeBytes = 0;
    let entries = 0;
    try {
      for await (const file of reader(inChunks(bytes, chunkBytes), "fuzz", limits)) {
        sizeBytes += file.bytes.length;
        entries++;
        if (safePath(file.path, "fuzz") !== file.path) throw new Error(`unsafe path ${file.path}`);
        if (sizeBytes > limits.inflatedBytes || entries > limits.entries) throw new Error("limits were not kept");
      }
      counts.given++;
    } catch (error) {
      refusal(error, counts);
    }
  });
  await fc.assert(property, { seed, numRuns });
  expect(counts.given).toBeGreaterThan(numRuns / 200);
  expect(counts.refused).toBeGreaterThan(numRuns / 200);
};

const text = { name: "a/b.txt", data: utf8("hello hello hello hello") };
const zips = [
  zipOf([text, { name: "c", data: utf8("c"), stored: true }]),
  zipOf([
    { ...text, descriptor: true },
    { name: "c", stored: true, descriptor: true },
  ]),
  zipOf([{ ...text, zip64: true, descriptor: true }], { zip64: true, comment: "later" }),
];
const tars = [
  tarOf(text, { name: "c", type: "5" }),
  tarOf({ name: "././@LongLink", type: "L", data: utf8("x/y\0") }, { ...text, magic: "ustar  " }),
  tarOf(paxEntry({ path: "x/y", size: "23" }), text),
];
const npy = (version: number, descr: string, bytes: number): Uint8Array => {
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (2, 3), }\n`;
  const length = Uint8Array.of(dictionary.length, 0, 0, 0).subarray(0, version * 2);
  return concat(
    Uint8Array.of(0x93),
    utf8("NUMPY"),
    Uint8Array.of(version, 0),
    length,
    utf8(dictionary),
    new Uint8Array(bytes),
  );
};
const cifar = (labels: number): Uint8Array => new Uint8Array(labels + 3072);
const images: Uint8Array[] = [];

beforeAll(async () => {
  const picture = sharp({ create: { width: 5, height: 4, channels: 3, background: "teal" } });
  const clear = sharp({ create: { width: 5, height: 4, channels: 4, background: "#00800080" } });
  const encoded = [
    picture.clone().jpeg(),
    picture.png(),
    picture.webp(),
    picture.webp({ lossless: true }),
    clear.webp(),
  ];
  for (const image of encoded) images.push(new Uint8Array(await image.clone().toBuffer()));
  // Edits fall into the headers, not into what is never looked at.
  images.push(...images.map((bytes) => bytes.subarray(0, 700)));
});

describe(`on any bytes, a value or FormatError (ROG_FUZZ_SEED=${String(seed)})`, () => {
  test("safePath", () => {
    const names = ["a/b.png", "./a/../b", "C:\\a", "é/ü"].map(utf8);
    fuzzSync(names, 20_000, (bytes) => {
      const name = new TextDecoder().decode(bytes);
      const path = safePath(name, "fuzz");
      const parts = path.split("/");
      if (parts.some((part) => part === "" || part === "." || part === "..")) throw new Error(`unsafe path ${path}`);
      if (safePath(path, "fuzz") !== path) throw new Error(`another path at the second time: ${path}`);
    });
  });

  test("imageHeader", () => {
    fuzzSync(images, 30_000, (bytes) => {
      const { width, height } = imageHeader(bytes, "fuzz");
      if (!(width >= 1 && height >= 1 && width * height <= defaultLimits.imagePixels)) throw new Error("out of bounds");
    });
  });

  test("readNpy", () => {
    const valid = [npy(1, "<f4", 24), npy(2, "<f4", 24), npy(1, "<f2", 12), npy(1, "<f8", 48)];
    fuzzSync(valid, 20_000, (bytes) => {
      const { rows, columns, values } = readNpy(bytes, "fuzz");
      if (rows * columns !== values.length || values.length * 2 > bytes.length) throw new Error("out of bounds");
    });
  });

  test.each(["cifar-10", "cifar-100"] as const)("readCifar of %s", (kind) => {
    const valid = [cifar(1), cifar(2), concat(cifar(1), cifar(1))];
    fuzzSync(valid, 3000, (bytes) => {
      const { pixels, labels } = readCifar(bytes, "fuzz", kind);
      if (pixels.length !== labels.length * 3072 || pixels.length >= bytes.length) throw new Error("out of bounds");
    });
  });

  test("readZip", () => fuzzArchive(zips, 12_000, readZip));

  test("readTar", () => fuzzArchive(tars, 15_000, readTar));

  test("readTar of a header whose checksum is right", async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...tars),
      fc.array(edit, { maxLength: 3 }),
      async (file, edits) => {
        const bytes = mutate(file, edits);
        mendChecksums(bytes);
        try {
          for await (const { path } of readTar(inChunks(bytes), "fuzz", limits)) safePath(path, "fuzz");
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      },
    );
    await fc.assert(property, { seed, numRuns: 8000 });
  });

  test("readTar of gzip", () =>
    fuzzArchive(
      tars.map((bytes) => gzipSync(bytes)),
      5000,
      readTar,
    ));

  test("readZip of deflate data whose CRC-32 nobody knows", async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(3), async (data, type) => {
      // The block type is where the inflater branches.
      if (data.length > 0) data[0] = (data[0]! & ~7) | (type << 1);
      const entry = { name: "a", data, stored: true, method: 8, unpacked: 200, crc: crc32(data) };
      try {
        for await (const _ of readZip(inChunks(zipOf([entry])), "fuzz", limits));
        throw new Error("random data was accepted");
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    });
    await fc.assert(property, { seed, numRuns: 3000 });
  });

  afterAll(() => {
    expect(process.resourceUsage().maxRSS).toBeLessThan(MOST_RESIDENT_KIB);
  });
});

/** Writes the checksum of every block that has ustar's magic. */
const mendChecksums = (bytes: Uint8Array): void => {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    const header = bytes.subarray(at, at + 512);
    if (!Buffer.from(header.subarray(257, 262)).equals(Buffer.from("ustar"))) continue;
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(utf8(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  }
};
