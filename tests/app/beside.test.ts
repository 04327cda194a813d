import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { blocksOf, inlinesOf } from "../../src/app/beside/credits/markdown.ts";
import { detailsOf, filterLines, linesOf, readLines, stagesOf, toJsonl } from "../../src/app/beside/log/lines.ts";
import { byDate, keptEntry, recordedEntry } from "../../src/app/beside/runs/entries.ts";
import { placeOf, sharedPictures } from "../../src/app/beside/runs/shared-pictures.ts";
import { addressOf, configOf, emptyForm, hashOf, longestAddress } from "../../src/app/beside/teacher/link.ts";
import { parseHash } from "../../src/app/hash.ts";
import { actOf } from "../../src/app/key-acts.ts";
import { presets } from "../../src/app/presets.ts";
import { stepIds } from "../../src/app/route.ts";
import type { Gallery } from "../../src/experiment/gallery.ts";
import type { Results } from "../../src/experiment/record.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";
import { iconSources } from "../../scripts/world/sources.ts";
import { writeCredits } from "../../scripts/world/credits.ts";

describe("the log", () => {
  const text =
    '{"t":"2026-11-26T19:30:15.753Z","event":"stage-started","stage":"world","units":9}\n' +
    '{"t":"2026-11-26T19:30:25.718Z","event":"unit-finished","stage":"world","unit":"pool-0","reused":false,"elapsedMs":9950}\n' +
    '{"t":"2026-11-26T19:31:00.000Z","event":"note","stage":"train","unit":"a","text":"Smaller batch"}\n';

  test("what is written is what was read, and a line that a kill cut off is left out", () => {
    expect(toJsonl(readLines(text))).toBe(text);
    expect(readLines(`${text}{"t":"2026-11`)).toHaveLength(3);
  });

  test("lines are found by stage and by text in either case", () => {
    const lines = readLines(text);
    expect(stagesOf(lines)).toEqual(["world", "train"]);
    expect(filterLines(lines, { stage: "world", text: "POOL-0" })).toEqual([lines[1]]);
    expect(filterLines(lines, { stage: "", text: " smaller " })).toEqual([lines[2]]);
    expect(filterLines(lines, { stage: "train", text: "pool" })).toEqual([]);
  });

  test("an event of the page is a line of the same form, and says all that it holds", () => {
    const [line] = linesOf([
      { t: "2026-11-26T19:30:15.753Z", event: { event: "device-lost", reason: "unplugged", losses: 1 } as never },
    ]);
    expect(toJsonl([line!])).toContain('"event":"device-lost","reason":"unplugged"');
    expect(detailsOf(line!)).toBe("unplugged · losses 1");
    expect(detailsOf(readLines(text)[1]!)).toBe("reused false · elapsedMs 9950");
  });
});

describe("the credits", () => {
  test("those that come with the page are those that the world is built with, licences and all", async () => {
    const reports = await Promise.all(
      iconSources.map(async (source) => {
        const text = await readFile(`node_modules/${source.package}/package.json`, "utf8");
        return { source, version: (JSON.parse(text) as { version: string }).version };
      }),
    );
    expect(await readFile("public/credits.md", "utf8")).toBe(writeCredits(process.cwd(), reports as never));
  });

  test("headings, tables, links and bold text are blocks, and markup is plain text", async () => {
    const blocks = blocksOf(await readFile("public/credits.md", "utf8"));
    const table = blocks.find(({ kind }) => kind === "table");
    expect(table).toMatchObject({ head: ["author", "icons", "package", "licence"] });
    expect(blocks.filter(({ kind }) => kind === "heading").map((block) => "text" in block && block.text)).toContain(
      "MIT",
    );
    expect(inlinesOf("a **b** [c](https://d.example/e) <i>f</i> [g](javascript:h) https://i.example/j.")).toEqual([
      { kind: "text", text: "a " },
      { kind: "strong", text: "b" },
      { kind: "text", text: " " },
      { kind: "link", text: "c", href: "https://d.example/e" },
      { kind: "text", text: " <i>f</i> [g](javascript:h) " },
      { kind: "link", text: "https://i.example/j", href: "https://i.example/j" },
      { kind: "text", text: "." },
    ]);
  });
});

describe("the runs", () => {
  const results = {
    ...{ name: "demo", startedAt: "2026-11-26T19:30:15.730Z" },
    conditions: [
      { id: "real-10", n: 3 },
      { id: "retrieval", n: 3 },
    ],
  } as unknown as Results;
  const state = {
    specHash: "a",
    state: "stopped",
    startedAt: "2026-11-27T08:00:00.000Z",
    elapsedSeconds: 1,
    peakMemoryBytes: null,
  } as const;

  test("a finished run tells its conditions by its results, an unfinished one by its spec", () => {
    expect(recordedEntry("r", results)).toMatchObject({
      kind: "recorded",
      conditions: ["real-10", "retrieval"],
      n: 3,
      state: "done",
    });
    const spec = { name: "page-demo", conditions: ["retrieval"] as const, sets: { n: 2 } };
    const unfinished = keptEntry({ id: "k", state, results: null }, "live", { ...spec, conditions: ["retrieval"] });
    expect(unfinished).toMatchObject({ name: "page-demo", conditions: ["retrieval"], n: 2, state: "unfinished" });
    expect(keptEntry({ id: "k", state, results: null }, "live", null)).toMatchObject({
      name: "k",
      conditions: null,
      n: null,
    });
  });

  test("the newest run stands first, and a run both recorded and kept stands twice", () => {
    const entries = byDate([
      recordedEntry("r", results),
      keptEntry({ id: "k", state, results: null }, "live", null),
      keptEntry({ id: "r", state, results }, "opened", null),
    ]);
    expect(entries.map(({ key }) => key)).toEqual(["kept/k", "recorded/r", "kept/r"]);
  });

  test("pictures are compared where both runs have the set and the class, wherever it stands", () => {
    const set = (id: string, keys: readonly string[]) => ({
      ...{ id, atlas: `gallery/${id}.png`, nearestAtlas: null },
      classes: keys.map((key) => ({ key, total: 0, pictures: [] })),
    });
    const first: Gallery = {
      version: 1,
      tile: 32,
      columns: 10,
      sets: [set("target", ["a", "b"]), set("retrieval", ["a", "b"])],
    };
    const second: Gallery = { ...first, sets: [set("retrieval", ["b", "c"]), set("boomerang", ["b", "c"])] };
    expect(sharedPictures(first, second)).toEqual({ sets: ["retrieval"], classes: ["b"] });
    expect(placeOf(first, "retrieval", "b")?.classIndex).toBe(1);
    expect(placeOf(second, "retrieval", "b")?.classIndex).toBe(0);
    expect(placeOf(second, "target", "b")).toBeNull();
  });
});

describe("a teacher's link", () => {
  const page = "https://school.example/lab/";

  test("a form that says nothing gives the page's own address", () => {
    expect(addressOf(emptyForm, page)).toBe(page);
  });

  test("every preset's link is read back as it was made, holds a valid spec and is short enough", () => {
    for (const { id } of presets) {
      const form = { ...emptyForm, preset: id, lesson: 45, hide: ["why"], start: "sources", lock: true } as const;
      const address = addressOf(form, page);
      expect(address.length).toBeLessThanOrEqual(longestAddress);
      const { hash, problems } = parseHash(address.slice(page.length));
      expect(problems).toEqual([]);
      expect(hash).toEqual(JSON.parse(JSON.stringify(hashOf(form))));
      expect(() => parseSpec(JSON.stringify(hash.config))).not.toThrow();
    }
  });

  test("changed fields replace the preset's, and what is no number reaches the schema as it is", () => {
    const form = {
      ...emptyForm,
      preset: "demo",
      classes: "all",
      n: "3",
      seed: "7",
      conditions: ["retrieval"],
    } as const;
    const spec = parseSpec(JSON.stringify(configOf(form)));
    expect(spec).toMatchObject({
      name: "page-demo",
      classes: "all",
      seed: 7,
      sets: { n: 3 },
      conditions: ["retrieval"],
    });
    expect(() => parseSpec(JSON.stringify(configOf({ ...form, n: "three" })))).toThrow(/sets\.n/);
  });

  test("it does not open at a step that it hides", () => {
    expect(hashOf({ ...emptyForm, hide: ["why"], start: "why" }).start).toBeNull();
  });
});

describe("single keys", () => {
  const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

  test("a digit is the rail's number among the steps that the lesson shows", () => {
    expect(actOf(press("5"), stepIds)).toEqual({ step: "result" });
    expect(actOf(press("1"), ["start", "make"])).toEqual({ step: "make" });
    expect(actOf(press("8"), stepIds)).toBeNull();
    expect(actOf(press("?"), stepIds)).toBe("help");
  });

  test("keys with a modifier are the browser's", () => {
    for (const modifier of ["ctrlKey", "metaKey", "altKey"])
      expect(actOf(press("1", { [modifier]: true }), stepIds)).toBeNull();
  });
});
