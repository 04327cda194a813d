import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharpCodec } from "../../src/cli/source-files.ts";
import { crc32 } from "../../src/data/crc32.ts";
import { encodePng } from "../../src/data/png.ts";
import type { RunRequest } from "../../workers/lab-api.ts";
import { zipOf } from "../data/import/archives.ts";
import { tinyModelFiles, tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";
import { openBrowserLab, type BrowserLab } from "./harness.ts";
import type { Files, Import, runTwice } from "./import-target.worker.ts";

const worker = join(import.meta.dirname, "import-target.worker.ts");
const images = "/built/images.worker.js";
let folder: string;
let lab: BrowserLab;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-own-"));
  await writeFiles(join(folder, "world"), await tinyWorldFiles());
  await writeFiles(join(folder, "models"), await tinyModelFiles());
  const entryPoints = ["workers/images.worker.ts"];
  await build({ entryPoints, outdir: join(folder, "built"), bundle: true, format: "esm", target: "es2022" });
  const [world, models] = [join(folder, "world"), join(folder, "models")];
  const folders = { "/world/mini-16/": world, "/models/mini-16/": models, "/built/": join(folder, "built") };
  lab = await openBrowserLab({ folders });
}, 300_000);
afterAll(async () => {
  await lab.close();
  await rm(folder, { recursive: true, force: true });
});

/** Blurred noise: what a codec or a resize may change a little, and a turn or a shift changes much. */
function noise(width: number, height: number, seed: number, channels = 3): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height];
    return 128 + 100 * Math.sin(seed + (i % channels) + 5 * x + 3 * y * y) + (Math.imul(i + seed, 2654435761) >>> 28);
  });
}

const png = (seed: number, width = 40, height = 30): Uint8Array =>
  encodePng({ width, height, data: noise(width, height, seed) });

const raw = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp(noise(width, height, 3, channels), { raw: { width, height, channels } });

const bytesOf = async (image: Sharp): Promise<Uint8Array> => new Uint8Array(await image.toBuffer());

/** A PNG that says it is of 65,535 pixels a side. */
function hugePng(): Uint8Array {
  const bytes = new Uint8Array(png(1));
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 65_535);
  view.setUint32(20, 65_535);
  view.setUint32(29, crc32(bytes.subarray(12, 29)));
  return bytes;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("pictures decoded in a worker", () => {
  test("are those of the command line's codec, turned as EXIF says and on white", async () => {
    const turned = (orientation: number) => raw(120, 70).jpeg({ quality: 95 }).withMetadata({ orientation });
    const pictures: Files = {
      png: png(1, 100, 77),
      "png with alpha": await bytesOf(raw(64, 90, 4).png()),
      "png of 16 bits": await bytesOf(raw(70, 70).toColourspace("rgb16").png()),
      "large jpeg": await bytesOf(raw(640, 480).jpeg({ quality: 95 })),
      webp: await bytesOf(raw(120, 70).webp({ lossless: true })),
      ...{
        jpeg: await bytesOf(turned(1)),
        "turned jpeg": await bytesOf(turned(6)),
        mirrored: await bytesOf(turned(2)),
      },
    };
    const made = await lab.runInWorker<Record<string, Uint8Array | string>>(worker, "decode", [images, pictures, 32]);
    for (const [name, bytes] of Object.entries(pictures)) {
      const [theirs, ours] = [await sharpCodec.decode(bytes, 32), made[name]];
      if (typeof ours !== "object") throw new Error(`${name}: ${ours ?? "nothing"}`);
      const sizes = theirs.map((value, i) => Math.abs(value - ours[i]!));
      // libvips rounds after each pass, and decodes a JPEG that shrinks much at a half, a quarter or an eighth of its size.
      expect(Math.max(...sizes), name).toBeLessThanOrEqual(name === "large jpeg" ? 6 : 3);
    }
  }, 300_000);

  test("have a time limit each, after which another worker takes the next one, and a missing script is named", async () => {
    const outlasted = await lab.runInWorker(worker, "outlast", [images, png(1)]);
    expect(outlasted).toEqual({
      ...{ reason: "the file: expected decoding within 5 s, got none", length: 8 * 8 * 3, started: 2 },
      missing: expect.stringMatching(/^pictures: the worker that decodes them is missing/) as string,
    });
  }, 300_000);
});

const pets = (count: number): Files =>
  Object.fromEntries(
    ["cat", "dog"].flatMap((label, c) =>
      Array.from({ length: count }, (_, i) => [`pets/${label}/${String(i)}.png`, png(10 * c + i, 40, 30)] as const),
    ),
  );

const importAll = (
  ...imports: readonly { readonly name: string; readonly files: Files }[]
): Promise<readonly Import[]> => lab.runInWorker(worker, "importAll", [images, imports]);

describe("own pictures", () => {
  test("of a folder are counted, and what is wrong with a file is said of that file", async () => {
    const jpeg = await bytesOf(raw(200, 100).jpeg());
    const [only] = await importAll({
      name: "pets",
      files: {
        ...pets(9),
        "pets/dog/photo.jpg": jpeg,
        "pets/cat/cut.png": png(5).slice(0, 900),
        "pets/cat/cut.jpg": jpeg.slice(0, jpeg.length - 200),
        "pets/cat/huge.png": hugePng(),
        "pets/cat/drawing.png": utf8("GIF89a…"),
        "pets/cat/notes.doc": utf8("words"),
      },
    });
    const { target, error, read, kept } = only!;
    expect(error).toBeNull();
    expect(target?.classes).toEqual([
      { key: "cat", name: "cat", images: 9 },
      { key: "dog", name: "dog", images: 10 },
    ]);
    expect(target?.images).toEqual({ train: 12, validation: 2, test: 5, real10: 2 });
    expect(target?.leftOut).toEqual([
      { path: "cat/notes.doc", reason: "neither a picture nor a description (.doc)" },
      {
        path: "cat/cut.jpg",
        reason: expect.stringMatching(/expected a whole picture, up to its EOI, got \d+ bytes/) as string,
      },
      { path: "cat/cut.png", reason: expect.stringMatching(/up to its IEND, got 900 bytes \(cut short\)/) as string },
      { path: "cat/drawing.png", reason: "expected a JPEG, PNG or WebP image, got a GIF" },
      { path: "cat/huge.png", reason: "expected sides of at most 8192 pixels, got 65535 × 65535" },
    ]);
    expect([read, kept]).toEqual([23, ["pets"]]);
  }, 300_000);

  test("are refused whole where a zip leaves its folder or ends too early, or there are too many classes", async () => {
    const entries = Object.entries(pets(6)).map(([name, data]) => ({ name, data }));
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`class ${String(i)}/1.png`, png(i, 8, 8)]));
    const [bad, cut, classes] = await importAll(
      { name: "bad", files: { "bad.zip": zipOf([...entries, { name: "../../evil.png", data: png(1) }]) } },
      { name: "cut", files: { "cut.zip": zipOf(entries).slice(0, 5000) } },
      { name: "many", files: many },
    );
    const nothing = { target: null, kept: ["pets"] };
    expect(bad).toMatchObject({
      ...nothing,
      error: 'FormatError: bad: expected a name without .., got "../../evil.png"',
    });
    expect(cut).toMatchObject({ ...nothing, error: expect.stringMatching(/^FormatError: cut: /) as string });
    expect(classes).toMatchObject({ ...nothing, error: "ConfigError: many: expected at most 20 classes, got 21" });
  }, 300_000);

  test("take the place of the world's target in a run, which goes on with them by its own record", async () => {
    const request: RunRequest = {
      spec: {
        ...{ name: "tiny", world: { resolution: 16 }, conditions: ["real-10", "retrieval"] },
        ...{ sets: { n: 1 }, retrieval: { duplicates: 1 }, production: { factor: 1 } },
      },
      ...{ files: lab.url, until: "sets" },
    };
    const run = await lab.runInWorker<Awaited<ReturnType<typeof runTwice>>>(worker, "runTwice", [
      images,
      pets(12),
      request,
    ]);
    expect(run.id).toMatch(new RegExp(`_tiny-own-${run.hash.slice(0, 8)}_`));
    expect(run).toMatchObject({ state: "stopped", secondId: run.id, made: 0 });
    expect(run.produced).toEqual(["retrieval/cat", "retrieval/dog"]);
    expect(run.sets).toEqual(["real-10", "retrieval"]);
    expect(run.reused).toBeGreaterThan(3);
    expect(run.real).toHaveLength(2);
    const { hash } = JSON.parse(new TextDecoder().decode((await tinyWorldFiles()).get("world.json"))) as {
      hash: string;
    };
    expect([hash, run.hash]).not.toContain(run.world);
    expect(run.gone).toMatch(/^own pictures [0-9a-f]{8}: the target is missing/);
    expect(run.left).toBe(1);
  }, 300_000);
});
