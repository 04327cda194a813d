import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readRecorded, recordedRuns } from "../../src/app/runs/recorded.ts";

/** What was fetched, below the page, and how. */
let asked: { readonly path: string; readonly cache: RequestCache | undefined }[];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("location", new URL("http://localhost/"));
  vi.stubGlobal("fetch", async (address: string, init?: RequestInit) => {
    const { pathname, search } = new URL(address);
    asked.push({ path: `${pathname.slice(1)}${search}`, cache: init?.cache });
    if (pathname.endsWith("index.json")) return Response.json({ runs: [{ name: "demo", path: "demo" }] });
    return new Response(await readFile(`tests/fixtures${pathname}`));
  });
});
afterEach(() => vi.unstubAllGlobals());

test("lists of recorded runs are asked for anew, and each file by its hash, so that none stands beside those of another run", async () => {
  const [run] = await recordedRuns();
  const view = await readRecorded(run!);
  const { files } = JSON.parse(await readFile("tests/fixtures/recorded/demo/record.json", "utf8")) as {
    files: Record<string, { sha256: string }>;
  };
  const lists = ["recorded/index.json", "recorded/demo/record.json"];
  expect(asked.slice(0, 2)).toEqual(lists.map((path) => ({ path, cache: "no-cache" })));
  const results = `recorded/demo/results.json?${files["results.json"]!.sha256}`;
  expect(asked.slice(2)).toContainEqual({ path: results, cache: undefined });
  expect(asked.slice(2).every(({ path }) => /\?[0-9a-f]{64}$/.test(path))).toBe(true);
  expect(view.url("gallery.json")).toBe(`http://localhost/recorded/demo/gallery.json?${files["gallery.json"]!.sha256}`);
});
