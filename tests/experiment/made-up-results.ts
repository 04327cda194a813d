/** Results with made-up numbers, for tests of how results are shown. */
import { classAmbiguity } from "../../src/experiment/ambiguity.ts";
import { conditionIds } from "../../src/experiment/conditions.ts";
import { summarizeConditions, type Results } from "../../src/experiment/record.ts";
import { classResults } from "../../src/experiment/per-class.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";

/** Three sets a condition; retrieval is clearly above 10 % real and not separable from generation. */
export const madeUpResults: Results = {
  version: 1,
  name: "made-up",
  specHash: "0123456789abcdef".repeat(4),
  world: { name: "made-up", hash: "fedcba9876543210".repeat(4) },
  spec: parseSpec("name: made-up"),
  startedAt: "2026-01-02T03:04:05Z",
  elapsedSeconds: 725.4,
  peakMemoryBytes: 3.2e9,
  adapter: "made-up adapter",
  commands: ["npm run demo"],
  chance: 1 / 8,
  classes: ["bird", "cat", "<b>fish</b> & chips"],
  images: { "training (10 %)": 120, validation: 80, test: 200 },
  conditions: summarizeConditions([
    { id: "retrieval", accuracy: [0.53, 0.545, 0.538] },
    { id: "real-20", accuracy: [0.58, 0.592, 0.575] },
    { id: "clip-prompts", accuracy: [0.52, 0.55, 0.512] },
    { id: "real-10", accuracy: [0.482, 0.501, 0.49] },
  ]),
  audit: {
    against: ["validation", "test"],
    measures: [
      { name: "CLIP image embedding, cosine", threshold: 0.957, rule: "given by the spec", recall: 0.81 },
      { name: "pixels, cosine", threshold: 0.913, rule: "given by the spec", recall: null },
    ],
    action: "flag",
    conditions: [{ id: "retrieval", checked: 120, flagged: 2, dropped: 0, highest: [0.9712, 0.4] }],
  },
  production: conditionIds()
    .filter((id) => !id.startsWith("real"))
    .map((id) => ({
      id,
      produced: 360,
      rejected: { cat: 3, bird: 1 },
      funnel: { asked: 500, kept: 360 },
      overlap: { meanJaccard: 0.2, distinct: 301, shortfall: id === "retrieval" ? { cat: 4 } : {} },
    })),
  fidelity: [
    {
      id: "retrieval",
      images: 120,
      neighbourhoods: { precision: 0.8, recall: 0.7, density: 1.1, coverage: 0.6 },
      frechet: 0.21,
      diversity: 0.4,
      textAgreement: 0.33,
    },
    { id: "clip-prompts", images: 12, neighbourhoods: null, frechet: null, diversity: 0.3, textAgreement: 0.35 },
  ],
  ambiguity: {
    neighbours: 25,
    classes: [
      classAmbiguity(0, ["a", "a", "b", "x", null], ["a", "b", "c"]),
      classAmbiguity(1, ["b", "b", "b", "b", "b"], ["a", "b", "c"]),
      classAmbiguity(2, ["a", "b", "b", null, null], ["a", "b", "c"]),
    ],
  },
  boomerang: null,
  costs: {
    poolSeconds: 12,
    cheapest: "clip-prompts",
    equalSeconds: 60,
    methods: [
      {
        ...{ id: "clip-prompts", adaptSeconds: 0, produceSeconds: 180, images: 360, secondsPerImage: 0.5 },
        ...{ setImages: 120, setSeconds: 60, imagesInEqualSeconds: 120 },
      },
      {
        ...{ id: "retrieval", adaptSeconds: 0, produceSeconds: null, images: 130, secondsPerImage: null },
        ...{ setImages: 120, setSeconds: null, imagesInEqualSeconds: null },
      },
    ],
  },
  perClass: classResults(
    [
      { id: "real-10", predictions: [Uint32Array.of(0, 1, 1, 0, 2, 2)] },
      { id: "retrieval", predictions: [Uint32Array.of(0, 0, 1, 1, 2, 0)] },
    ],
    [0, 0, 1, 1, 2, 2],
    3,
    1,
  ),
  excluded: {},
  deviations: ["Twenty epochs at most instead of 270."],
};
