import { describe, expect, test } from "vitest";
import { LeakError } from "../../src/errors.ts";
import type { Results } from "../../src/experiment/record.ts";
import { memoryFolder, readJson, type RunFolder } from "../../src/experiment/run-folder.ts";
import { run, type RunOptions } from "../../src/experiment/run.ts";
import type { RunEvent } from "../../src/experiment/stages.ts";
import { mean, pairedDifference, standardError } from "../../src/experiment/statistics.ts";
import type { Spec } from "../../src/experiment/spec.ts";
import { clipPrompts } from "../../src/methods/clip-prompts.ts";
import { RandomStream } from "../../src/random.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

function options(changes: Partial<RunOptions> = {}): RunOptions {
  let clock = 0;
  const gauges = { now: () => (clock += 1000), peakMemoryBytes: () => null };
  return { signal: new AbortController().signal, gauges, commands: ["npm run demo"], ...changes };
}

async function finish(spec: Spec, changes: Partial<RunOptions> = {}, world = tinyWorld()) {
  const files = new Map<string, Uint8Array>();
  const networks = tinyNetworks();
  const events: RunEvent[] = [];
  const given = options({ onEvent: (event) => void events.push(event), ...changes });
  const results = await run(spec, world, networks, memoryFolder(files), given);
  return { results: results!, files, networks, events, folder: memoryFolder(files) };
}

/** What a run found, without when it ran and how long that took. */
function found({ startedAt: _, elapsedSeconds: __, costs: ___, ...results }: Results): unknown {
  return results;
}

test("a training that was ended by hand keeps its best epoch, and the report names it", async () => {
  const epochs = new Map<string, number>();
  let last = "";
  const { results, files } = await finish(tinySpec("train.maxEpochs=6", "train.stop=6"), {
    onEvent: (event) => {
      if (event.event !== "epoch") return;
      last = event.unit;
      epochs.set(event.unit, event.log.epoch);
    },
    endsTraining: () => last === "retrieval/set-1" && epochs.get(last) === 2,
  });
  expect(epochs.get("retrieval/set-1")).toBe(2);
  expect(epochs.get("retrieval/set-0")).toBeGreaterThan(2);
  const sentences = results.deviations.filter((sentence) => sentence.includes("ended by hand"));
  expect(sentences).toEqual(["Trainings that were ended by hand, before their own rule did: retrieval/set-1."]);
  expect(new TextDecoder().decode(files.get("report.html"))).toContain(sentences[0]);
  const without = await finish(tinySpec("train.maxEpochs=6", "train.stop=6"));
  expect(without.results.deviations.join()).not.toContain("ended by hand");
});

describe("amounts", () => {
  const counts = ({ files }: { readonly files: ReadonlyMap<string, Uint8Array> }, method: string) =>
    ["red", "green", "blue"].map((key) => {
      const text = new TextDecoder().decode(files.get(`produce/${method}/${key}.json`));
      return (JSON.parse(text) as { value: { images: unknown[] } }).value.images.length;
    });

  // 4 red, 3 green and 4 blue real pictures.
  test("go by each class's own size or by the largest class's, as the paper's do for Caltech256 and for ImageNet", async () => {
    const caltech256 = await finish(tinySpec("sets.n=1", "production.per=class", "retrieval.per=class"));
    expect(counts(caltech256, "clip-prompts")).toEqual([12, 9, 12]);
    expect(counts(caltech256, "retrieval")).toEqual([4, 3, 4]);
    const imagenet = await finish(tinySpec("sets.n=1", "production.per=largest", "retrieval.per=largest"));
    expect(counts(imagenet, "clip-prompts")).toEqual([12, 12, 12]);
    expect(counts(imagenet, "retrieval")).toEqual([4, 4, 4]);
  });

  test("are all that decides of ratio, factor and rule: as many images of a class are the same ones", async () => {
    const keysOf = async (...overrides: string[]) => {
      const { folder } = await finish(tinySpec("sets.n=1", ...overrides));
      const key = async (unit: string) => ((await readJson(folder, `produce/${unit}.json`)) as { key: string }).key;
      return Promise.all(["clip-prompts/red", "clip-prompts/green", "retrieval/red"].map(key));
    };
    const [red, green, retrieved] = await keysOf("production.factor=3");
    expect(await keysOf("production.factor=1", "sets.ratio=3")).toMatchObject([
      red,
      green,
      expect.not.stringMatching(retrieved!),
    ]);
    // Red has as many real pictures as the largest class, green has not.
    expect(await keysOf("production.factor=3", "production.per=largest")).toMatchObject([
      red,
      expect.not.stringMatching(green!),
      retrieved,
    ]);
  });
});

describe("a whole run", () => {
  test("has a score for every condition and set, and writes its files", async () => {
    const { results, files } = await finish(tinySpec());
    expect(results.conditions.map(({ id, n }) => `${id} ${String(n)}`)).toEqual([
      "real-10 3",
      "clip-prompts 3",
      "retrieval 3",
      "real-20 3",
    ]);
    expect(results.chance).toBe(1 / 3);
    for (const path of [
      "config.resolved.json",
      "env.json",
      "events.jsonl",
      "metrics.jsonl",
      "results.json",
      "report.html",
      "tables/conditions.csv",
      "tables/classifiers.csv",
      "tables/ambiguity.csv",
      "tables/cost.csv",
      "tables/results.md",
      "tables/results.tex",
      "figures/accuracy-bars.svg",
      "figures/accuracy-dots.svg",
      "figures/ambiguity.svg",
      "figures/classes-clip-prompts.svg",
      "figures/classes-retrieval.svg",
      "figures/contact-sheet.svg",
      "figures/grid.svg",
    ])
      expect(files.has(path), path).toBe(true);
    expect(await readJson(memoryFolder(files), "results.json")).toEqual(JSON.parse(JSON.stringify(results)));
  });

  test("means, errors and gaps are those of the statistics", async () => {
    const { results } = await finish(tinySpec());
    const retrieval = results.conditions.find(({ id }) => id === "retrieval")!;
    for (const { id, accuracy, mean: average, standardError: error, gapToRetrieval } of results.conditions) {
      expect(average).toBe(mean(accuracy));
      expect(error).toBe(standardError(accuracy));
      expect(gapToRetrieval).toEqual(id === "retrieval" ? null : pairedDifference(accuracy, retrieval.accuracy));
    }
  });

  test("the added set is as large as the real one, and pairs share a seed", async () => {
    const { networks } = await finish(tinySpec());
    // 4 + 3 + 4 real images; doubled by each method; 20 % is twice as many.
    const trainings = networks.calls.filter((call) => call.startsWith("train"));
    expect(trainings).toEqual(
      [0, 1, 2].flatMap((set) => [11, 22, 22, 22].map((count) => `train ${String(count)} seed ${String(1000 + set)}`)),
    );
  });

  test("the test set scores each classifier once, after all training", async () => {
    const { networks, events } = await finish(tinySpec());
    const calls = networks.calls.filter((call) => call.startsWith("train") || call === "score 60");
    expect(calls.slice(12)).toEqual(Array.from({ length: 12 }, () => "score 60"));
    const scored = events.filter((event) => event.event === "test-read" && event.stage === "evaluate");
    expect(scored.length).toBe(12);
  });

  test("each look at the test set is an event that is kept: the audit's of each method, and each score", async () => {
    const { events, files } = await finish(tinySpec());
    const looks = events.flatMap((event) => (event.event === "test-read" ? [event] : []));
    expect(new Set(looks.map(({ images }) => images))).toEqual(new Set([60]));
    const names = looks.map(({ stage, unit }) => `${stage} ${unit}`);
    expect(names.slice(0, 2)).toEqual(["audit clip-prompts", "audit retrieval"]);
    expect(names.slice(2).every((name) => name.startsWith("evaluate "))).toBe(true);
    expect(names).toHaveLength(2 + 12);
    const kept = new TextDecoder().decode(files.get("events.jsonl"));
    expect(kept.match(/"event":"test-read","stage":"audit"/g)).toHaveLength(2);
  });

  test("an audit that is there from an earlier start looks at no test picture", async () => {
    const { folder } = await finish(tinySpec());
    const again: RunEvent[] = [];
    const onEvent = (event: RunEvent): void => void again.push(event);
    await run(tinySpec(), tinyWorld(), tinyNetworks(), folder, options({ onEvent }));
    expect(again.filter(({ event }) => event === "test-read")).toEqual([]);
  });

  test("the same spec gives the same results", async () => {
    expect(found((await finish(tinySpec())).results)).toEqual(found((await finish(tinySpec())).results));
  });

  test("another seed gives other images and trainings", async () => {
    const [one, two] = [await finish(tinySpec()), await finish(tinySpec("seed=2"))];
    expect(two.files.get("produce/clip-prompts/red.bin")).not.toEqual(one.files.get("produce/clip-prompts/red.bin"));
    expect(two.networks.calls).toContain("train 11 seed 2000");
  });

  test("conditions without a method need neither pool nor generator", async () => {
    const { results, networks } = await finish(tinySpec("conditions=[real-10, real-20]"));
    expect(results.audit).toBeNull();
    expect(networks.calls).not.toContain("generator");
  });
});

describe("what a run analyses", () => {
  test("boomerang's images are compared with their starts, each of them, where the condition is in the run", async () => {
    const { results, files } = await finish(tinySpec("conditions=[real-10, boomerang]", "sets.n=1"));
    // Three for each of 4 + 3 + 4 real pictures.
    expect(results.boomerang).toMatchObject({ images: 33 });
    expect(results.boomerang!.shown.map(({ from }) => from)).toEqual(
      ["red", "green", "blue"].flatMap((key) => [`${key}-train-0`, `${key}-train-1`]),
    );
    const strips = new TextDecoder().decode(files.get("figures/boomerang.svg"));
    expect(strips.match(/<image/g)).toHaveLength(6 * 3);
    expect(strips).toContain(`${results.boomerang!.shown[0]!.difference.toFixed(1)} grey levels`);
    expect(results.ambiguity).toBeNull();
    expect(files.has("figures/ambiguity.svg")).toBe(false);
  });

  test("other runs have nothing of Boomerang, and their classes' queries land in the pool", async () => {
    const { results, files } = await finish(tinySpec());
    expect(results.boomerang).toBeNull();
    expect(files.has("figures/boomerang.svg")).toBe(false);
    expect(results.ambiguity!.classes).toHaveLength(3);
    // Grey is in the world and not in the run.
    expect(results.ambiguity!.classes.some(({ otherOfWorld }) => otherOfWorld > 0)).toBe(true);
  });

  test("the grid has a row for the real pictures and each method, two pictures of each class", async () => {
    const { files } = await finish(tinySpec("sets.n=1"));
    const grid = new TextDecoder().decode(files.get("figures/grid.svg"));
    expect(grid.match(/<image/g)).toHaveLength(3 * 3 * 2);
    expect(grid).toContain(">generated (CLIP prompts)<");
  });

  test("sets that add no image have no measures, and every table says so", async () => {
    const { results, files } = await finish(tinySpec("sets.n=1", "sets.ratio=0.1"));
    const nothing = { neighbourhoods: null, frechet: null, diversity: null, textAgreement: null };
    expect(results.fidelity).toEqual(["clip-prompts", "retrieval"].map((id) => ({ id, images: 0, ...nothing })));
    const text = (path: string): string => new TextDecoder().decode(files.get(path));
    expect(text("tables/fidelity.csv").split("\r\n")[2]).toBe("retrieval,0,,,,,,,");
    expect(text("report.html")).toMatch(/<td>0<\/td>(<td>–<\/td>){7}/);
    expect(text("report.html")).not.toMatch(/NaN|undefined/);
  });

  test("another way to write class names asks anew how like their prompts images are", async () => {
    const world = tinyWorld();
    const spaced = await finish(tinySpec("sets.n=1", "conditions=[real-10, simple-prompt]", "classNames=with-spaces"));
    const others = [{ folder: spaced.folder, times: new Map<string, number>() }];
    const joined = tinySpec("sets.n=1", "conditions=[real-10, simple-prompt]");
    const { folder } = await finish(joined, { unitsFrom: others }, world);
    const keyOf = async (from: RunFolder) =>
      ((await readJson(from, "analyze/simple-prompt.json")) as { key: string }).key;
    expect(await keyOf(folder)).not.toBe(await keyOf(spaced.folder));
  });

  test("what was rejected is what duplicates and filters left out, class by class", async () => {
    const world = tinyWorld();
    const entries = world.pool.entries.map((entry) => ({ ...entry, aesthetics: /-[2-6]$/.test(entry.id) ? 3 : 6 }));
    const filtered = { ...world, pool: { ...world.pool, entries } };
    const { results } = await finish(tinySpec("sets.n=1", "retrieval.minAesthetics=5", "sets.ratio=4"), {}, filtered);
    const { funnel, rejected } = results.production.find(({ id }) => id === "retrieval")!;
    expect(funnel["duplicates"]).toBeGreaterThan(0);
    expect(funnel["aesthetics"]).toBeGreaterThan(0);
    const sum = Object.values(rejected).reduce((all, count) => all + count, 0);
    expect(sum).toBe(funnel["duplicates"]! + funnel["aesthetics"]!);
  });

  test("a unit's cost is that of its making, also after another start", async () => {
    const { results, files } = await finish(tinySpec("sets.n=1"));
    const again = await run(tinySpec("sets.n=1"), tinyWorld(), tinyNetworks(), memoryFolder(files), options());
    expect(again!.costs).toEqual(results.costs);
    expect(again!.costs.methods.map(({ id, setImages }) => `${id} ${String(setImages)}`)).toEqual([
      "clip-prompts 11",
      "retrieval 11",
    ]);
    for (const { produceSeconds, images } of again!.costs.methods) {
      expect(produceSeconds).toBeGreaterThan(0);
      expect(images).toBeGreaterThan(0);
    }
  });
});

describe("classes that retrieval is short of", () => {
  test("are left out of every condition, and listed", async () => {
    const { results, networks } = await finish(
      tinySpec("classes=[red, grey, blue, green]", "retrieval.factor=1", "retrieval.rounds=1"),
      {},
      tinyWorld(15),
    );
    expect(results.excluded).toEqual({ grey: "retrieval found 3 of 4 images" });
    expect(results.excludedTestImages).toEqual({ grey: 20 });
    expect(results.classes).toEqual(["red thing", "blue thing", "green thing"]);
    expect(results.chance).toBe(1 / 3);
    expect(results.images).toMatchObject({ "training (10 %)": 11, test: 60, validation: 18 });
    expect(networks.calls).toContain("score 60");
    expect(networks.calls).not.toContain("score 80");
  });

  test("say how many pictures a limit on ratings dropped", async () => {
    const world = tinyWorld();
    const entries = world.pool.entries.map((entry) => ({ ...entry, aesthetics: entry.class === "red" ? 4 : 6 }));
    const spec = tinySpec("sets.n=1", "retrieval.factor=1", "retrieval.rounds=1");
    const { results } = await finish(spec, {}, { ...world, pool: { ...world.pool, entries } });
    expect(results.excluded).toEqual({
      red: "retrieval found 0 of 4 images, 4 dropped by retrieval.minAesthetics",
    });
  });
});

describe("the audit", () => {
  /** A world whose pool holds a test picture. */
  function leakyWorld() {
    const world = tinyWorld();
    const row = world.dataset.samples.findIndex(({ id }) => id === "red-test-0");
    const size = world.dataset.pixels.length / world.dataset.samples.length;
    world.pool.pixels.set(world.dataset.pixels.subarray(row * size, (row + 1) * size), 5 * size);
    return world;
  }
  const spec = (action: string): Spec =>
    tinySpec(`audit.action=${action}`, "audit.threshold=0.99999", "sets.ratio=4", "retrieval.duplicates=1");

  test("finds a test picture that retrieval brought", async () => {
    const { results, folder } = await finish(spec("flag"), {}, leakyWorld());
    const retrieval = results.audit!.conditions.find(({ id }) => id === "retrieval")!;
    expect(retrieval.flagged).toBeGreaterThanOrEqual(1);
    expect(retrieval.highest[0]).toBeCloseTo(1, 5);
    const { value } = (await readJson(folder, "audit/retrieval.json")) as {
      value: { id: string; nearest: { id: string; similarity: number }[] }[];
    };
    expect(value.find(({ id }) => id === "red-pool-5")!.nearest.map(({ id }) => id)).toEqual([
      "red-test-0",
      "red-test-0",
    ]);
  });

  test("leaves copies out of the sets when told to drop", async () => {
    const { results, files } = await finish(spec("drop"), {}, leakyWorld());
    const retrieval = results.audit!.conditions.find(({ id }) => id === "retrieval")!;
    expect(retrieval.dropped).toBe(retrieval.flagged);
    expect(new TextDecoder().decode(files.get("sets/retrieval.json"))).not.toContain('"red-pool-5"');
  });

  test("ends the run when told to fail, and when told to drop all that a method made", async () => {
    await expect(finish(spec("fail"), {}, leakyWorld())).rejects.toThrow(LeakError);
    const all = tinySpec("conditions=[real-10, retrieval]", "audit.action=drop", "audit.threshold=0.000001");
    await expect(finish(all)).rejects.toThrow(/audit retrieval: .* got (\d+) of \1$/);
  });
});

test("a method that adapts sees every class once and gets back what it learned", async () => {
  const seen: string[] = [];
  const adapting = {
    ...clipPrompts,
    adapt: (classes: readonly { key: string }[]) => {
      seen.push(classes.map(({ key }) => key).join());
      return Promise.resolve(Uint8Array.of(42));
    },
    produce: (...given: Parameters<typeof clipPrompts.produce>) => {
      seen.push(String(given[0].adapted));
      return clipPrompts.produce(...given);
    },
  };
  await finish(tinySpec("conditions=[real-10, clip-prompts]", "sets.n=1"), { methods: { "clip-prompts": adapting } });
  expect(seen).toEqual(["red,green,blue", "42", "42", "42"]);
});

describe("resuming", () => {
  class Killed extends Error {}

  /** A folder whose process dies at a write: nothing of that write is kept. */
  function mortal(files: Map<string, Uint8Array>, lastWrite: number): RunFolder {
    const folder = memoryFolder(files);
    let writes = 0;
    const live = () => {
      if (++writes > lastWrite) throw new Killed();
    };
    return {
      read: (path) => folder.read(path),
      write: async (path, bytes) => {
        live();
        await folder.write(path, bytes);
      },
      append: async (path, text) => {
        live();
        await folder.append(path, text);
      },
      remove: (path) => folder.remove(path),
    };
  }

  test("after kills at random writes the result is that of an uninterrupted run", async () => {
    const spec = tinySpec();
    const { results: expected, files: whole } = await finish(spec);
    const random = new RandomStream(3, "kills");
    for (let trial = 0; trial < 3; trial++) {
      const files = new Map<string, Uint8Array>();
      let results: Results | undefined;
      for (let start = 0; results === undefined && start < 200; start++) {
        try {
          results = await run(spec, tinyWorld(), tinyNetworks(), mortal(files, 1 + random.integer(60)), options());
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
      }
      expect(found(results!)).toEqual(found(expected));
      for (const [path, bytes] of whole)
        if (/\.bin$|^sets\/|metrics|\.svg$/.test(path)) expect(files.get(path), path).toEqual(bytes);
    }
  });

  test("finished units are not made again", async () => {
    const files = new Map<string, Uint8Array>();
    await run(tinySpec(), tinyWorld(), tinyNetworks(), memoryFolder(files), options());
    const networks = tinyNetworks();
    await run(tinySpec(), tinyWorld(), networks, memoryFolder(files), options());
    expect(networks.calls).toEqual([]);
  });

  test("other networks make everything that depends on them anew", async () => {
    const files = new Map<string, Uint8Array>();
    await run(tinySpec(), tinyWorld(), tinyNetworks(), memoryFolder(files), options());
    const networks = { ...tinyNetworks(), hash: "other" };
    await run(tinySpec(), tinyWorld(), networks, memoryFolder(files), options());
    expect(networks.calls).toContain("generator");
  });

  test("a stop leaves the state `stopped`, and going on gives the uninterrupted result", async () => {
    const { results: expected } = await finish(tinySpec());
    for (const stopAfter of [1, 7, 20]) {
      const files = new Map<string, Uint8Array>();
      const controller = new AbortController();
      let units = 0;
      const onEvent = ({ event }: RunEvent): void => {
        if (event === "unit-finished" && ++units === stopAfter) controller.abort();
      };
      const given = options({ signal: controller.signal, onEvent });
      expect(await run(tinySpec(), tinyWorld(), tinyNetworks(), memoryFolder(files), given)).toBeUndefined();
      expect(await readJson(memoryFolder(files), "run.json")).toMatchObject({ state: "stopped" });
      const results = await run(tinySpec(), tinyWorld(), tinyNetworks(), memoryFolder(files), options());
      expect(found(results!)).toEqual(found(expected));
    }
  });

  test("time adds up over resumptions", async () => {
    const files = new Map<string, Uint8Array>();
    const first = await run(tinySpec(), tinyWorld(), tinyNetworks(), memoryFolder(files), options());
    const second = await run(tinySpec(), tinyWorld(), tinyNetworks(), memoryFolder(files), options());
    expect(second!.elapsedSeconds).toBeGreaterThan(first!.elapsedSeconds);
    expect(second!.startedAt).toBe(first!.startedAt);
  });
});

test("a run may search a part of the pool, spread evenly over it", async () => {
  const { results, folder } = await finish(tinySpec("world.pool=12", "retrieval.factor=1"));
  expect(results.conditions).toHaveLength(4);
  const { value } = (await readJson(folder, "world/pool-0.json")) as { value: { embeddings: number } };
  expect(value.embeddings).toBe(12);
});
