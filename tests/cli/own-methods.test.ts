import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadOwnMethods } from "../../src/cli/own-methods.ts";
import { ConfigError, FormatError, MissingError } from "../../src/errors.ts";
import { conditionIds, conditionOf, type ConditionId } from "../../src/experiment/conditions.ts";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import { methodFilesOf, parseSpec } from "../../src/experiment/spec-file.ts";
import { allMethods } from "../../src/methods/registry.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-own-"));
});
afterAll(() => rm(folder, { recursive: true }));

const own = "retrieve-then-vary";
const file = resolve("examples", `${own}.ts`);

test("the example becomes a method and a condition before the bound, and runs like any other", async () => {
  await loadOwnMethods([file], ".");
  await loadOwnMethods([file], ".");
  expect(allMethods()[own]!.code).toMatch(/^[0-9a-f]{64}$/);
  expect(conditionIds().slice(-2)).toEqual([own, "real-20"]);
  expect(conditionOf(own as ConditionId)).toEqual({ label: "+ retrieved and varied", family: "retrieval" });
  const spec = tinySpec(`conditions=[real-10, ${own}, retrieval]`, "sets.n=2");
  const gauges = { now: Date.now, peakMemoryBytes: () => null };
  const options = { signal: new AbortController().signal, gauges, commands: [] };
  const files = new Map<string, Uint8Array>();
  const results = await run(spec, tinyWorld(), tinyNetworks(), memoryFolder(files), options);
  expect(results!.conditions.map(({ id, n }) => [id, n])).toEqual([
    ["real-10", 2],
    ["retrieval", 2],
    [own, 2],
  ]);
  const unit = JSON.parse(new TextDecoder().decode(files.get(`produce/${own}/red.json`))) as {
    value: { images: { provenance: { from: string; prompt: string } }[] };
  };
  expect(unit.value.images[0]!.provenance).toMatchObject({ kind: "generated", prompt: "A photo of red thing." });
  expect(unit.value.images[0]!.provenance.from).toMatch(/^red-pool-/);
});

test("the control draws from the whole pool, and a longer draw begins with a shorter one", async () => {
  const control = "random-from-pool";
  await loadOwnMethods([resolve("examples", `${control}.ts`)], ".");
  const drawn = async (ratio: number): Promise<string[]> => {
    const spec = tinySpec(`conditions=[${control}]`, "sets.n=1", `sets.ratio=${String(ratio)}`);
    const options = { gauges: { now: Date.now, peakMemoryBytes: () => null }, commands: [] };
    const files = new Map<string, Uint8Array>();
    const signal = new AbortController().signal;
    await run(spec, tinyWorld(), tinyNetworks(), memoryFolder(files), { ...options, signal });
    const unit = JSON.parse(new TextDecoder().decode(files.get(`produce/${control}/red.json`))) as {
      value: { images: { id: string }[] };
    };
    return unit.value.images.map(({ id }) => id);
  };
  const [few, many] = [await drawn(2), await drawn(6)];
  expect(many.slice(0, few.length)).toEqual(few);
  expect(new Set(many).size).toBe(many.length);
  expect(many.some((id) => !id.startsWith("red"))).toBe(true);
});

describe("a spec names the files", () => {
  test.each([
    ["methods: ./mine.ts", ["./mine.ts"]],
    ["methods: [./a.ts, b.mjs]", ["./a.ts", "b.mjs"]],
    ["methods: { files: [c.ts], boomerang: { noiseLevel: 0.3 } }", ["c.ts"]],
    ["methods: { boomerang: { noiseLevel: 0.3 } }", []],
    ["", []],
  ])("%s", (text, files) => {
    expect(methodFilesOf(text)).toEqual(files);
    expect(parseSpec(text).methods.files).toEqual(files);
  });
});

describe("a file that is no method is refused by name", () => {
  const load = async (name: string, code: string): Promise<void> => {
    await writeFile(join(folder, name), code);
    await loadOwnMethods([name], folder);
  };

  test("that is not there", async () => {
    await expect(loadOwnMethods(["nowhere.ts"], folder)).rejects.toThrow(MissingError);
    await expect(loadOwnMethods(["nowhere.ts"], folder)).rejects.toThrow(/nowhere\.ts/);
  });

  test("that does not parse", async () => {
    await expect(load("broken.ts", "export default {")).rejects.toThrow(FormatError);
    await expect(load("broken.ts", "export default {")).rejects.toThrow(/broken\.ts/);
  });

  test("without a default export, without `produce`, with a family that is none", async () => {
    await expect(load("none.ts", "export const x = 1;")).rejects.toThrow(/none\.ts: default export/);
    await expect(load("half.ts", "export default { method: { id: 'half' } };")).rejects.toThrow(/produce.*id/);
    const whole = "{ id: 'whole', draws: [], amount: () => 1, produce: async () => undefined }";
    await expect(load("odd.ts", `export default { method: ${whole}, label: "x", family: "odd" };`)).rejects.toThrow(
      /family.*odd/,
    );
  });

  test.each(["boomerang", "target"])("whose id is taken: %s", async (id) => {
    const taken = `{ id: "${id}", draws: [], amount: () => 1, produce: async () => undefined }`;
    const code = `export default { method: ${taken}, label: "x", family: "prompt" };`;
    await expect(load(`taken-${id}.ts`, code)).rejects.toThrow(
      new ConfigError(`method ${id}`, "an id that is not taken", id),
    );
  });
});
