import { describe, expect, test } from "vitest";
import { FormatError, IntegrityError, MissingError, ShapeError } from "../../src/errors.ts";
import { readRecordedEmbeddings, writeRecordedEmbeddings } from "../../src/experiment/recorded-embeddings.ts";
import { roundToF16 } from "../../src/half.ts";
import { RandomStream } from "../../src/random.ts";
import { normalizeRows } from "../../src/retrieval/exact.ts";
import { writeSafetensors } from "../../src/weights/safetensors-writer.ts";

const [rows, width] = [7, 12];
const origin = { world: "a".repeat(64), clip: "b".repeat(64) };
const random = new RandomStream(1, "embeddings");
const embeddings = normalizeRows(
  Float32Array.from({ length: rows * width }, () => random.normal()),
  width,
);
const file = writeRecordedEmbeddings(embeddings, width, origin);
const expected = { ...origin, rows, width };

test("what was written is read back, to half precision", async () => {
  expect(await readRecordedEmbeddings(file, expected)).toEqual(embeddings.map(roundToF16));
});

describe("are refused by name", () => {
  const refusal = async (bytes: Uint8Array, wanted: Partial<typeof expected> = {}): Promise<Error> => {
    const reading = readRecordedEmbeddings(bytes, { ...expected, ...wanted });
    return (await reading.catch((error: unknown) => error)) as Error;
  };

  test("of another world, or by another CLIP", async () => {
    const other = "c".repeat(64);
    const [world, clip] = [await refusal(file, { world: other }), await refusal(file, { clip: other })];
    expect([world, clip].map((error) => error instanceof IntegrityError)).toEqual([true, true]);
    expect(world.message).toBe(`clip/pool.safetensors: world: expected sha256 ${other}, got ${origin.world}`);
    expect(clip.message).toBe(`clip/pool.safetensors: clip: expected sha256 ${other}, got ${origin.clip}`);
  });

  test("of another number of pictures, or of another width", async () => {
    const [fewer, wider] = [await refusal(file, { rows: 8 }), await refusal(file, { width: 16 })];
    expect([fewer, wider].map((error) => error instanceof ShapeError)).toEqual([true, true]);
    expect(fewer.message).toBe("clip/pool.safetensors: image_embeds: expected [8, 12], got [7, 12]");
    expect(wider.message).toBe("clip/pool.safetensors: image_embeds: expected [7, 16], got [7, 12]");
  });

  test("without an origin, without the tensor, in another precision, or no safetensors file", async () => {
    const metadata = new Map(Object.entries(origin));
    const wide = { dtype: "F32", shape: [rows, width], bytes: new Uint8Array(4 * rows * width) } as const;
    expect(await refusal(writeSafetensors(new Map([["image_embeds", wide]])))).toMatchObject({
      ...{ constructor: MissingError, where: "clip/pool.safetensors", wanted: "metadata world" },
    });
    expect(await refusal(writeSafetensors(new Map([["text_embeds", wide]]), metadata))).toMatchObject({
      ...{ constructor: MissingError, where: "clip/pool.safetensors", wanted: "tensor image_embeds" },
    });
    expect((await refusal(writeSafetensors(new Map([["image_embeds", wide]]), metadata))).message).toBe(
      "clip/pool.safetensors: image_embeds: expected F16, got F32",
    );
    expect(await refusal(new TextEncoder().encode("<!doctype html>"))).toBeInstanceOf(FormatError);
  });
});
