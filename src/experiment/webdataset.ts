/** A run's images as WebDataset shards: tar archives that are read from front to back. */
import { imageAt } from "../data/image.ts";
import { encodePng } from "../data/png.ts";
import { tarEnd, tarMember } from "../data/tar-writer.ts";
import { imageRecord, type ProducedRecord } from "./exports.ts";

/** Digits of the number that names a sample or a shard. */
const nameDigits = 6;

const numbered = (number: number): string => String(number).padStart(nameDigits, "0");

/** One class's images, and where they stand among all. */
export interface ClassImages {
  readonly key: string;
  readonly classIndex: number;
  readonly record: ProducedRecord;
  /** [n, resolution, resolution, 3] */
  readonly pixels: Uint8Array;
  readonly resolution: number;
}

/**
 * The samples of one class, each the tar members `<number>.cls` (the class's index as text), `<number>.json` (label, id and
 * provenance) and `<number>.png`.
 *
 * @param first the number of the first one
 */
export function* webdatasetSamples(
  { key, classIndex, record, pixels, resolution }: ClassImages,
  first: number,
): Generator<readonly Uint8Array[]> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  for (const [i, image] of record.images.entries()) {
    const name = numbered(first + i);
    yield [
      tarMember(`${name}.cls`, text(String(classIndex))),
      tarMember(`${name}.json`, text(JSON.stringify(imageRecord(key, image)))),
      tarMember(`${name}.png`, encodePng(imageAt(pixels, resolution, i))),
    ];
  }
}

/** A tar archive in pieces. */
export interface Shard {
  /** `<name>-000000.tar` and so on. */
  readonly path: string;
  readonly pieces: readonly Uint8Array[];
}

/**
 * Fills one shard after the other. A sample is never torn.
 *
 * @param samples members that stay together
 * @param limitBytes of a shard; only a sample that is larger on its own exceeds it
 */
export async function* webdatasetShards(
  name: string,
  samples: AsyncIterable<readonly Uint8Array[]>,
  limitBytes: number,
): AsyncGenerator<Shard> {
  let [pieces, number] = [[] as Uint8Array[], 0];
  let sizeBytes = tarEnd().length;
  const shard = (): Shard => ({ path: `${name}-${numbered(number++)}.tar`, pieces: [...pieces, tarEnd()] });
  for await (const sample of samples) {
    const addedBytes = sample.reduce((sum, { length }) => sum + length, 0);
    if (pieces.length > 0 && sizeBytes + addedBytes > limitBytes) {
      yield shard();
      [pieces, sizeBytes] = [[], tarEnd().length];
    }
    pieces.push(...sample);
    sizeBytes += addedBytes;
  }
  if (pieces.length > 0) yield shard();
}
