/**
 * Every random number of the lab: Philox-4x32-10, a counter-based generator, so that a value depends only on
 * (seed, stream, sample, step, element) and never on what was drawn before it.
 *
 * Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

/** The 64-bit key of a stream as two unsigned 32-bit words. */
export type PhiloxKey = readonly [number, number];

/** A 128-bit counter, or one block of output, as four unsigned 32-bit words. */
export type PhiloxBlock = readonly [number, number, number, number];

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

const M0_HIGH = MULTIPLIER_0 >>> 16;
const M0_LOW = MULTIPLIER_0 & 0xffff;
const M1_HIGH = MULTIPLIER_1 >>> 16;
const M1_LOW = MULTIPLIER_1 & 0xffff;

/** The fourth counter word says who draws, so that tensors and scalar draws of one stream never share a block. */
const TENSOR_LANE = 0;
const SCALAR_LANE = 1;

const TO_UNIT = 2 ** -24;
const TWO_PI = 2 * Math.PI;

/** Where `generate` leaves its four words: no allocation a block. */
const words = new Uint32Array(4);

/** One Philox-4x32-10 block into `words`. The 64-bit products are put together from 16-bit halves. */
const generate = (
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
): void => {
  let c0 = counter0 | 0;
  let c1 = counter1 | 0;
  let c2 = counter2 | 0;
  let c3 = counter3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const aLow = c0 & 0xffff;
    const aHigh = c0 >>> 16;
    const aCross1 = Math.imul(M0_HIGH, aLow);
    const aCross2 = Math.imul(M0_LOW, aHigh);
    const aMiddle = (Math.imul(M0_LOW, aLow) >>> 16) + (aCross1 & 0xffff) + (aCross2 & 0xffff);
    const high0 = (Math.imul(M0_HIGH, aHigh) + (aCross1 >>> 16) + (aCross2 >>> 16) + (aMiddle >>> 16)) | 0;
    const bLow = c2 & 0xffff;
    const bHigh = c2 >>> 16;
    const bCross1 = Math.imul(M1_HIGH, bLow);
    const bCross2 = Math.imul(M1_LOW, bHigh);
    const bMiddle = (Math.imul(M1_LOW, bLow) >>> 16) + (bCross1 & 0xffff) + (bCross2 & 0xffff);
    const high1 = (Math.imul(M1_HIGH, bHigh) + (bCross1 >>> 16) + (bCross2 >>> 16) + (bMiddle >>> 16)) | 0;
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
};

/** One block of four random 32-bit words: the generator itself, bit for bit as in Random123. */
export const philox4x32 = (counter: PhiloxBlock, key: PhiloxKey): [number, number, number, number] => {
  generate(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return [words[0]!, words[1]!, words[2]!, words[3]!];
};

/** FNV-1a, 32 bits, over bytes, from a given basis. */
const fnv1a = (bytes: Uint8Array, basis: number): number => {
  let hash = basis | 0;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
};

/** MurmurHash3's 32-bit finaliser: every input bit reaches every output bit. */
const avalanche = (value: number): number => {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/**
 * The key of a named stream. With `name` the UTF-8 bytes of the stream's name and seed = high·2³² + low:
 * `key0 = mix(fnv1a(name, 0x811c9dc5) ^ mix(low))`, `key1 = mix(fnv1a(name, key0) ^ mix(high + 0x9e3779b9))`.
 *
 * @param seed an integer in [0, 2⁵³)
 * @param stream what the numbers are for, such as `"noise/shark"`
 * @throws RangeError when `seed` is not such an integer
 */
export const streamKey = (seed: number, stream: string): [number, number] => {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`streamKey: expected a seed that is an integer in [0, 2^53), got ${String(seed)}`);
  }
  const name = new TextEncoder().encode(stream);
  const low = seed >>> 0;
  const high = Math.floor(seed / 2 ** 32);
  const key0 = avalanche(fnv1a(name, 0x811c9dc5) ^ avalanche(low));
  const key1 = avalanche(fnv1a(name, key0) ^ avalanche(high + WEYL_0));
  return [key0, key1];
};

/**
 * Fills an array with uniform numbers in [0, 1): element i is lane i & 3 of the block at counter
 * (i >> 2, sample, step, 0), as (word >> 8) · 2⁻²⁴. The same bits on every backend.
 *
 * @param sample which image, caption or row: its values do not depend on the others
 * @param step which sampler or training step
 */
export const fillUniform = (out: Float32Array, key: PhiloxKey, sample: number, step: number): void => {
  const [key0, key1] = key;
  for (let i = 0, block = 0; i < out.length; i += 4, block++) {
    generate(block, sample, step, TENSOR_LANE, key0, key1);
    const lanes = Math.min(4, out.length - i);
    for (let lane = 0; lane < lanes; lane++) out[i + lane] = (words[lane]! >>> 8) * TO_UNIT;
  }
};

/**
 * Fills an array with standard normal numbers: lanes (0, 1) and (2, 3) of each block of `fillUniform`'s counters
 * go through Box–Muller, u₁ = ((word >> 8) + 1) · 2⁻²⁴ in (0, 1], u₂ = (word' >> 8) · 2⁻²⁴,
 * to √(−2 ln u₁) · (cos 2πu₂, sin 2πu₂), computed in f64 and rounded to f32.
 * Kernels compute the same formula in f32: the words are equal, the values agree to about 1e-6 relative to the radius.
 *
 * Box & Muller 1958.
 */
export const fillNormal = (out: Float32Array, key: PhiloxKey, sample: number, step: number): void => {
  const [key0, key1] = key;
  for (let i = 0, block = 0; i < out.length; i += 4, block++) {
    generate(block, sample, step, TENSOR_LANE, key0, key1);
    for (let lane = 0; lane < 4 && i + lane < out.length; lane += 2) {
      const radius = Math.sqrt(-2 * Math.log(((words[lane]! >>> 8) + 1) * TO_UNIT));
      const angle = TWO_PI * ((words[lane + 1]! >>> 8) * TO_UNIT);
      out[i + lane] = radius * Math.cos(angle);
      if (i + lane + 1 < out.length) out[i + lane + 1] = radius * Math.sin(angle);
    }
  }
};

/** A sequence of scalar draws from one stream, for loops and choices in TypeScript; tensors use the fill functions. */
export class RandomStream {
  readonly key: PhiloxKey;
  #block = 0;
  #lane = 4;
  readonly #lanes = new Uint32Array(4);

  /** @throws RangeError when `seed` is not an integer in [0, 2⁵³) */
  constructor(
    readonly seed: number,
    readonly stream: string,
  ) {
    this.key = streamKey(seed, stream);
  }

  /** The next word in [0, 2³²), from counters (block low, block high, 0, 1). */
  #word(): number {
    if (this.#lane === 4) {
      generate(this.#block >>> 0, Math.floor(this.#block / 2 ** 32), 0, SCALAR_LANE, this.key[0], this.key[1]);
      this.#lanes.set(words);
      this.#block++;
      this.#lane = 0;
    }
    return this.#lanes[this.#lane++]!;
  }

  /** A multiple of 2⁻²⁴ in [0, 1). */
  uniform(): number {
    return (this.#word() >>> 8) * TO_UNIT;
  }

  /** A standard normal number (Box–Muller, two words a draw). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(((this.#word() >>> 8) + 1) * TO_UNIT));
    return radius * Math.cos(TWO_PI * this.uniform());
  }

  /**
   * An integer in [0, n), each equally likely: words past the last multiple of n are drawn again.
   *
   * @throws RangeError when n is not an integer in [1, 2³²]
   */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`RandomStream.integer: expected an integer in [1, 2^32], got ${String(n)}`);
    }
    const limit = 2 ** 32 - (2 ** 32 % n);
    let word = this.#word();
    while (word >= limit) word = this.#word();
    return word % n;
  }

  /** The items in a random order, as a new array (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    return Array.from(this.permutation(items.length), (index) => items[index]!);
  }

  /** The numbers 0 … n−1 in a random order. */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, index) => index);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    return order;
  }

  /**
   * One of the items, each equally likely.
   *
   * @throws RangeError when there are none
   */
  choice<T>(items: readonly T[]): T {
    return items[this.integer(items.length)]!;
  }

  /** The stream `<this stream>/<name>`, which draws independently of this one and of what it has drawn. */
  split(name: string): RandomStream {
    return new RandomStream(this.seed, `${this.stream}/${name}`);
  }
}
