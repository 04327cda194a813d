import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { comparisonText, run as compare } from "../../src/cli/compare.ts";
import { run as exportRun } from "../../src/cli/export.ts";
import { diskFolder, listRuns } from "../../src/cli/run-files.ts";
import { run as schema } from "../../src/cli/schema.ts";
import { run as status, statusText } from "../../src/cli/status.ts";
import { ConfigError, MissingError } from "../../src/errors.ts";
import { compareResults } from "../../src/experiment/compare.ts";
import type { Results } from "../../src/experiment/record.ts";
import { run } from "../../src/experiment/run.ts";
import { writeJson } from "../../src/experiment/run-folder.ts";
import { bytesSource } from "../../src/weights/byte-source.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

let parent = "";
const folderOf = (name: string): string => join(parent, "runs", name);
const gauges = { now: () => Date.UTC(2026, 10, 22, 12), peakMemoryBytes: () => null };

async function finish(name: string, ...overrides: string[]): Promise<Results> {
  const spec = tinySpec("conditions=[real-10, textual-inversion, retrieval]", "sets.n=2", ...overrides);
  const signal = new AbortController().signal;
  const folder = diskFolder(folderOf(name));
  return (await run(spec, tinyWorld(), tinyNetworks(), folder, { signal, gauges, commands: [] }))!;
}

let first: Results;
let second: Results;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-verbs-"));
  first = await finish("a");
  second = await finish("b", "seed=2", "conditions=[real-10, retrieval]");
  await writeJson(diskFolder(folderOf("c")), "run.json", {
    ...first,
    specHash: "x",
    state: "running",
    elapsedSeconds: 7,
  });
});
afterAll(() => rm(parent, { recursive: true }));

/** What a verb prints. */
async function printed(verb: (args: readonly string[]) => Promise<number>, ...args: string[]): Promise<string> {
  const parts: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    parts.push(String(part));
    return true;
  });
  try {
    expect(await verb(args)).toBe(0);
  } finally {
    spy.mockRestore();
  }
  return parts.join("");
}

describe("compare", () => {
  test("names the fields that differ and the change of each condition", () => {
    const comparison = compareResults(first, second);
    expect(comparison.spec.map(({ path }) => path).sort()).toEqual(["conditions", "seed"]);
    expect(comparison.conditions.map(({ id }) => id)).toEqual(["real-10", "textual-inversion", "retrieval"]);
    const [real, inversion] = comparison.conditions;
    expect(real!.difference).toBeCloseTo(second.conditions[0]!.mean - first.conditions[0]!.mean, 12);
    expect(inversion).toMatchObject({ second: null, difference: null, standardError: null });
    expect(comparisonText(comparison)).toMatch(/seed: 1 → 2/);
  });

  test("gives no sign to a difference that rounds to zero", () => {
    const comparison = compareResults(first, second);
    const textOf = (difference: number): string =>
      comparisonText({
        ...comparison,
        conditions: [{ ...comparison.conditions[0]!, difference, standardError: null }],
      });
    expect(textOf(-0.0004)).toMatch(/\d {3}0\.0$/);
    expect(textOf(-0.0006)).toMatch(/\d {2}−0\.1$/);
    expect(textOf(0.02)).toMatch(/\d {2}\+2\.0$/);
  });

  test("prints as JSON, and says what is missing of a run that is not finished", async () => {
    const text = await printed(compare, folderOf("a"), folderOf("b"), "--json");
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(compareResults(first, second))));
    await expect(compare([folderOf("a"), folderOf("c")])).rejects.toThrow(MissingError);
    await expect(compare([folderOf("a")])).rejects.toThrow(ConfigError);
  });
});

test("status lists runs, latest first, and tells a run whose process is gone", async () => {
  const runs = await listRuns(join(parent, "runs"));
  expect(runs.map(({ state }) => state)).toEqual(["interrupted", "done", "done"]);
  expect(runs[1]!.unitsFinished).toBeGreaterThan(10);
  expect(statusText(runs)).toMatch(/^interrupted .*c {2}7 s, 0 units\ndone /);
  expect(await listRuns(join(parent, "nowhere"))).toEqual([]);
});

test("status refuses a folder that is not there", async () => {
  await expect(status(["--out", join(parent, "nowhere")])).rejects.toThrow(/--out of a folder that is there.*nowhere/);
});

describe("export", () => {
  test("imagefolder writes every produced picture, lossless, with a line of metadata", async () => {
    const out = join(parent, "images");
    await printed(exportRun, "imagefolder", folderOf("a"), "-o", out);
    expect((await readdir(out)).sort()).toEqual(["retrieval", "textual-inversion"]);
    const lines = (await readFile(join(out, "textual-inversion", "metadata.jsonl"), "utf8")).trim().split("\n");
    const records = lines.map((line) => JSON.parse(line) as { file_name: string; label: string; origin: string });
    expect(new Set(records.map(({ label }) => label))).toEqual(new Set(["red", "green", "blue"]));
    const { data } = await sharp(join(out, "textual-inversion", records[0]!.file_name))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const unit = await readFile(join(folderOf("a"), "produce", "textual-inversion", `${records[0]!.label}.bin`));
    expect(Buffer.compare(data, unit.subarray(0, data.length))).toBe(0);
  });

  test.each(["imagefolder", "webdataset", "embeds"])("%s refuses a folder that holds another export", async (kind) => {
    const out = join(parent, `taken-${kind}`);
    await printed(exportRun, kind, folderOf("a"), "-o", out);
    const before = await readdir(out);
    await expect(exportRun([kind, folderOf("a"), "-o", out])).rejects.toThrow(
      /taken-\w+: expected an empty folder, or none, got one with/,
    );
    expect(await readdir(out)).toEqual(before);
  });

  test("webdataset writes shards of each method within their limit, the same bytes each time", async () => {
    const [one, two] = [join(parent, "shards-1"), join(parent, "shards-2")];
    for (const out of [one, two]) await printed(exportRun, "webdataset", folderOf("a"), "-o", out);
    expect(await readdir(one)).toEqual(["classes.json", "retrieval-000000.tar", "textual-inversion-000000.tar"]);
    expect(JSON.parse(await readFile(join(one, "classes.json"), "utf8"))).toEqual(["blue", "green", "red"]);
    for (const name of await readdir(one))
      expect(Buffer.compare(await readFile(join(one, name)), await readFile(join(two, name))), name).toBe(0);
    const small = join(parent, "shards-3");
    await printed(exportRun, "webdataset", folderOf("a"), "-o", small, "--shard-size", "0.01");
    expect((await readdir(small)).length).toBeGreaterThan(5);
    await expect(exportRun(["webdataset", folderOf("a"), "-o", small, "--shard-size", "0"])).rejects.toThrow(
      ConfigError,
    );
  });

  test("embeds writes a file a class whose only key is its token", async () => {
    const out = join(parent, "embeds");
    await printed(exportRun, "embeds", folderOf("a"), "-o", out);
    const bytes = await readFile(join(out, "textual-inversion", "red.safetensors"));
    const file = await openSafetensors(bytesSource("red", bytes));
    expect([...file.entries.keys()]).toEqual(["<red>"]);
    await expect(exportRun(["embeds", folderOf("b"), "-o", `${out}-b`])).rejects.toThrow(/words of textual-inversion/);
  });

  test("bundle is one zip of the run without the classifiers' weights, the same bytes each time", async () => {
    const [one, two] = [join(parent, "one.zip"), join(parent, "two.zip")];
    await printed(exportRun, "bundle", folderOf("a"), "-o", one);
    await printed(exportRun, "bundle", folderOf("a"), "-o", two);
    expect(Buffer.compare(await readFile(one), await readFile(two))).toBe(0);
    const names = Object.keys(unzipSync(await readFile(one)));
    expect(names[0]).toBe("manifest.json");
    expect(names).toContain("results.json");
    expect(names).toContain("produce/retrieval/red.bin");
    expect(names.some((name) => name.startsWith("train/") && name.endsWith(".bin"))).toBe(false);
  });

  test("figures come as they are and as PNG of so many times their size", async () => {
    const out = join(parent, "figures");
    await printed(exportRun, "figures", folderOf("a"), "-o", out, "--scale", "3");
    const names = (await readdir(join(folderOf("a"), "figures"))).filter((name) => name.endsWith(".svg"));
    expect(names).toContain("accuracy-bars.svg");
    expect(await readdir(out)).toEqual(names.flatMap((name) => [name.replace("svg", "png"), name]).sort());
    for (const name of names) {
      const svg = await readFile(join(out, name), "utf8");
      expect(svg).toBe(await readFile(join(folderOf("a"), "figures", name), "utf8"));
      const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
      const drawn = await sharp(join(out, name.replace("svg", "png"))).metadata();
      expect(Math.abs(drawn.width - 3 * Number(width)), name).toBeLessThan(1);
      expect(Math.abs(drawn.height - 3 * Number(height)), name).toBeLessThan(1);
    }
    await expect(exportRun(["figures", folderOf("a"), "-o", out, "--scale", "0"])).rejects.toThrow(ConfigError);
  });

  test("a second run is refused", async () => {
    await expect(exportRun(["bundle", folderOf("a"), folderOf("b"), "-o", join(parent, "two.zip")])).rejects.toThrow(
      /expected one run folder, got .*a .*b$/,
    );
  });

  test("an unknown kind is refused with those that there are", async () => {
    await expect(exportRun(["gif", folderOf("a"), "-o", parent])).rejects.toThrow(
      /imagefolder, webdataset, embeds, figures, bundle.*gif/,
    );
  });
});

test("the schema names every field of a spec and refuses others", async () => {
  const text = await printed(schema);
  const json = JSON.parse(text) as { properties: Record<string, unknown>; additionalProperties: boolean };
  expect(Object.keys(json.properties)).toEqual(Object.keys(tinySpec()));
  expect(json.additionalProperties).toBe(false);
  expect(
    z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]).safeParse({ seed: "x" }).success,
  ).toBe(false);
});
