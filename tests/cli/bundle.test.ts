import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { unzipSync, zipSync, type Zippable } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { run as exportRun } from "../../src/cli/export.ts";
import { importBundle } from "../../src/cli/import.ts";
import { diskFolder, listRuns } from "../../src/cli/run-files.ts";
import { ConfigError, FormatError, IntegrityError, MissingError } from "../../src/errors.ts";
import { run } from "../../src/experiment/run.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

let parent = "";
let runFolder = "";
let bundle = "";
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-bundle-"));
  runFolder = join(parent, "original");
  bundle = join(parent, "run.zip");
  const gauges = { now: () => Date.UTC(2026, 10, 22, 12), peakMemoryBytes: () => null };
  const options = { signal: new AbortController().signal, gauges, commands: [] };
  const spec = tinySpec("conditions=[real-10, retrieval]", "sets.n=2");
  await run(spec, tinyWorld(), tinyNetworks(), diskFolder(runFolder), options);
  await diskFolder(runFolder).write(".lock", new Uint8Array(0));
  // Repeats itself so often that a reader of untrusted zips takes it for a bomb, were it deflated.
  await diskFolder(runFolder).write("notes.txt", new TextEncoder().encode("again ".repeat(500_000)));
  expect(await exportRun(["bundle", runFolder, "-o", bundle])).toBe(0);
});
afterAll(() => rm(parent, { recursive: true }));

let out = "";
beforeEach(async () => {
  out = await mkdtemp(join(parent, "runs-"));
});
afterEach(() => rm(out, { recursive: true }));

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

test("an imported run has every kept file byte for byte, under its run's name, and counts as that run", async () => {
  const { directory, files } = await importBundle(bundle, out);
  expect(relative(out, directory)).toMatch(/^2026-11-22T12-00-00Z_tiny_[0-9a-f]{8}$/);
  const paths = await filesOf(directory);
  expect(paths).toHaveLength(files);
  const left = (await filesOf(runFolder)).filter((path) => !paths.includes(path));
  expect(left.every((path) => /^(train|world)\/.*\.bin$|^\.lock$/.test(path))).toBe(true);
  for (const path of paths)
    expect(Buffer.compare(await readFile(join(directory, path)), await readFile(join(runFolder, path))), path).toBe(0);
  expect((await listRuns(out)).map(({ state }) => state)).toEqual(["done"]);
  expect(await readdir(out)).toHaveLength(1);
});

test("a run of that name is left as it is", async () => {
  const { directory } = await importBundle(bundle, out);
  await writeFile(join(directory, "notes.txt"), "mine");
  await expect(importBundle(bundle, out)).rejects.toThrow(ConfigError);
  expect(await readFile(join(directory, "notes.txt"), "utf8")).toBe("mine");
  expect(await readdir(out)).toHaveLength(1);
});

type Members = Record<string, Uint8Array>;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Lists a member in the manifest, as if it belonged. */
function listed(members: Members, path: string, bytes: Uint8Array): Members {
  const manifest = JSON.parse(new TextDecoder().decode(members["manifest.json"])) as { files: object[] };
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  manifest.files.push({ path, sizeBytes: bytes.length, sha256 });
  return { ...members, [path]: bytes, "manifest.json": bytesOf(JSON.stringify(manifest)) };
}

function without(members: Members, path: string): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== path));
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** Changes the bundle, and expects the import to fail so and to leave nothing. */
async function expectRefused(
  change: (members: Members) => Zippable,
  error: ErrorClass,
  message: RegExp,
): Promise<void> {
  const file = join(parent, "changed.zip");
  await writeFile(file, zipSync(change(unzipSync(await readFile(bundle))), { level: 0 }));
  const refused = importBundle(file, join(out, "inner"));
  await expect(refused).rejects.toThrow(error);
  await expect(refused).rejects.toThrow(message);
  expect(await filesOf(out)).toEqual([]);
  expect(await readdir(join(out, "inner"))).toEqual([]);
}

describe("a damaged bundle is refused by the name of the member, and nothing stays of it:", () => {
  test("a changed byte", async () => {
    const change = (members: Members): Members => {
      members["results.json"]![10]! ^= 1;
      return members;
    };
    await expectRefused(change, IntegrityError, /changed\.zip: results\.json: expected sha256 [0-9a-f]{64} of /);
  });

  test("a missing member", async () => {
    const change = (members: Members): Members => without(members, "metrics.jsonl");
    await expectRefused(change, IntegrityError, /metrics\.jsonl: .*got no such member/);
  });

  test("a surplus member", async () => {
    const change = (members: Members): Members => ({ ...members, "extra.txt": bytesOf("x") });
    await expectRefused(change, IntegrityError, /extra\.txt: .*of a file that manifest\.json lists/);
  });

  test("no manifest, one that is not JSON, one of another version", async () => {
    await expectRefused((members) => without(members, "manifest.json"), MissingError, /manifest\.json is missing/);
    const other = (text: string) => (members: Members) => ({ ...members, "manifest.json": bytesOf(text) });
    await expectRefused(other("{"), FormatError, /manifest\.json: expected JSON/);
    await expectRefused(other('{"format":"x","version":2,"files":[]}'), FormatError, /manifest of .* version 1/);
  });

  test("a bundle that is cut", async () => {
    const file = join(parent, "cut.zip");
    const whole = await readFile(bundle);
    await writeFile(file, whole.subarray(0, whole.length - 5000));
    await expect(importBundle(file, out)).rejects.toThrow(FormatError);
    expect(await readdir(out)).toEqual([]);
  });

  test("a zip of something else", async () => {
    const change = (members: Members): Members => {
      const manifest = JSON.parse(new TextDecoder().decode(members["manifest.json"])) as object;
      return { "manifest.json": bytesOf(JSON.stringify({ ...manifest, files: [] })) };
    };
    await expectRefused(change, MissingError, /config\.resolved\.json is missing/);
  });
});

describe("a hostile bundle is refused, and nothing stays of it:", () => {
  test.each(["../evil.txt", "/evil.txt", "C:/evil.txt", "a\\..\\evil.txt", "a/../../evil.txt", "evil\0.txt"])(
    "a member %j",
    async (path) => {
      await expectRefused((members) => listed(members, path, bytesOf("x")), FormatError, /evil/);
      expect(await readdir(parent)).not.toContain("evil.txt");
    },
  );

  test("names that differ by case only", async () => {
    const change = (members: Members) => listed(members, "Results.json", bytesOf("x"));
    await expectRefused(change, FormatError, /differ by more than case/);
  });

  test("a member that inflates a thousandfold", async () => {
    const zeros = new Uint8Array(8 * 2 ** 20);
    const bomb = (members: Members): Members => listed(members, "bomb.bin", zeros);
    const change = (members: Members): Zippable => ({ ...bomb(members), "bomb.bin": [zeros, { level: 9 }] });
    await expectRefused(change, FormatError, /inflates at most 100 times/);
  });

  test("a name of a run that would lead elsewhere", async () => {
    const change = (members: Members) => {
      const config = bytesOf('{"name":"../../evil"}');
      const manifest = JSON.parse(new TextDecoder().decode(members["manifest.json"])) as { files: { path: string }[] };
      manifest.files = manifest.files.filter(({ path }) => path !== "config.resolved.json");
      const changed = { ...members, "manifest.json": bytesOf(JSON.stringify(manifest)) };
      return listed(changed, "config.resolved.json", config);
    };
    await expectRefused(change, FormatError, /config\.resolved\.json: expected a spec with a name/);
  });
});

test("a bundle that is not there is missing, and a folder is made for the first run", async () => {
  await expect(importBundle(join(parent, "none.zip"), out)).rejects.toThrow(MissingError);
  await mkdir(join(out, "a"));
  await importBundle(bundle, join(out, "a", "b"));
  expect(await readdir(join(out, "a", "b"))).toHaveLength(1);
});
