import { zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { ConfigError, FormatError, IntegrityError, MissingError, QuotaError } from "../../src/errors.ts";
import { bundle } from "../../src/experiment/bundle.ts";
import type { Results } from "../../src/experiment/record.ts";
import { run } from "../../src/experiment/run.ts";
import { specHash } from "../../src/experiment/spec.ts";
import { chooseStoredRun, pathsOfRun, storedFolder } from "../../src/experiment/stored-folder.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { exportRun, finishedTrainings, importRun, keptRuns, unitPictures } from "../../workers/kept-runs.ts";
import { checkRuns } from "../../workers/storage-check.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

const spec = tinySpec("conditions=[retrieval, clip-prompts, real-10]");
const runs = memoryMedium();
let id: string;
let results: Results;

beforeAll(async () => {
  const start = Date.UTC(2026, 0, 1);
  id = await chooseStoredRun(runs, spec.name, await specHash(spec), start);
  const options = { signal: new AbortController().signal, gauges: { now: () => start, peakMemoryBytes: () => null } };
  const made = await run(spec, tinyWorld(), tinyNetworks(), storedFolder(runs, id), { ...options, commands: [] });
  results = made!;
});

/** A medium with the same bytes. */
const copied = async (capacity?: number) => {
  const copy = memoryMedium(capacity);
  for (const key of await runs.keys("runs")) await copy.write(key, (await runs.read(key))!);
  return copy;
};

describe("pictures of a unit", () => {
  test("are the first ones that the method made, with their provenance", async () => {
    const pictures = (await unitPictures(runs, id, "clip-prompts", "green", 3))!;
    expect(pictures).toMatchObject({ width: 16, height: 16 });
    expect(pictures.total).toBeGreaterThan(3);
    expect(pictures.provenance).toHaveLength(3);
    const bytes = (await runs.read(`runs/${id}/produce/clip-prompts/green.bin`))!;
    expect(pictures.pixels).toEqual(bytes.slice(0, 3 * 16 * 16 * 3));
    const record = JSON.parse(
      new TextDecoder().decode(await runs.read(`runs/${id}/produce/clip-prompts/green.json`)),
    ) as { value: { images: { provenance: unknown }[] } };
    expect(pictures.provenance).toEqual(record.value.images.slice(0, 3).map(({ provenance }) => provenance));
  });

  test("are all there are where more are asked for", async () => {
    const pictures = (await unitPictures(runs, id, "retrieval", "red", 1e6))!;
    expect(pictures.provenance).toHaveLength(pictures.total);
    expect(pictures.pixels).toHaveLength(pictures.total * 16 * 16 * 3);
  });

  test("are none while the unit is not finished, or where its bytes are those of another making", async () => {
    expect(await unitPictures(runs, id, "boomerang", "red", 3)).toBeNull();
    expect(await unitPictures(runs, "another run", "retrieval", "red", 3)).toBeNull();
    const half = await copied();
    const key = `runs/${id}/produce/retrieval/red.bin`;
    await half.write(key, (await half.read(key))!.fill(7));
    expect(await unitPictures(half, id, "retrieval", "red", 3)).toBeNull();
  });
});

test("trainings come set by set in the order of the table, as the results have them", async () => {
  const trainings = await finishedTrainings(runs, id);
  const order = results.conditions.map((condition) => condition.id);
  expect(trainings.map(({ set, condition }) => [set, condition])).toEqual(
    [0, 1, 2].flatMap((set) => order.map((condition) => [set, condition])),
  );
  for (const { history, bestEpoch, validationAccuracy } of trainings) {
    expect(history.length).toBeGreaterThan(0);
    expect(history.find(({ epoch }) => epoch === bestEpoch)!.validationAccuracy).toBe(validationAccuracy);
  }
});

describe("a run as a bundle", () => {
  test("is the same run in another browser, but for the weights of its classifiers", async () => {
    const other = memoryMedium();
    expect(await importRun(other, await exportRun(runs, id))).toBe(id);
    expect(await keptRuns(other)).toEqual(await keptRuns(runs));
    const paths = await pathsOfRun(runs, id);
    expect(await pathsOfRun(other, id)).toEqual(paths.filter((path) => !/^(train|world)\/.*\.bin$/.test(path)));
    for (const key of await other.keys("runs")) expect(await other.read(key), key).toEqual(await runs.read(key));
    expect(await unitPictures(other, id, "retrieval", "red", 2)).toEqual(
      await unitPictures(runs, id, "retrieval", "red", 2),
    );
  });

  test("is taken as a file too, and refused where the run is there already", async () => {
    const bytes = (await exportRun(runs, id)) as Uint8Array<ArrayBuffer>;
    const other = memoryMedium();
    expect(await importRun(other, new File([bytes], "run.zip"))).toBe(id);
    await expect(importRun(other, new File([bytes], "run.zip"))).rejects.toThrow(ConfigError);
    const renamed = memoryMedium();
    for (const key of await runs.keys("runs"))
      await renamed.write(key.replace(id, id.replace("00Z", "01Z")), (await runs.read(key))!);
    await expect(importRun(renamed, bytes)).rejects.toThrow(id.replace("00Z", "01Z"));
  });

  test("of no run is missing", async () => {
    await expect(exportRun(runs, "no run")).rejects.toThrow(MissingError);
  });

  test("that is cut, changed, no run, or too large for the browser leaves nothing", async () => {
    const bytes = await exportRun(runs, id);
    const changed = new Map([["config.resolved.json", new Uint8Array(3)]]);
    const bad: [Uint8Array, new (...given: never[]) => Error][] = [
      [bytes.slice(0, bytes.length / 2), FormatError],
      [Uint8Array.of(1, 2, 3), FormatError],
      [zipSync({ "run.json": new Uint8Array(3) }), MissingError],
      [await bundle(changed), MissingError],
      [withoutMember(await bundle(new Map([["a.txt", Uint8Array.of(1)]]))), IntegrityError],
    ];
    for (const [given, kind] of bad) {
      const other = memoryMedium();
      await expect(importRun(other, given)).rejects.toThrow(kind);
      expect(await other.keys("runs")).toEqual([]);
    }
    const small = memoryMedium(20_000);
    await expect(importRun(small, bytes)).rejects.toThrow(QuotaError);
    expect(await small.keys("runs")).toEqual([]);
  });
});

/** The manifest names a.txt; the zip calls it b.txt. */
const withoutMember = (zip: Uint8Array): Uint8Array => {
  const renamed = zip.slice();
  const text = new TextDecoder("latin1").decode(zip);
  for (const at of [text.indexOf("a.txtPK"), text.lastIndexOf("a.txt"), text.indexOf("a.txt")])
    if (at >= 0) renamed[at] = "b".charCodeAt(0);
  return renamed;
};

test("a check of the runs reads each unit's bytes and names what is damaged", async () => {
  const bins = (await pathsOfRun(runs, id)).filter((path) => path.endsWith(".bin"));
  expect(await checkRuns(runs)).toEqual({ checked: bins.length, damaged: [] });
  const damaged = await copied();
  await damaged.write(`runs/${id}/produce/retrieval/blue.bin`, Uint8Array.of(1));
  expect(await checkRuns(damaged)).toEqual({
    checked: bins.length,
    damaged: [`${id}/produce/retrieval/blue.bin`],
  });
});
