import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import {
  RandomStream,
  fillNormal,
  fillUniform,
  philox4x32,
  streamKey,
  type PhiloxBlock,
  type PhiloxKey,
} from "../src/random.ts";

interface Case {
  seed: number;
  stream: string;
  sample: number;
  step: number;
  key: [number, number];
  /** in units of 2^-24 */
  uniform: number[];
  normal: number[];
}
const cases = JSON.parse(readFileSync(new URL("./fixtures/philox.json", import.meta.url), "utf8")) as Case[];

describe("philox4x32", () => {
  // Random123's kat_vectors, "philox 4x32 10".
  const known: [PhiloxBlock, PhiloxKey, number[]][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  test.each(known)("counter %j under key %j gives Random123's known answer", (counter, key, answer) => {
    expect(philox4x32(counter, key)).toEqual(answer);
  });
});

describe("streams agree with numpy", () => {
  test.each(cases)("seed $seed, stream '$stream'", ({ seed, stream, sample, step, key, uniform, normal }) => {
    expect(streamKey(seed, stream)).toEqual(key);
    const uniforms = new Float32Array(uniform.length);
    fillUniform(uniforms, key, sample, step);
    expect(Array.from(uniforms, (value) => value * 2 ** 24)).toEqual(uniform);
    const normals = new Float32Array(normal.length);
    fillNormal(normals, key, sample, step);
    // log, cos and sin may differ between C and JavaScript libraries in the last f64 bit, so at most in the last f32 bit.
    normals.forEach((value, i) => {
      expect(Math.abs(value - normal[i]!)).toBeLessThanOrEqual(2.4e-7 * Math.max(1, Math.abs(value)));
    });
  });
});

describe("fill functions", () => {
  test("a sample's values do not depend on the array's length or on other samples", () => {
    const key = streamKey(1, "x");
    const long = new Float32Array(103);
    const short = new Float32Array(9);
    fillNormal(long, key, 5, 2);
    fillNormal(short, key, 5, 2);
    expect(Array.from(short)).toEqual(Array.from(long.subarray(0, 9)));
    fillNormal(short, key, 6, 2);
    expect(Array.from(short)).not.toEqual(Array.from(long.subarray(0, 9)));
  });

  test("normal numbers have mean 0, variance 1 and kurtosis 3", () => {
    const values = new Float32Array(200_000);
    fillNormal(values, streamKey(3, "moments"), 0, 0);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    // Five standard errors at n = 200,000: 1/sqrt(n), sqrt(2/n), sqrt(96/n).
    expect(Math.abs(moment(1))).toBeLessThan(0.0112);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.0158);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.11);
  });
});

describe("RandomStream", () => {
  test("equal seeds and names give equal draws, other names and seeds give others", () => {
    const draw = (seed: number, name: string) => {
      const stream = new RandomStream(seed, name);
      return Array.from({ length: 9 }, () => stream.integer(2 ** 32));
    };
    expect(draw(4, "a")).toEqual(draw(4, "a"));
    expect(draw(4, "a")).not.toEqual(draw(4, "b"));
    expect(draw(4, "a")).not.toEqual(draw(5, "a"));
    expect(draw(4, "a")).not.toEqual(draw(4 + 2 ** 32, "a"));
  });

  test("integers below 6 are equally likely", () => {
    const stream = new RandomStream(9, "dice");
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[stream.integer(6)]!++;
    // Five standard deviations of a binomial count: 5 sqrt(60000 / 6 * 5 / 6) = 456.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(456);
  });

  test("a permutation holds every index once and shuffle leaves its argument alone", () => {
    const stream = new RandomStream(2, "order");
    expect(Array.from(stream.permutation(50)).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    const items = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const shuffled = stream.shuffle(items);
    expect(items.join("")).toBe("abcdefgh");
    expect([...shuffled].sort().join("")).toBe("abcdefgh");
    expect(shuffled).not.toEqual(items);
  });

  test("a split stream does not depend on what its parent has drawn", () => {
    const parent = new RandomStream(8, "parent");
    const before = parent.split("child").uniform();
    parent.normal();
    expect(parent.split("child").uniform()).toBe(before);
    expect(parent.split("child").stream).toBe("parent/child");
  });

  test("impossible bounds and seeds are refused", () => {
    const stream = new RandomStream(0, "bad");
    expect(() => stream.integer(0)).toThrow(RangeError);
    expect(() => stream.integer(2.5)).toThrow(RangeError);
    expect(() => stream.choice([])).toThrow(RangeError);
    expect(() => streamKey(-1, "x")).toThrow(RangeError);
    expect(() => streamKey(0.5, "x")).toThrow(RangeError);
  });
});
