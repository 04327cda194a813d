import { expect, test } from "vitest";
import { ofEarlierBuilds } from "../../workers/earlier-builds.ts";
import { recordedFile, recordedIndex, recordOf } from "../../src/experiment/recorded-address.ts";

const at = (path: string): string => `https://host/page/${path}`;
const built = [at("assets/page-new.js"), at("assets/page-new.css")];
const recorded = [recordedIndex, recordOf("demo"), recordedFile("demo", "results.json", "new")].map(at);

test("scripts and styles that the present build did not write are of earlier ones; nothing else is", () => {
  const others = [at("./"), at("index.html"), at("recorded/demo/record.json"), at("assets/ort-old.wasm")];
  const earlier = [at("assets/page-old.js"), at("assets/page-old.css")];
  expect(ofEarlierBuilds([...others, ...earlier, ...built], built, [])).toEqual(earlier);
});

test("files of recorded runs under another hash, or of runs that are gone, are earlier ones", () => {
  const earlier = [recordedFile("demo", "results.json", "old"), "recorded/demo/results.json", recordOf("gone")].map(at);
  expect(ofEarlierBuilds([...earlier, ...recorded, ...built], built, recorded)).toEqual(earlier);
});

test("without the build's list everything stays", () => {
  expect(ofEarlierBuilds([at("assets/page-old.js"), at("recorded/demo/results.json")], [], recorded)).toEqual([]);
});
