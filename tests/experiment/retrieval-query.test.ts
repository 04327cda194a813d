import { describe, expect, test } from "vitest";
import { LazyGenerator, sourcesOf } from "../../src/experiment/run-sources.ts";
import { classQueries, produceClass } from "../../src/experiment/production.ts";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { Stages } from "../../src/experiment/stages.ts";
import { retrievalDiverse } from "../../src/methods/retrieval-diverse.ts";
import { retrieval } from "../../src/methods/retrieval.ts";
import { retrieveAndGenerate } from "../../src/methods/retrieve-and-generate.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

const names = ["red shark, Galeocerdo  cuvieri", "green\tthing", "blue", "grey thing"];

/** A world of such names, and what is asked of CLIP's text tower. */
async function asked(method: typeof retrieval, ...overrides: string[]) {
  const { dataset: plain, pool } = tinyWorld();
  const dataset = { ...plain, classes: plain.classes.map((one, i) => ({ ...one, name: names[i]! })) };
  const spec = tinySpec(...overrides);
  const given = tinyNetworks();
  const texts: string[] = [];
  const networks = {
    ...given,
    embedTexts: (wanted: readonly string[]) => {
      texts.push(...wanted);
      return given.embedTexts(wanted);
    },
  };
  const generator = new LazyGenerator(networks, spec.generator);
  const pooled = new Float32Array(pool.entries.length * networks.embeddingWidth).map((_, i) => (i % 12 === 0 ? 1 : 0));
  const unused = { threshold: 1, recall: null, singles: 0, others: 0, doubles: 0 };
  const sources = sourcesOf({ spec, dataset, pool, networks, generator }, pooled, [unused, unused]);
  const onEvent = () => Promise.resolve();
  const watch = { stages: new Stages(memoryFolder(), onEvent), signal: new AbortController().signal, onEvent };
  const inputs = { spec, dataset, sources, hashes: [], watch };
  for (const classIndex of names.keys()) await produceClass(method, null, classIndex, inputs);
  return { texts, queries: classQueries(dataset, spec) };
}

describe.each([retrieval, retrievalDiverse, retrieveAndGenerate])("$id", (method) => {
  test("asks for a class by the simple prompt with the white space of its name removed, as specs have it by default", async () => {
    const { texts, queries } = await asked(method);
    expect(texts).toEqual([
      "A photo of redshark,Galeocerdocuvieri.",
      "A photo of greenthing.",
      "A photo of blue.",
      "A photo of greything.",
    ]);
    expect(texts).toEqual(queries);
    expect((await asked(method, "classNames=without-spaces")).texts).toEqual(texts);
  });

  test("asks by the name as it is where the spec keeps white space", async () => {
    const { texts, queries } = await asked(method, "classNames=with-spaces");
    expect(texts).toEqual(names.map((name) => `A photo of ${name}.`));
    expect(texts).toEqual(queries);
  });
});
