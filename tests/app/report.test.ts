import fc from "fast-check";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { answerText } from "../../src/app/steps/report/answer.ts";
import { exportFiles, fileName, figureName } from "../../src/app/steps/report/export-files.ts";
import { notesMarkdown, notesOf, writeNotes } from "../../src/app/steps/report/notes.ts";
import { auditTable, auditText, resultTable } from "../../src/app/steps/report/result-rows.ts";
import { bundleFiles } from "../../src/app/steps/report/run-bundle.ts";
import { readRun, type RunView } from "../../src/app/runs/run-view.ts";
import { bundle, readBundle } from "../../src/experiment/bundle.ts";
import type { ConditionId } from "../../src/experiment/conditions.ts";
import { summarizeConditions, type Audit, type Results } from "../../src/experiment/record.ts";
import { answerInWords, resultRow } from "../../src/experiment/report.ts";

const ids: readonly ConditionId[] = [
  "real-10",
  "simple-prompt",
  "clip-prompts",
  "textual-inversion",
  "retrieval",
  "real-20",
];

/** Test images of the demo: no share of them lies on the border of two rounded numbers. */
const testImages = 357;

const tables = fc
  .record({ chosen: fc.subarray([...ids], { minLength: 1 }), n: fc.integer({ min: 1, max: 5 }) })
  .chain(({ chosen, n }) => {
    const accuracy = fc.array(fc.integer({ min: 50, max: 200 }), { minLength: n, maxLength: n });
    return fc.tuple(
      ...chosen.map((id) => accuracy.map((right) => ({ id, accuracy: right.map((k) => k / testImages) }))),
    );
  })
  .map(summarizeConditions);

const resultsOf = (conditions: Results["conditions"]): Results => ({ conditions }) as Results;

describe("the report's words", () => {
  test("the page answers in the words of report.html, whatever the scores are", () => {
    fc.assert(
      fc.property(tables, (conditions) => {
        expect(answerText(resultsOf(conditions))).toBe(answerInWords(resultsOf(conditions)));
      }),
      { numRuns: 300 },
    );
  });

  test("the page's table has the cells of report.html, whatever the scores are", () => {
    fc.assert(
      fc.property(tables, (conditions) => {
        expect(resultTable(conditions).rows).toEqual(conditions.map(resultRow));
      }),
      { numRuns: 300 },
    );
  });

  test("a condition that this page does not know is called by its id", () => {
    const [known] = summarizeConditions([{ id: "retrieval", accuracy: [0.5, 0.6] }]);
    const { rows } = resultTable([{ ...known!, id: "retrieve-then-vary" as ConditionId }]);
    expect(rows[0]![0]).toBe("retrieve-then-vary");
  });

  test("the audit is summed over conditions in words, and told row by row", () => {
    const of = (id: ConditionId, flagged: number) => ({ id, checked: 50, flagged, dropped: 0, highest: [0.9456, 0.2] });
    const audit: Audit = {
      against: ["validation", "test"],
      measures: [],
      action: "flag",
      conditions: [of("clip-prompts", 1), of("retrieval", 2)],
    };
    expect(auditText(audit)).toContain("Each of 100 added images was held against its nearest validation and test");
    expect(auditText(audit)).toContain("3 are so similar");
    expect(auditTable(audit).rows[1]).toEqual(["+ retrieved", "50", "2", "0", "0.946 · 0.200"]);
  });
});

describe("the student's words", () => {
  test("they belong to the run that they were written to", () => {
    writeNotes("run-a", { title: "Mine" });
    writeNotes("run-a", { notes: "As expected." });
    expect(notesOf("run-a")).toEqual({ title: "Mine", notes: "As expected." });
    expect(notesOf("run-b")).toEqual({ title: "", notes: "" });
    expect(notesOf("constructor")).toEqual({ title: "", notes: "" });
  });

  test("notes.md names the run with its hashes, and falls back to the run's name", () => {
    const results = {
      ...{ name: "demo", startedAt: "2026-11-26T19:30:15.730Z", adapter: "llvmpipe", specHash: "abc" },
      world: { name: "mini", hash: "def" },
    } as Results;
    const text = notesMarkdown({ title: " ", notes: "One.\n\nTwo." }, "An answer.", {
      results,
      source: { kind: "recorded", id: "id-1", commit: null },
    });
    expect(text).toBe(
      "# demo\n\nAn answer.\n\nOne.\n\nTwo.\n\n- run: id-1 (recorded)\n- made: 2026-11-26T19:30:15.730Z on llvmpipe\n- spec: abc\n- world: mini def\n",
    );
  });
});

describe("what is taken away", () => {
  test("files are sorted by use, and atlases stay in the bundle", () => {
    const paths = [
      ...["figures/classes.svg", "gallery/target.png", "gallery.json", "report.html", "results.json"],
      ...["tables/conditions.csv", "tables/results.tex", "metrics.jsonl", "env.json"],
    ];
    expect(exportFiles(paths)).toEqual({
      report: ["report.html"],
      data: ["results.json", "metrics.jsonl", "gallery.json"],
      tables: ["tables/conditions.csv", "tables/results.tex"],
      figures: ["figures/classes.svg"],
    });
    expect(fileName("tables/results.tex")).toBe("results.tex");
    expect(figureName("figures/accuracy-dots.svg")).toBe("accuracy-dots");
  });

  test("the bundle of a recorded run holds its files byte by byte, and the state that lets it be opened", async () => {
    const view = await recordedView();
    const found = new Map<string, Uint8Array>();
    const chunks = async function* () {
      yield await bundle(await bundleFiles(view));
    };
    await readBundle(chunks(), "bundle", async (path, bytes) => {
      found.set(path, await Promise.resolve(bytes));
    });
    expect([...found.keys()].sort()).toEqual([...new Set([...view.paths, "run.json"])].sort());
    for (const path of view.paths) expect(Buffer.compare(found.get(path)!, await view.bytes(path)), path).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(found.get("run.json")))).toMatchObject({
      state: "done",
      specHash: view.results.specHash,
      startedAt: view.results.startedAt,
    });
  });
});

/** The first recorded run, from where it lies. */
async function recordedView(): Promise<RunView> {
  const { runs } = JSON.parse(await readFile("public/recorded/index.json", "utf8")) as { runs: { path: string }[] };
  const folder = join("public/recorded", runs[0]!.path);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== "record.json")
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const bytes = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(join(folder, path)));
  return readRun({ kind: "recorded", id: "recorded", commit: null }, { paths, url: (path) => path, bytes });
}
