/** The runs that the page offers, and how long they would take on a device. */
import type { SpecInput } from "../experiment/spec.ts";

export type PresetId = "demo" | "lesson" | "full";

/** A run to choose. */
export interface Preset {
  readonly id: PresetId;
  readonly spec: SpecInput;
  /** What it is made of, over all of its conditions. */
  readonly amounts: Amounts;
}

/** What takes a run's time. */
export interface Amounts {
  /** Pictures of the pool that are embedded. */
  readonly pool: number;
  /** Images generated, each in 20 sampler steps. */
  readonly generated: number;
  /** Pictures that classifiers see, over all epochs. */
  readonly trained: number;
  /** Class-epochs of fine-tuning. */
  readonly adapted: number;
}

const classifier: NonNullable<SpecInput["train"]> = {
  net: { block: "basic", depths: [1, 1, 1], width: 16, stem: "cifar" },
  batch: 32,
  rate: 0.1,
  plateau: { patience: 4 },
  stop: 8,
  crop: { smallest: 0.5, flip: 0 },
};

const common = {
  classNames: "with-spaces",
  generator: { sampler: "ddim", steps: 20, guidance: 3, batch: 16 },
  retrieval: { duplicates: "calibrate", minAesthetics: "off" },
} as const;

const learning = { flip: 0, maxEpochs: 6 } as const;

/** In the order of the page. */
export const presets: readonly Preset[] = [
  {
    id: "demo",
    spec: {
      ...common,
      name: "page-demo",
      classes: 4,
      world: { pool: 4096 },
      production: { factor: 1 },
      sets: { n: 2 },
      train: { ...classifier, maxEpochs: 10 },
    },
    amounts: { pool: 4096, generated: 93, trained: 2 * 4 * 150 * 10, adapted: 0 },
  },
  {
    id: "lesson",
    spec: {
      ...common,
      name: "page-lesson",
      classes: 10,
      conditions: [
        "real-10",
        "boomerang",
        "simple-prompt",
        "clip-prompts",
        "textual-inversion",
        "pseudoword-dm",
        "retrieval",
        "real-20",
      ],
      production: { factor: 2 },
      sets: { n: 3 },
      methods: { "textual-inversion": learning, "pseudoword-dm": { ...learning, denoiserRate: 0.00002 } },
      train: { ...classifier, maxEpochs: 18 },
    },
    amounts: { pool: 15_474, generated: 5 * 2 * 232, trained: 3 * 8 * 430 * 18, adapted: 120 },
  },
  {
    id: "full",
    spec: {
      ...common,
      name: "page-full",
      classes: "all",
      conditions: [
        ...["real-10", "boomerang", "simple-prompt", "simple-prompt-nows", "clip-prompts", "sariyildiz"],
        ...["ft-conditioning", "ft-cluster", "imagic", "textual-inversion", "pseudoword-dm", "da-fusion"],
        ...["retrieval", "retrieval-diverse", "retrieve-and-generate", "real-20"],
      ] as SpecInput["conditions"],
      production: { factor: 3 },
      sets: { n: 5 },
      methods: {
        imagic: { denoiserRate: 0.00002, flip: 0 },
        "pseudoword-dm": { denoiserRate: 0.00002, flip: 0 },
        "ft-conditioning": { flip: 0 },
        "ft-cluster": { clusters: 3, flip: 0 },
        "textual-inversion": { flip: 0 },
      },
      train: { ...classifier, maxEpochs: 40, plateau: { patience: 5 }, stop: 10 },
    },
    amounts: { pool: 15_474, generated: 11 * 3 * 586, trained: 5 * 16 * 1150 * 40, adapted: 24 * 40 * 4 },
  },
];

/**
 * Seconds that each thing took on a reference device: two cores, lavapipe, in Node, on 26 November 2026. A run of eight classes: the
 * pool in 28 s, 372 images in 96 s, 12 trainings of 3,700 pictures in 370 s; the mini study of then: four methods that learn in
 * 246 s, 352 class-epochs at most; and that device's speed in the same product that `measureSpeed` times, the best of four.
 */
const reference = {
  pool: 28 / 15_474,
  generated: 96 / 372,
  trained: 370 / (12 * 3_700),
  adapted: 246 / 352,
  gflops: 19.5,
} as const;

/** Device-independent time: reading, compiling shaders, drawing the report. */
const fixedSeconds = 10;

/**
 * How long a run would take, as a range: kernels do not all scale with one product, so it is a factor of two either way.
 *
 * @param gflops as `LabApi.measureSpeed` gives it
 * @returns seconds
 */
export function expectedSeconds(amounts: Amounts, gflops: number): { readonly low: number; readonly high: number } {
  const { pool, generated, trained, adapted } = amounts;
  const atReference =
    pool * reference.pool + generated * reference.generated + trained * reference.trained + adapted * reference.adapted;
  const seconds = (atReference * reference.gflops) / gflops;
  return { low: fixedSeconds + seconds / 2, high: fixedSeconds + seconds * 2 };
}
