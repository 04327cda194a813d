import { joinBytes } from "../data/bytes.ts";
import { FormatError, IntegrityError, MissingError, QuotaError } from "../errors.ts";
import type { ByteSource } from "../weights/byte-source.ts";
import { sha256, sha256Text } from "./hash.ts";
import type { Medium } from "./medium.ts";

/** The most bytes of one shard: what is downloaded, hashed and held in memory at once. */
export const MAX_SHARD_BYTES = 64 * 1024 * 1024;

/** The commit record of a value, written after its shards. */
export interface ValueRecord {
  /** the SHA-256 of the value, or of its shards' names joined by newlines when it has more than one */
  readonly name: string;
  readonly sizeBytes: number;
  readonly shards: readonly { readonly name: string; readonly sizeBytes: number }[];
}

/**
 * Immutable values named by SHA-256, kept between visits, and links from keys to them.
 *
 * A value exists once its commit record does; the record is written after the shards, so a write that is cut off
 * leaves nothing that looks whole. A shard is hashed before its first use in this store; a damaged one is deleted.
 */
export class Store {
  readonly #verified = new Set<string>();
  /** Shards of values that are being written: no removal may take them. */
  readonly #pending = new Map<string, number>();

  constructor(
    readonly medium: Medium,
    readonly shardBytes: number = MAX_SHARD_BYTES,
  ) {}

  /**
   * Keeps a value. One that is there already, or shards of it, are not written again.
   *
   * @param value bytes, or pieces of any sizes for a value larger than memory
   * @throws QuotaError when there is no room; values that were there stay
   */
  async put(value: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ValueRecord> {
    const pieces = value instanceof Uint8Array ? [value] : value;
    const shards: { name: string; sizeBytes: number }[] = [];
    try {
      for await (const bytes of intoShards(pieces, this.shardBytes)) {
        const name = await sha256(bytes);
        this.#pending.set(name, (this.#pending.get(name) ?? 0) + 1);
        shards.push({ name, sizeBytes: bytes.length });
        if (await this.medium.has(shardKey(name))) continue;
        await this.requireFree(bytes.length);
        await this.medium.write(shardKey(name), bytes);
      }
      const record = await describe(shards);
      await this.medium.write(recordKey(record.name), encodeJson(record));
      return record;
    } finally {
      for (const { name } of shards) this.#release(name);
    }
  }

  /** Whether a whole value is there; its bytes are verified when they are read. */
  has(name: string): Promise<boolean> {
    return this.medium.has(recordKey(name));
  }

  /**
   * A value's bytes.
   *
   * @throws MissingError when it is not there
   * @throws IntegrityError when its bytes are damaged; the value is gone then, and can be put again
   */
  async get(name: string): Promise<Uint8Array> {
    const record = await this.record(name);
    const [first] = record.shards;
    if (first !== undefined && record.shards.length === 1) return this.#shard(record, first.name);
    const bytes = new Uint8Array(record.sizeBytes);
    let at = 0;
    for (const shard of record.shards) {
      bytes.set(await this.#shard(record, shard.name), at);
      at += shard.sizeBytes;
    }
    return bytes;
  }

  /**
   * A value as a source that reads one shard at a time, for weights larger than memory.
   *
   * @throws MissingError when it is not there; reading throws IntegrityError as `get` does
   */
  async open(name: string): Promise<ByteSource> {
    const record = await this.record(name);
    let held: { name: string; bytes: Uint8Array } | undefined;
    const shardBytes = async (shard: string): Promise<Uint8Array> => {
      if (held?.name !== shard) held = { name: shard, bytes: await this.#shard(record, shard) };
      return held.bytes;
    };
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const out = new Uint8Array(Math.max(0, Math.min(length, record.sizeBytes - offset)));
      let begin = 0;
      for (const shard of record.shards) {
        const from = Math.max(offset, begin);
        const to = Math.min(offset + out.length, begin + shard.sizeBytes);
        if (from < to) out.set((await shardBytes(shard.name)).subarray(from - begin, to - begin), from - offset);
        begin += shard.sizeBytes;
      }
      return out;
    };
    return { name, size: record.sizeBytes, read };
  }

  /**
   * The commit record of a value.
   *
   * @throws MissingError when it is not there
   * @throws IntegrityError when the record is not the value's; the value is gone then
   */
  async record(name: string): Promise<ValueRecord> {
    const bytes = await this.medium.read(recordKey(name));
    if (bytes === undefined) throw new MissingError("store", `value ${name}`);
    const record = decodeJson<ValueRecord>(bytes, `store: record ${name}`);
    const actual = (await describe(record.shards)).name;
    if (actual !== name) {
      await this.medium.remove(recordKey(name));
      throw new IntegrityError(`store: record ${name}`, name, actual);
    }
    return record;
  }

  /** The names of all values. */
  async names(): Promise<string[]> {
    return (await this.medium.keys("values")).map((key) => key.slice("values/".length));
  }

  /** Forgets a value and those of its shards that no other value has; one that is not there is no error. */
  async remove(name: string): Promise<void> {
    await this.medium.remove(recordKey(name));
    await this.sweep();
  }

  /** Deletes the shards of no value: what writes that were cut off have left. */
  async sweep(): Promise<void> {
    const used = new Set<string>();
    for (const name of await this.names()) {
      for (const shard of (await this.record(name)).shards) used.add(shard.name);
    }
    for (const key of await this.medium.keys("shards")) {
      const name = key.slice("shards/".length);
      if (!used.has(name) && !this.#pending.has(name)) await this.medium.remove(key);
    }
  }

  /**
   * Lets a key, such as the hash of what decides a stage, stand for a value; a later link replaces an earlier one.
   *
   * @throws MissingError when the value is not there
   */
  async link(key: string, name: string): Promise<void> {
    if (!(await this.has(name))) throw new MissingError("store", `value ${name}`);
    await this.medium.write(await linkKey(key), encodeJson({ key, name }));
  }

  /** The name of the value that a key stands for, or undefined when there is no such link or its value is gone. */
  async find(key: string): Promise<string | undefined> {
    const bytes = await this.medium.read(await linkKey(key));
    if (bytes === undefined) return undefined;
    const { name } = decodeJson<{ name: string }>(bytes, `store: link ${key}`);
    return (await this.has(name)) ? name : undefined;
  }

  /** Every key that stands for a value, with the name of that, which may be gone; links that cannot be read are left out. */
  async links(): Promise<{ readonly key: string; readonly name: string }[]> {
    const links: { readonly key: string; readonly name: string }[] = [];
    for (const at of await this.medium.keys("links")) {
      try {
        const bytes = await this.medium.read(at);
        if (bytes) links.push(decodeJson(bytes, `store: ${at}`));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }
    return links;
  }

  /**
   * Checks for room before a download or a long computation.
   *
   * @throws QuotaError when fewer bytes are free
   */
  async requireFree(bytes: number): Promise<void> {
    const free = await this.medium.freeBytes();
    if (bytes > free) throw new QuotaError("store", bytes, free);
  }

  async #shard(record: ValueRecord, name: string): Promise<Uint8Array> {
    const bytes = await this.medium.read(shardKey(name));
    if (bytes !== undefined && this.#verified.has(name)) return bytes;
    const actual = bytes === undefined ? "no bytes" : await sha256(bytes);
    if (bytes === undefined || actual !== name) {
      await this.medium.remove(recordKey(record.name));
      await this.medium.remove(shardKey(name));
      throw new IntegrityError(`store: value ${record.name}`, name, actual);
    }
    this.#verified.add(name);
    return bytes;
  }

  #release(name: string): void {
    const count = this.#pending.get(name) ?? 0;
    if (count > 1) this.#pending.set(name, count - 1);
    else this.#pending.delete(name);
  }
}

const shardKey = (name: string): string => `shards/${name}`;
const recordKey = (name: string): string => `values/${name}`;
const linkKey = async (key: string): Promise<string> => `links/${await sha256Text(key)}`;

const encodeJson = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decodeJson = <T>(bytes: Uint8Array, where: string): T => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    throw new FormatError(where, "JSON that the store wrote", "other bytes");
  }
};

const describe = async (shards: ValueRecord["shards"]): Promise<ValueRecord> => {
  const [first] = shards;
  const name =
    first !== undefined && shards.length === 1 ? first.name : await sha256Text(shards.map((s) => s.name).join("\n"));
  return { name, sizeBytes: shards.reduce((sum, shard) => sum + shard.sizeBytes, 0), shards };
};

/** Pieces of any sizes as shards of `shardBytes`, the last one shorter; a value of no bytes is one empty shard. */
async function* intoShards(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  shardBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let count = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + shardBytes - held);
      parts.push(part);
      held += part.length;
      at += part.length;
      if (held < shardBytes) continue;
      yield wholeOf(parts);
      parts = [];
      held = 0;
      count++;
    }
  }
  if (held > 0 || count === 0) yield wholeOf(parts);
}

/** The parts as one; a single one is not copied. */
const wholeOf = (parts: readonly Uint8Array[]): Uint8Array => (parts.length === 1 ? parts[0]! : joinBytes(parts));
