import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { record, run as recordVerb } from "../../src/cli/record.ts";
import { diskFolder } from "../../src/cli/run-files.ts";
import { ConfigError, IntegrityError, MissingError } from "../../src/errors.ts";
import type { Gallery } from "../../src/experiment/gallery.ts";
import type { Results } from "../../src/experiment/record.ts";
import { mostRecordedBytes, type RecordIndex, type RunRecord } from "../../src/experiment/recorded.ts";
import { readJson, writeJson } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

let parent = "";
let finished = "";
let results: Results;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "rog-record-"));
  finished = join(parent, "finished");
  const gauges = { now: () => Date.UTC(2026, 10, 22, 12), peakMemoryBytes: () => null };
  const environment = { node: "v20", cores: 3 };
  const options = { signal: new AbortController().signal, gauges, commands: [], environment };
  const spec = tinySpec("conditions=[real-10, retrieval]", "sets.n=2");
  results = (await run(spec, tinyWorld(), tinyNetworks(), diskFolder(finished), options))!;
});
afterAll(() => rm(parent, { recursive: true }));

let out = "";
let runFolder = "";
beforeEach(async () => {
  const place = await mkdtemp(join(parent, "case-"));
  out = join(place, "recorded");
  runFolder = join(place, "run");
  await cp(finished, runFolder, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

const recordIn = async (folder: string): Promise<RunRecord> =>
  (await readJson(diskFolder(folder), "record.json")) as RunRecord;
const galleryIn = async (folder: string): Promise<Gallery> =>
  (await readJson(diskFolder(folder), "gallery.json")) as Gallery;
const indexIn = async (folder: string): Promise<RecordIndex> =>
  (await readJson(diskFolder(folder), "index.json")) as RecordIndex;

describe("a recorded run", () => {
  test("has what a page shows, byte for byte, and nothing that is heavy", async () => {
    const { path, files, leftOut } = await record(runFolder, out, { commit });
    expect(path).toBe(join(out, "tiny"));
    const paths = (await filesOf(path)).filter((name) => name !== "record.json");
    expect(paths).toHaveLength(files);
    expect(leftOut).toEqual([]);
    for (const name of [
      ...["results.json", "metrics.jsonl", "gallery.json", "confusions.json", "config.resolved.json", "env.json"],
      ...["gallery/target.png", "gallery/retrieval.png", "gallery/retrieval-nearest.png", "report.html"],
      ...["figures/accuracy-dots.svg", "figures/contact-sheet.svg", "tables/results.tex"],
    ])
      expect(paths).toContain(name);
    expect(paths.filter((name) => /\.bin$|^(produce|train|world|events|run\.json)/.test(name))).toEqual([]);
    for (const name of paths)
      expect(Buffer.compare(await readFile(join(path, name)), await readFile(join(runFolder, name))), name).toBe(0);
  });

  test("says its commands without folders of the machine that made it", async () => {
    const results = JSON.parse(await readFile(join(runFolder, "results.json"), "utf8")) as Results;
    const commands = [
      "npm run -s rog -- run -c specs/mini-all.yaml --units-from /home/me/runs/a --units-from='/home/me/b c' -o /data/runs sets.n=2",
      "npm run demo",
    ];
    await writeFile(join(runFolder, "results.json"), `${JSON.stringify({ ...results, commands }, null, 2)}\n`);
    const { path } = await record(runFolder, out, { commit });
    const recorded = JSON.parse(await readFile(join(path, "results.json"), "utf8")) as Results;
    expect(recorded).toEqual({
      ...results,
      commands: ["npm run -s rog -- run -c specs/mini-all.yaml sets.n=2", "npm run demo"],
    });
  });

  test("comes with the curve of a sweep, and is refused where that drew none", async () => {
    const sweep = join(runFolder, "..", "sweep");
    await mkdir(sweep);
    await writeFile(join(sweep, "sweep.csv"), "ratio,condition\n");
    await expect(record(runFolder, out, { commit, sweep })).rejects.toThrow(/curve\.svg/);
    await writeFile(join(sweep, "curve.svg"), "<svg/>");
    const { path } = await record(runFolder, out, { commit, sweep });
    expect(await readFile(join(path, "curve.svg"), "utf8")).toBe("<svg/>");
    expect(Object.keys((await recordIn(path)).files)).toEqual(expect.arrayContaining(["curve.svg", "sweep.csv"]));
  });

  test("gets its sweep later, and keeps what was said of it", async () => {
    const { path } = await record(runFolder, out, { commit });
    const before = await recordIn(path);
    const sweep = join(runFolder, "..", "sweep");
    await mkdir(sweep);
    await writeFile(join(sweep, "sweep.csv"), "ratio,condition\n");
    await writeFile(join(sweep, "curve.svg"), "<svg/>");
    await record(path, out, { sweep });
    const { files, ...said } = await recordIn(path);
    expect({ ...said, files: before.files }).toEqual(before);
    expect(Object.keys(files).sort()).toEqual([...Object.keys(before.files), "curve.svg", "sweep.csv"].sort());
    expect(files).toMatchObject(before.files);
    expect(await filesOf(path)).toEqual(["record.json", ...Object.keys(files)].sort());
  });

  test("is not recorded again where a file of it was changed", async () => {
    const { path } = await record(runFolder, out, { commit });
    await writeFile(join(path, "results.json"), JSON.stringify({ ...results, elapsedSeconds: 1 }));
    await expect(record(path, out)).rejects.toThrow(IntegrityError);
    await writeJson(diskFolder(path), "results.json", results);
    await rm(join(path, "confusions.json"));
    await expect(record(path, out)).rejects.toThrow(/confusions\.json is missing \(record\.json names it\)/);
  });

  test("says which run it is, and its files by hash", async () => {
    const { path } = await record(runFolder, out, { commit });
    const { files, ...said } = await recordIn(path);
    expect(said).toEqual({
      version: 1,
      id: `2026-11-22T12-00-00Z_tiny_${results.specHash.slice(0, 8)}`,
      name: "tiny",
      startedAt: "2026-11-22T12:00:00.000Z",
      elapsedSeconds: results.elapsedSeconds,
      adapter: "tiny adapter",
      cores: 3,
      commit,
    });
    expect(["record.json", ...Object.keys(files)].sort()).toEqual(await filesOf(path));
    for (const [name, { sizeBytes, sha256: hash }] of Object.entries(files)) {
      const bytes = await readFile(join(path, name));
      expect([sizeBytes, hash], name).toEqual([bytes.length, await sha256(bytes)]);
    }
  });

  test("keeps the name of its folder, which may be of a moment before its start", async () => {
    const name = `2026-11-22T11-59-59Z_tiny_${results.specHash.slice(0, 8)}`;
    await rename(runFolder, join(runFolder, "..", name));
    expect((await recordIn((await record(join(runFolder, "..", name), out, { commit })).path)).id).toBe(name);
  });

  test("is of the version that is checked out, when nobody says another", async () => {
    const head = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
    expect((await recordIn((await record(runFolder, out)).path)).commit).toBe(head);
    await expect(record(runFolder, out, { commit: "main" })).rejects.toThrow(
      /--commit with 7 to 40 hexadecimal digits, got main/,
    );
  });

  test("replaces an earlier one of its name and stays beside others, sorted in the index", async () => {
    await record(runFolder, out, { commit });
    await writeFile(join(out, "tiny", "old.txt"), "old");
    await mkdir(join(out, "notes"));
    await writeFile(join(out, "CREDITS.md"), "whose pictures they are");
    for (const name of ["z", "a"]) {
      await writeJson(diskFolder(runFolder), "results.json", { ...results, name });
      await record(runFolder, out, { commit });
    }
    await writeJson(diskFolder(runFolder), "results.json", { ...results, elapsedSeconds: 99 });
    await record(runFolder, out, { commit });
    expect(await filesOf(join(out, "tiny"))).not.toContain("old.txt");
    expect((await recordIn(join(out, "tiny"))).elapsedSeconds).toBe(99);
    expect(await indexIn(out)).toEqual({ version: 1, runs: ["a", "tiny", "z"].map((name) => ({ name, path: name })) });
    expect((await readdir(out)).sort()).toEqual(["CREDITS.md", "a", "index.json", "notes", "tiny", "z"]);
    // Whoever may read a folder of ours may read this one: it is not its owner's alone, as temporary folders are.
    expect((await stat(join(out, "tiny"))).mode).toBe((await stat(join(out, "notes"))).mode);
  });

  test("leaves out a picture of all pictures above a megabyte, and the report when it does not fit, and says so", async () => {
    await writeFile(join(runFolder, "figures", "grid.svg"), new Uint8Array(1e6 + 1));
    await writeFile(join(runFolder, "figures", "classes.svg"), new Uint8Array(6e6));
    await writeFile(join(runFolder, "report.html"), new Uint8Array(3e6));
    const spy = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await recordVerb([runFolder, "-o", out, "--commit", commit])).toBe(0);
    expect(spy.mock.calls.join("")).toMatch(
      /files, \d\.\d MiB, in .*tiny\n.*too large: figures\/grid\.svg\n.*too large: report\.html\n/,
    );
    const paths = await filesOf(join(out, "tiny"));
    expect(paths).toContain("figures/classes.svg");
    expect(paths).not.toContain("figures/grid.svg");
    expect(paths).not.toContain("report.html");
  });

  /** The run with a file beside its others that leaves so many bytes for its pictures. */
  async function withRoomFor(bytes: (pictures: number) => number): Promise<void> {
    await rm(join(runFolder, "report.html"));
    const { path, sizeBytes } = await record(runFolder, out, { commit });
    const sizes = Object.entries((await recordIn(path)).files).filter(([name]) => name.startsWith("gallery/"));
    const pictures = sizes.reduce((sum, [, file]) => sum + file.sizeBytes, 0);
    const heavy = mostRecordedBytes - (sizeBytes - pictures) - bytes(pictures);
    await writeFile(join(runFolder, "tables", "heavy.csv"), new Uint8Array(heavy));
  }

  /** Records the run, and holds its pictures against those of its folder: the largest mean difference of an atlas, 0 to 255. */
  async function recordAndCompare(): Promise<{ said: string; columns: number; difference: number }> {
    const whole = await galleryIn(runFolder);
    const spy = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await recordVerb([runFolder, "-o", out, "--commit", commit])).toBe(0);
    const path = join(out, "tiny");
    const { columns, tile, sets } = await galleryIn(path);
    let difference = 0;
    for (const [s, set] of sets.entries()) {
      const original = whole.sets[s]!;
      expect(set.classes).toEqual(original.classes.map((of) => ({ ...of, pictures: of.pictures.slice(0, columns) })));
      for (const which of ["atlas", "nearestAtlas"] as const) {
        if (set[which] === null) continue;
        const recorded = sharp(join(path, set[which]));
        const { width, height } = await recorded.metadata();
        expect([set[which], width]).toEqual([original[which]!.replace(".png", ".jpg"), columns * tile]);
        const left = { left: 0, top: 0, width, height };
        const mine = await recorded.removeAlpha().raw().toBuffer();
        const theirs = await sharp(join(runFolder, original[which]!)).extract(left).removeAlpha().raw().toBuffer();
        const sum = mine.reduce((total, value, i) => total + Math.abs(value - theirs[i]!), 0);
        difference = Math.max(difference, sum / mine.length);
      }
    }
    const sizes = Object.values((await recordIn(path)).files).map((file) => file.sizeBytes);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(mostRecordedBytes);
    return { said: spy.mock.calls.join(""), columns, difference };
  }

  test("has its pictures as JPEG where they do not fit as they are, all of them, and says so", async () => {
    await withRoomFor((pictures) => pictures - 1);
    const { said, columns, difference } = await recordAndCompare();
    expect(said).toContain("pictures as JPEG: as PNG they do not fit");
    expect(said).not.toContain("the first");
    expect(columns).toBe((await galleryIn(runFolder)).columns);
    expect(difference).toBeLessThan(12);
  });

  test("has the first pictures of each class, as many as fit, and says so", async () => {
    await withRoomFor((pictures) => 0.3 * pictures);
    const { said, columns } = await recordAndCompare();
    expect(said).toContain(`the first ${String(columns)} pictures of each class and origin, not 10:`);
    expect(columns).toBeLessThan(10);
  });
});

describe("nothing is recorded", () => {
  async function expectRefused(error: typeof ConfigError | typeof MissingError, message: RegExp): Promise<void> {
    const refused = record(runFolder, out, { commit });
    await expect(refused).rejects.toThrow(error);
    await expect(refused).rejects.toThrow(message);
    expect(await filesOf(out).catch(() => [])).toEqual([]);
  }

  test("of a run that is not finished", async () => {
    await writeJson(diskFolder(runFolder), "run.json", { state: "stopped" });
    await expectRefused(MissingError, /a finished run is missing \(it is stopped\)/);
    await rm(runFolder, { recursive: true });
    await expectRefused(MissingError, /a finished run is missing \(there is no run\.json\)/);
  });

  test("of a run without a gallery, or without an atlas that its gallery names", async () => {
    await rm(join(runFolder, "gallery", "retrieval-nearest.png"));
    await expectRefused(MissingError, /gallery\/retrieval-nearest\.png is missing/);
    await rm(join(runFolder, "gallery.json"));
    await expectRefused(MissingError, /gallery\.json is missing \(`rog resume RUN --again`/);
  });

  test("of a run that is larger than a page should load", async () => {
    await writeFile(join(runFolder, "tables", "large.csv"), new Uint8Array(9 * 2 ** 20));
    await expectRefused(ConfigError, /expected at most 8\.0 MiB, got 9\.\d MiB/);
  });

  test("under a name that is a path", async () => {
    await writeJson(diskFolder(runFolder), "results.json", { ...results, name: "../elsewhere" });
    await expect(record(runFolder, out, { commit })).rejects.toThrow(/results\.json: expected a name/);
  });

  test("where something else lies", async () => {
    await mkdir(join(out, "tiny"), { recursive: true });
    await writeFile(join(out, "tiny", "mine.txt"), "mine");
    await expect(record(runFolder, out, { commit })).rejects.toThrow(ConfigError);
    expect(await filesOf(out)).toEqual(["tiny/mine.txt"]);
  });
});

test("the verb takes one run folder", async () => {
  await expect(recordVerb([])).rejects.toThrow(/one run folder, got nothing/);
  await expect(recordVerb(["a", "b"])).rejects.toThrow(ConfigError);
});
