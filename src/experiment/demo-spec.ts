/** The spec of `npm run demo`: the study at a size that two cores without a GPU finish in minutes. */

/** YAML; classes, sets and the generator's steps are the three numbers that scale it up. */
export const demoSpec = `
name: demo
# "all" takes the 24 classes of the world.
classes: 8
# Our CLIP knows the words of its captions, not words written together.
classNames: with-spaces
generator:
  # Stable Diffusion's own, PNDM, evaluates the U-Net once more; the recorded runs are DDIM's.
  sampler: ddim
  steps: 20
  guidance: 3
  batch: 16
production:
  factor: 2
sets:
  # The paper trains 5 a condition.
  n: 3
retrieval:
  # The paper's 0.94 belongs to its CLIP; a smaller one holds more pictures for the same.
  duplicates: calibrate
  # The mini world's pool has no scores for the paper's limit of 5.
  minAesthetics: off
train:
  net: { block: basic, depths: [1, 1, 1], width: 16, stem: cifar }
  batch: 32
  rate: 0.1
  maxEpochs: 18
  plateau: { patience: 4 }
  stop: 8
  # Pictures hold text and hands: no mirroring.
  crop: { smallest: 0.5, flip: 0 }
`;

/** What makes it small enough for a browser's software adapter: a check that all of it works there, not a measurement. */
export const smokeOverrides: readonly string[] = [
  "name=demo-browser",
  "classes=4",
  "world.pool=1024",
  "generator.steps=4",
  "production.factor=1",
  "sets.n=2",
  "train.maxEpochs=3",
  "train.net={ block: basic, depths: [1, 1], width: 8, stem: cifar }",
];
