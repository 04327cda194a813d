import { expect, test } from "vitest";
import { ofEarlierBuilds } from "../../workers/earlier-builds.ts";

const at = (path: string): string => `https://host/page/${path}`;
const built = [at("assets/page-new.js"), at("assets/page-new.css")];

test("scripts and styles that the present build did not write are of earlier ones; nothing else is", () => {
  const others = [at("./"), at("index.html"), at("recorded/demo/record.json"), at("assets/ort-old.wasm")];
  const earlier = [at("assets/page-old.js"), at("assets/page-old.css")];
  expect(ofEarlierBuilds([...others, ...earlier, ...built], built)).toEqual(earlier);
});

test("without the build's list everything stays", () => {
  expect(ofEarlierBuilds([at("assets/page-old.js")], [])).toEqual([]);
});
