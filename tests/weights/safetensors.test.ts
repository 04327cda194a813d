import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, MissingError } from "../../src/errors.ts";
import { blobSource, bytesSource } from "../../src/weights/byte-source.ts";
import { DTYPE_BYTES, fromFloat32, fromInt32, toFloat32, toInt32, type Dtype } from "../../src/weights/dtypes.ts";
import { MAX_HEADER_BYTES, MAX_TENSORS, openSafetensors } from "../../src/weights/safetensors.ts";
import { streamSafetensors, writeSafetensors, type TensorData } from "../../src/weights/safetensors-writer.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/safetensors/${name}`, import.meta.url));
const torchFile = new Uint8Array(fixture("torch.safetensors"));
const torchValues = JSON.parse(fixture("torch.json").toString("utf8")) as Record<
  string,
  { shape: number[]; values: string[] }
>;
const numberOf = (text: string) => Number(text.replace("inf", "Infinity"));

const open = (bytes: Uint8Array, name = "bad.safetensors") => openSafetensors(bytesSource(name, bytes));

/** A file from header text, with as many zero bytes of data. */
const file = (header: string | Uint8Array, dataBytes = 0, headerBytes?: bigint): Uint8Array => {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, headerBytes ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
};
const entry = (dtype: string, shape: string, offsets: string) =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
const one = (dtype: string, shape: string, offsets: string) => `{"a":${entry(`"${dtype}"`, shape, offsets)}}`;

describe("a file written by safetensors for Python", () => {
  test("opens with its names, shapes and metadata", async () => {
    const opened = await openSafetensors(blobSource("torch.safetensors", new Blob([torchFile])));
    expect([...opened.metadata]).toEqual([["format", "pt"]]);
    expect([...opened.entries.keys()].sort()).toEqual(Object.keys(torchValues).sort());
    for (const [name, { shape }] of opened.entries) expect(shape).toEqual(torchValues[name]!.shape);
  });

  test("gives the values of every dtype", async () => {
    const opened = await open(torchFile);
    for (const [name, { values }] of Object.entries(torchValues)) {
      const expected = Float32Array.from(values, numberOf);
      expect(await opened.readFloat32(name), name).toEqual(expected);
    }
    const ids = await opened.read("i64");
    expect(Array.from(toInt32(ids, "I64"))).toEqual(torchValues["i64"]!.values.map(numberOf));
  });

  test("has the f16 and bf16 bits that our rounding gives", async () => {
    const opened = await open(torchFile);
    for (const [from, to, dtype] of [
      ["f32", "f16", "F16"],
      ["f32", "bf16", "BF16"],
      ["random.f32", "random.f16", "F16"],
      ["random.f32", "random.bf16", "BF16"],
    ] as const) {
      const rounded = fromFloat32(await opened.readFloat32(from), dtype);
      expect(Array.from(rounded), to).toEqual(Array.from(await opened.read(to)));
    }
  });

  test("is written again byte for byte", async () => {
    const opened = await open(torchFile);
    const tensors = new Map<string, TensorData>();
    for (const [name, { dtype, shape }] of opened.entries) {
      tensors.set(name, { dtype, shape, bytes: await opened.read(name) });
    }
    expect(Buffer.from(writeSafetensors(tensors, opened.metadata)).equals(torchFile)).toBe(true);
    const pieces: Uint8Array[] = [];
    const deferred = new Map(Array.from(tensors, ([name, t]) => [name, { ...t, bytes: () => t.bytes }]));
    for await (const piece of streamSafetensors(deferred, opened.metadata)) pieces.push(piece);
    expect(pieces).toHaveLength(tensors.size + 1);
    expect(Buffer.concat(pieces).equals(torchFile)).toBe(true);
  });
});

describe("openSafetensors accepts", () => {
  test.each([
    ["no tensors", file("{}"), 0],
    ["a header padded with spaces", file(`${one("U8", "[3]", "[0,3]")}     `, 3), 1],
    ["tensors of no bytes", file(one("F32", "[0,5]", "[0,0]")), 1],
    [
      "entries out of order in the header",
      file(`{"b":${entry('"U8"', "[1]", "[2,3]")},"a":${entry('"U8"', "[2]", "[0,2]")}}`, 3),
      2,
    ],
    ["a tensor named __proto__", file(`{"__proto__":${entry('"U8"', "[1]", "[0,1]")}}`, 1), 1],
    ["a header of 640 bytes, whose length looks like a pickle", file("{}".padEnd(640)), 0],
  ])("%s", async (_, bytes, tensors) => {
    expect((await open(bytes)).entries.size).toBe(tensors);
  });
});

describe("openSafetensors refuses", () => {
  const deep = "[".repeat(100_000);
  const bad: [string, Uint8Array, string][] = [
    ["an empty file", new Uint8Array(0), "at least 8 bytes"],
    ["seven bytes", new Uint8Array(7), "at least 8 bytes"],
    ["a header longer than the file", file("{}", 0, 3n), "at most 2 bytes"],
    ["a header of 2^63 bytes", file("{}", 0, 2n ** 63n), "at most 2 bytes"],
    ["a header of 2^64 − 1 bytes", file("{}", 0, 2n ** 64n - 1n), "at most 2 bytes"],
    ["an empty header", file(""), "a JSON value"],
    ["a header that is not JSON", file("safetensors"), "a JSON value"],
    ["a header that is a list", file("[]"), "an object"],
    ["a header that is null", file("null"), "an object"],
    ["a header that starts with a space", file(" {}"), "first byte"],
    ["a header that starts with a byte order mark", file("\ufeff{}"), "a JSON value"],
    ["text after the header's object", file("{}{}"), "the end of the document"],
    ["a NUL after the header's object", file("{}\0"), "the end of the document"],
    ["a trailing comma", file(`{"a":${entry('"U8"', "[1]", "[0,1]")},}`, 1), "a string"],
    ["a comment", file("{/**/}"), "a string"],
    ["single quotes", file("{'a':1}"), "a string"],
    ["a key without quotes", file("{a:1}"), "a string"],
    ["an unfinished object", file('{"a":'), "a JSON value"],
    ["an unfinished string", file('{"a'), "a string"],
    ["a control character in a string", file('{"a\u0001":1}'), "a string"],
    ["a bad escape", file('{"\\x41":1}'), "a string"],
    ["half a surrogate pair", file('{"\\ud800":1}'), "lone surrogates"],
    ["bytes that are not UTF-8", file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), "UTF-8"],
    ["nesting without end", file(`{"a":${deep}`), "nesting of at most 16"],
    [
      "a duplicate name",
      file(`{"a":${entry('"U8"', "[1]", "[0,1]")},"a":${entry('"U8"', "[1]", "[0,1]")}}`, 1),
      "each key once",
    ],
    ["a duplicate name by an escape", file(`{"a":${entry('"U8"', "[0]", "[0,0]")},"\\u0061":1}`), "each key once"],
    [
      "a duplicate field",
      file('{"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}', 1),
      "each key once",
    ],
    ["an entry that is a number", file('{"a":1}'), "an object"],
    ["a missing field", file('{"a":{"dtype":"U8","shape":[0]}}'), "the fields"],
    ["an unknown field", file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}'), "the fields"],
    ["an unknown dtype", file(one("F4", "[2]", "[0,1]"), 1), "BF16"],
    ["a dtype from a prototype", file(one("toString", "[1]", "[0,1]"), 1), "BF16"],
    ["a dtype that is a number", file(`{"a":${entry("4", "[1]", "[0,1]")}}`, 1), "BF16"],
    ["a shape that is a number", file(one("U8", "1", "[0,1]"), 1), "integers from 0 up"],
    ["a negative size", file(one("U8", "[-1]", "[0,1]"), 1), "integers from 0 up"],
    ["a fractional size", file(one("U8", "[1.5]", "[0,1]"), 1), "integers from 0 up"],
    ["a size past 2^53", file(one("U8", "[9007199254740993]", "[0,1]"), 1), "integers from 0 up"],
    ["an infinite size", file(one("U8", "[1e999]", "[0,1]"), 1), "integers from 0 up"],
    ["a product that overflows", file(one("F32", "[4294967296,4294967296]", "[0,0]")), "2^53"],
    ["a zero that hides an overflow", file(one("F32", "[0,4294967296,4294967296]", "[0,0]")), "2^53"],
    ["a range shorter than the shape", file(one("F32", "[2]", "[0,4]"), 4), "8 bytes for F32 [2]"],
    ["a range longer than the shape", file(one("F32", "[2]", "[0,12]"), 12), "8 bytes for F32 [2]"],
    ["a range that ends before it begins", file(one("U8", "[0]", "[1,0]"), 1), "begin ≤ end"],
    ["three offsets", file(one("U8", "[1]", "[0,1,2]"), 2), "[begin, end]"],
    ["a range past the file", file(one("U8", "[9]", "[0,9]"), 3), "9 bytes of tensors"],
    ["bytes that no tensor owns", file(one("U8", "[1]", "[0,1]"), 2), "1 bytes of tensors"],
    ["a gap before the first tensor", file(one("U8", "[1]", "[1,2]"), 2), "a start at 0"],
    [
      "a gap between tensors",
      file(`{"a":${entry('"U8"', "[1]", "[0,1]")},"b":${entry('"U8"', "[1]", "[2,3]")}}`, 3),
      "gap",
    ],
    [
      "tensors that overlap",
      file(`{"a":${entry('"U8"', "[2]", "[0,2]")},"b":${entry('"U8"', "[2]", "[1,3]")}}`, 3),
      "overlap",
    ],
    [
      "tensors that share all bytes",
      file(`{"a":${entry('"U8"', "[2]", "[0,2]")},"b":${entry('"U8"', "[2]", "[0,2]")}}`, 2),
      "overlap",
    ],
    ["metadata that is a list", file('{"__metadata__":[]}'), "an object"],
    ["metadata with a number", file('{"__metadata__":{"a":1}}'), "a string"],
    ["a zip of pickles", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 8, 8, 0), "python -c"],
    ["a pickle of old PyTorch", Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20), "python -c"],
  ];
  test.each(bad)("%s", async (_, bytes, expected) => {
    const error = await open(bytes).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toContain(expected);
    expect((error as FormatError).message).toContain("checkpoint bad.safetensors");
  });

  test.each(["sd-v1-4.ckpt", "model.PT", "pytorch_model.bin", "x.pth"])("%s by its name", async (name) => {
    await expect(open(file("{}"), name)).rejects.toThrow("expected a safetensors file, got a pickle; convert it first");
  });

  test("a header over 16 MiB, without reading it", async () => {
    const start = file("", 0, BigInt(MAX_HEADER_BYTES + 1));
    const read: number[] = [];
    const source = {
      name: "big",
      size: 2 ** 40,
      read: (_: number, length: number) => {
        read.push(length);
        return Promise.resolve(start);
      },
    };
    await expect(openSafetensors(source)).rejects.toThrow(`at most ${String(MAX_HEADER_BYTES)} bytes`);
    expect(read).toEqual([8]);
  });

  test("more than 100,000 tensors", async () => {
    const members = Array.from({ length: MAX_TENSORS + 1 }, (_, i) => `"${String(i)}":0`);
    await expect(open(file(`{${members.join(",")}}`))).rejects.toThrow(`at most ${String(MAX_TENSORS)} tensors`);
  });

  test("a source that ends early", async () => {
    const bytes = file(one("U8", "[3]", "[0,3]"), 3);
    const opened = await openSafetensors({ ...bytesSource("cut", bytes.subarray(0, -1)), size: bytes.length });
    await expect(opened.read("a")).rejects.toThrow("expected 3 bytes, got 2");
  });

  test("a tensor that is not there", async () => {
    const opened = await open(torchFile, "torch.safetensors");
    await expect(opened.read("toString")).rejects.toThrow(MissingError);
  });
});

describe("fuzzing", () => {
  const seed = 20240607;
  const small = file(
    `{"__metadata__":{"k":"v"},"a":${entry('"F32"', "[1,2]", "[0,8]")},"b":${entry('"F16"', "[2]", "[8,12]")}}`,
    12,
  );

  test(`mutated files open in bounds or fail with FormatError (seed ${String(seed)})`, async () => {
    let opened = 0;
    let refused = 0;
    const edit = fc.record({
      at: fc.nat(small.length - 1),
      cut: fc.nat(3),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 3 }),
        fc.constantFrom(...'{}[]",:019-eE '.split("")).map((c) => Buffer.from(c)),
      ),
    });
    const property = fc.asyncProperty(fc.array(edit, { maxLength: 3 }), async (edits) => {
      let bytes = small;
      for (const { at, cut, insert } of edits) {
        bytes = new Uint8Array([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + cut)]);
      }
      try {
        const checkpoint = await open(bytes, "fuzz");
        for (const [name, { begin, end, shape, dtype }] of checkpoint.entries) {
          expect(end - begin).toBe(shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]));
          expect((await checkpoint.read(name)).length).toBe(end - begin);
        }
        opened++;
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused++;
      }
    });
    await fc.assert(property, { seed, numRuns: 3000 });
    expect(opened).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });

  test(`written files come back as they were (seed ${String(seed)})`, async () => {
    const dtypes = Object.keys(DTYPE_BYTES) as Dtype[];
    const tensor = fc
      .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(4), { maxLength: 4 }))
      .map(([dtype, shape]): TensorData => {
        const length = shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]);
        return { dtype, shape, bytes: Uint8Array.from({ length }, (_, i) => i * 37) };
      });
    const name = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => text !== "__metadata__");
    const tensors = fc.array(fc.tuple(name, tensor), { maxLength: 8 }).map((list) => new Map(list));
    const metadata = fc.array(fc.tuple(name, fc.string()), { maxLength: 4 }).map((list) => new Map(list));
    const property = fc.asyncProperty(tensors, metadata, async (written, notes) => {
      const opened = await open(writeSafetensors(written, notes));
      expect(new Map(opened.metadata)).toEqual(notes);
      expect(opened.entries.size).toBe(written.size);
      for (const [key, { dtype, shape, bytes }] of written) {
        expect(opened.entries.get(key)).toMatchObject({ dtype, shape });
        expect(await opened.read(key)).toEqual(bytes);
      }
    });
    await fc.assert(property, { seed, numRuns: 300 });
  });
});

describe("writeSafetensors", () => {
  test("gives the same bytes for the same tensors in another order", () => {
    const a: TensorData = { dtype: "F32", shape: [2], bytes: fromFloat32(Float32Array.of(1, 2), "F32") };
    const b: TensorData = { dtype: "I64", shape: [1], bytes: fromInt32([-3], "I64") };
    const forward = writeSafetensors(
      new Map([
        ["a", a],
        ["b", b],
      ]),
    );
    expect(
      writeSafetensors(
        new Map([
          ["b", b],
          ["a", a],
        ]),
      ),
    ).toEqual(forward);
  });

  test("refuses bytes of another length than the shape's", () => {
    const tensor: TensorData = { dtype: "F32", shape: [2], bytes: new Uint8Array(7) };
    expect(() => writeSafetensors(new Map([["a", tensor]]))).toThrow("writeSafetensors: a: expected 8 bytes, got 7");
  });
});

describe("dtypes", () => {
  test("elements at an odd offset are read all the same", () => {
    const bytes = new Uint8Array(9);
    bytes.set(fromFloat32(Float32Array.of(1.5, -2), "F32"), 1);
    expect(Array.from(toFloat32(bytes.subarray(1), "F32"))).toEqual([1.5, -2]);
  });

  test("integers that i32 does not hold are refused", () => {
    expect(() => toInt32(fromFloat32(Float32Array.of(0.5), "F32"), "F32")).toThrow(FormatError);
    expect(() => toInt32(Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0), "I64")).toThrow("expected 32-bit integers");
    expect(Array.from(toInt32(fromInt32([-5, 7], "I64"), "I64"))).toEqual([-5, 7]);
  });

  test("wide integers are rounded to f32 once", () => {
    const tie = 2n ** 60n + 2n ** 36n; // between two f32; 1 more is above the middle, which no double shows
    const numbers = [tie, tie + 1n, tie - 1n, -tie, -tie - 1n, 2n ** 53n + 1n, -3n];
    const bytes = new Uint8Array(BigInt64Array.from(numbers).buffer);
    const up = 2 ** 60 + 2 ** 37;
    expect(Array.from(toFloat32(bytes, "I64"))).toEqual([2 ** 60, up, 2 ** 60, -(2 ** 60), -up, 2 ** 53, -3]);
    const unsigned = new Uint8Array(BigUint64Array.of(2n ** 64n - 1n, 2n ** 63n + 2n ** 39n + 1n).buffer);
    expect(Array.from(toFloat32(unsigned, "U64"))).toEqual([2 ** 64, 2 ** 63 + 2 ** 40]);
  });

  test("half an element is refused", () => {
    expect(() => toFloat32(new Uint8Array(3), "F16")).toThrow("a multiple of 2 bytes");
  });
});
