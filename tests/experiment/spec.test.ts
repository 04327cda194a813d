import { describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../src/errors.ts";
import { parseSpec, resolveSpec } from "../../src/experiment/spec-file.ts";
import { canonicalJson, specHash } from "../../src/experiment/spec.ts";

function messageOf(text: string, overrides: string[] = []): string {
  try {
    parseSpec(text, "rog.yaml", overrides);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof FormatError) return error.message;
    throw error;
  }
  throw new Error("the spec was accepted");
}

/** What the methods that learn share. */
const course = { patience: 3, checkpoint: "best-validation", select: false, flip: 0.5, draws: 4 };
const frozen = { ...course, examples: 2, maxEpochs: 40, atOnce: 24 };
const joint = { ...course, examples: 32, denoiserRate: 0.000002 };

describe("defaults", () => {
  test("an empty spec is the paper's protocol on the mini world", () => {
    expect(parseSpec("")).toEqual({
      version: 1,
      name: "run",
      seed: 1,
      world: { resolution: 32, pool: "all" },
      classes: "all",
      conditions: ["real-10", "clip-prompts", "retrieval", "real-20"],
      classNames: "without-spaces",
      pictureCodec: "lossless",
      generator: { sampler: "pndm", steps: 50, guidance: 7.5, batch: 8 },
      production: { factor: 3, per: "class" },
      sets: { n: 5, ratio: 1, mix: "union", draw: "random" },
      retrieval: { per: "largest", factor: 1.4, rounds: 10, duplicates: 0.94, minAesthetics: 5, maxUnsafe: "off" },
      safety: { concepts: [], threshold: 0.25, attempts: 10 },
      methods: {
        files: [],
        "ft-conditioning": { ...frozen, rate: 0.001, weightDecay: 0 },
        "ft-cluster": { ...frozen, rate: 0.001, weightDecay: 0, clusters: 5 },
        imagic: { ...joint, rate: 0.001, weightDecay: 0, maxEpochs: 8 },
        "textual-inversion": { ...frozen, rate: 0.005, weightDecay: 0.01 },
        "pseudoword-dm": { ...joint, rate: 0.005, weightDecay: 0.01, maxEpochs: 40 },
        "da-fusion": { strengths: [0.25, 0.5, 0.75, 1] },
        boomerang: { noiseLevel: 0.2 },
        "retrieval-diverse": { weight: 0.7, candidates: 3 },
        "retrieve-and-generate": { retrieved: 0.5 },
      },
      train: {
        net: { depths: [3, 4, 6, 3], width: 64, stem: "cifar", block: "bottleneck" },
        batch: 256,
        rate: 0.1,
        momentum: 0.9,
        weightDecay: 1e-4,
        maxEpochs: 270,
        crop: { smallest: 0.08, flip: 0.5 },
        plateau: { kind: "paper", patience: 10, factor: 0.1 },
        stop: 20,
      },
      audit: { threshold: "calibrate", action: "flag" },
    });
  });

  test("a field that is written leaves its neighbours' defaults", () => {
    const spec = parseSpec("train:\n  plateau: { patience: 3 }\nsets: { mix: replace:0.5 }\nclasses: [bird, cat]");
    expect(spec.train.plateau).toEqual({ kind: "paper", patience: 3, factor: 0.1 });
    expect(spec.train.batch).toBe(256);
    expect(spec.sets.mix).toBe("replace:0.5");
    expect(spec.classes).toEqual(["bird", "cat"]);
  });

  test("a resolved spec reads back as itself", () => {
    const spec = parseSpec("seed: 7\naudit: { threshold: 0.97 }");
    expect(parseSpec(JSON.stringify(spec))).toEqual(spec);
  });
});

describe("mistakes are named with their place", () => {
  test("a value of the wrong kind", () => {
    const text = `name: demo\ntrain:\n  batch: 64\n  rate: fast\n`;
    expect(messageOf(text)).toBe('rog.yaml:4:9 train.rate: expected a number > 0, got "fast"');
  });

  test.each([
    ["seed: -1", "rog.yaml:1:7 seed: expected a whole number >= 0, got -1"],
    ["train: 3", "rog.yaml:1:8 train: expected named fields, got 3"],
    ["generator: { sampler: euler }", 'rog.yaml:1:23 generator.sampler: expected one of ddim, pndm, got "euler"'],
    [
      "sets: { mix: replace:2 }",
      'rog.yaml:1:14 sets.mix: expected union or replace:SHARE with 0 < SHARE <= 1, got "replace:2"',
    ],
    [
      "train: { net: { depths: [1, 0] } }",
      "rog.yaml:1:29 train.net.depths[1]: expected a whole number from 1 to 64, got 0",
    ],
    ["audit: { threshold: 1.5 }", "rog.yaml:1:21 audit.threshold: expected calibrate or a number in (0, 1], got 1.5"],
    [
      "audit: { threshold: high }",
      'rog.yaml:1:21 audit.threshold: expected calibrate or a number in (0, 1], got "high"',
    ],
    ["classes: 1", "rog.yaml:1:10 classes: expected all, a whole number >= 2, or a list of class names, got 1"],
    [
      "classes: [bird, bird]",
      'rog.yaml:1:10 classes: expected all, a whole number >= 2, or a list of class names, at least one and none twice, got ["bird","bird"]',
    ],
    ["conditions: []", "rog.yaml:1:13 conditions: expected a list of conditions, at least one and none twice, got []"],
    ["name: ../etc", 'rog.yaml:1:7 name: expected lower-case letters, digits and hyphens, 64 at most, got "../etc"'],
    [
      "methods: { imagic: { maxEpochs: 41 } }",
      "rog.yaml:1:33 methods.imagic.maxEpochs: expected a whole number from 1 to 40, got 41",
    ],
    ["version: 2", "rog.yaml:1:10 version: expected 1, got 2"],
    ["train: { rate: .inf }", "rog.yaml:1:16 train.rate: expected a number > 0, got Infinity"],
  ])("%s", (text, message) => expect(messageOf(text)).toBe(message));

  test("an unknown field, with the name that was most likely meant", () => {
    expect(messageOf("train:\n  batch: 64\n  weightdecay: 0")).toBe(
      "rog.yaml:3:3 train.weightdecay: expected a known field (did you mean weightDecay?), got weightdecay",
    );
  });

  test("a condition that there is none of, with the one that was most likely meant", () => {
    expect(messageOf("conditions: [real-10, retreival]")).toMatch(
      /^rog\.yaml:1:23 conditions\[1\]: expected one of real-10, .*real-20 \(did you mean retrieval\?\), got "retreival"$/,
    );
    expect(messageOf("conditions: [zzzzzzzz]")).not.toContain("did you mean");
  });

  test("an unknown field that resembles none, with all that there are", () => {
    expect(messageOf("production: { temperature: 3 }")).toBe(
      "rog.yaml:1:15 production.temperature: expected one of factor, per, got temperature",
    );
  });

  test("prototype names are unknown fields too", () => {
    expect(messageOf("__proto__: { seed: 3 }")).toContain("__proto__");
    expect(messageOf("constructor: 3")).toContain("constructor");
    expect(({} as Record<string, unknown>)["seed"]).toBeUndefined();
  });

  test("of several, the first", () => {
    expect(messageOf("seed: x\ntrain:\n  rate: 0")).toMatch(/^rog\.yaml:1:7 seed/);
    expect(messageOf("train:\n  rate: 0\nsed: 1")).toMatch(/^rog\.yaml:2:9 train\.rate/);
  });

  test("text that is not YAML, a field written twice, and endless aliases", () => {
    expect(messageOf("a: [1,\nb")).toMatch(/^rog\.yaml:\d+:\d+: expected YAML, got /);
    expect(messageOf("seed: 1\nseed: 2")).toMatch(/^rog\.yaml:2:1: expected YAML, got .*unique/);
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x]",
      ..."bcdefg".split("").map((c, i) => `${c}: &${c} [${`*${"abcdef"[i] ?? "a"},`.repeat(9)}]`),
    ];
    expect(messageOf(bomb.join("\n"))).toMatch(/aliases/);
    expect(messageOf("x".repeat(300_000))).toMatch(/at most 262144 characters/);
  });

  test("tags of one's own, and lists inside lists without end", () => {
    expect(messageOf("seed: 1\nname: !evil foo")).toMatch(/^rog\.yaml:2:7: expected YAML, got .*evil/);
    const deep = /^rog\.yaml:2:1: expected at most 64 lists inside each other, got /;
    expect(messageOf(`seed: 1\n${"- ".repeat(120_000)}`)).toMatch(deep);
    expect(messageOf(`seed: 1\nname: ${"[".repeat(120_000)}`)).toMatch(deep);
    expect(messageOf(`seed: 1\nname:${"\n[".repeat(1000)}`)).toMatch(/at most 64 lists/);
  });
});

describe("overrides", () => {
  test("win over the file and make groups that it left out", () => {
    const spec = parseSpec("train: { rate: 0.1 }", "rog.yaml", ["train.rate=0.05", "sets.n=3", "classes=[cat, bird]"]);
    expect(spec.train.rate).toBe(0.05);
    expect(spec.sets.n).toBe(3);
    expect(spec.classes).toEqual(["cat", "bird"]);
    expect(parseSpec("", "rog.yaml", ["train.net.width=16"]).train.net.width).toBe(16);
  });

  test("are checked as the file is, and named by field", () => {
    expect(messageOf("", ["train.rate=fast"])).toBe('train.rate: expected a number > 0, got "fast"');
    expect(messageOf("", ["train.rat=1"])).toBe("train.rat: expected a known field (did you mean rate?), got rat");
    expect(messageOf("", ["rate"])).toBe('override: expected field.field=value, got "rate"');
    expect(messageOf("seed: 3", ["seed.x=1"])).toBe('seed.x: expected a field inside named fields, got "seed.x=1"');
  });
});

describe("the origin of a value", () => {
  const text = "train:\n  rate: 0.05\n  net: { width: 16 }\nmethods: ./mine.ts\nclasses: [bird, cat]\nsafety: {}\n";
  const { spec, origins } = resolveSpec(text, "rog.yaml", ["sets.n=3", "train.batch=64", "classes=[cat, bird]"]);

  test("is a place in the file, an override, or the defaults", () => {
    expect(origins).toMatchObject({
      "train.rate": "rog.yaml:2:9",
      "train.net.width": "rog.yaml:3:17",
      "train.net.stem": "default",
      "train.momentum": "default",
      "methods.files": "rog.yaml:4:10",
      "methods.imagic.rate": "default",
      "sets.n": "override",
      "train.batch": "override",
      classes: "override",
      "safety.threshold": "default",
    });
  });

  test("is known of every value", () => {
    const leaves = (value: unknown, path: string): string[] =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`))
        : [path];
    expect(Object.keys(origins)).toEqual(leaves(spec, ""));
  });
});

describe("specHash", () => {
  test("is the same however the spec was written, and another for another value", async () => {
    const hash = await specHash(parseSpec("seed: 3\nname: a"));
    expect(await specHash(parseSpec('{"name": "a", "train": {"batch": 256}, "seed": 3}'))).toBe(hash);
    expect(await specHash(parseSpec("seed: 4\nname: a"))).not.toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("canonical JSON sorts keys at every depth and keeps the order of lists", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, "ä"], a: undefined, A: 1e21 })).toBe(
      '{"A":1e+21,"b":[{"c":null,"d":1},"ä"]}',
    );
  });
});
