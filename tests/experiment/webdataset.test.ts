import { describe, expect, test } from "vitest";
import { imageAt } from "../../src/data/image.ts";
import { readTar } from "../../src/data/import/tar.ts";
import { encodePng } from "../../src/data/png.ts";
import { webdatasetSamples, webdatasetShards, type Shard } from "../../src/experiment/webdataset.ts";

const resolution = 4;
const pixels = Uint8Array.from({ length: 3 * resolution * resolution * 3 }, (_, i) => (i * 7) % 256);
const images = [0, 1, 2].map((sample) => {
  const provenance = { kind: "generated" as const, prompt: "a cat", sample, seed: 1 };
  return { id: `cat ${String(sample)}`, provenance };
});

async function* cats() {
  await Promise.resolve();
  yield* webdatasetSamples({ key: "cat", classIndex: 5, record: { images }, pixels, resolution }, 122);
}

async function shardsOf(limitBytes: number): Promise<Shard[]> {
  const shards: Shard[] = [];
  for await (const shard of webdatasetShards("boomerang", cats(), limitBytes)) shards.push(shard);
  return shards;
}

async function* pieces({ pieces: all }: Shard) {
  await Promise.resolve();
  yield* all;
}

async function membersOf(shard: Shard): Promise<{ path: string; bytes: Uint8Array }[]> {
  const members = [];
  for await (const member of readTar(pieces(shard), shard.path)) members.push(member);
  return members;
}

describe("a shard", () => {
  test("holds the members of each sample side by side, and the project's own reader reads them", async () => {
    const [shard, ...more] = await shardsOf(1e6);
    expect(more).toEqual([]);
    expect(shard!.path).toBe("boomerang-000000.tar");
    const members = await membersOf(shard!);
    expect(members.map(({ path }) => path)).toEqual(
      ["000122", "000123", "000124"].flatMap((name) => [`${name}.cls`, `${name}.json`, `${name}.png`]),
    );
    const [cls, json, png] = members.slice(3, 6).map(({ bytes }) => bytes);
    expect(new TextDecoder().decode(cls)).toBe("5");
    expect(JSON.parse(new TextDecoder().decode(json))).toEqual({
      ...{ label: "cat", id: "cat 1", origin: "generated", prompt: "a cat", sample: 1, seed: 1 },
    });
    expect(Uint8Array.from(png!)).toEqual(encodePng(imageAt(pixels, resolution, 1)));
  });

  test("keeps to its limit, and tears no sample even where one exceeds it", async () => {
    // Three members of a header and a block each are 3072 bytes, the end 1024.
    const shards = await shardsOf(2 * 3072 + 1024);
    expect(shards.map(({ path }) => path)).toEqual(["boomerang-000000.tar", "boomerang-000001.tar"]);
    expect((await membersOf(shards[0]!)).map(({ path }) => path.slice(0, 6))).toEqual([
      ...["000122", "000122", "000122", "000123", "000123", "000123"],
    ]);
    expect(await shardsOf(1)).toHaveLength(3);
  });

  test("has the same bytes each time", async () => {
    expect(await shardsOf(1e6)).toEqual(await shardsOf(1e6));
  });
});
