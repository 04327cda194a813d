/** Which checkpoint a method that learns generates with, chosen by what its images are worth to a classifier. */
import type { Checkpoint } from "../training/adaptation-unit.ts";
import type { ConditionId } from "./conditions.ts";
import { readJson, type RunFolder } from "./run-folder.ts";
import type { Spec } from "./spec.ts";
import { trainingName } from "./trainings.ts";

/** A method's checkpoints and what they scored. */
export interface Selection {
  readonly method: LearningMethod;
  readonly chosen: Checkpoint;
  readonly tried: readonly {
    readonly checkpoint: Checkpoint;
    /** Best of the classifier's epochs, on the validation split, 0 to 1. */
    readonly validationAccuracy: number;
  }[];
}

/** A spec with the choices in place. */
export interface Selected {
  readonly spec: Spec;
  readonly selections: readonly Selection[];
}

/**
 * Runs a spec in a folder up to its classifiers.
 *
 * @param path of the folder below that of the run
 * @returns the units that it made, or found to be made from the same things, such as `train/imagic/set-0`
 */
export type Trial = (spec: Spec, folder: RunFolder, path: string) => Promise<ReadonlySet<string>>;

/** The methods that keep checkpoints. */
const learningMethods = ["ft-conditioning", "ft-cluster", "imagic", "textual-inversion", "pseudoword-dm"] as const;

type LearningMethod = (typeof learningMethods)[number];

/**
 * The checkpoints that a method's classifiers choose among.
 *
 * Burg et al. 2023, section 3.2: least training and validation loss and epochs 1 to 3; epochs 1 to 8 for Imagic, whose
 * validation loss falls on while its images break down.
 */
export function candidatesOf(method: LearningMethod, maxEpochs: number): Checkpoint[] {
  const epochs = Array.from({ length: Math.min(method === "imagic" ? 8 : 3, maxEpochs) }, (_, i) => i + 1);
  return method === "imagic" ? epochs : [...epochs, "best-train", "best-validation"];
}

/**
 * For each method of the spec whose `select` is on, one run for each checkpoint up to its first classifier, and the
 * checkpoint whose classifier is best on the validation split; the earlier one where two are as good.
 *
 * @param folder of the run: trials lie in `select/<method>/<checkpoint>/` and share its `world/`
 * @returns the spec with the choices in place; undefined when a trial was stopped, or left its classifier to another share
 */
export async function selectCheckpoints(spec: Spec, folder: RunFolder, trial: Trial): Promise<Selected | undefined> {
  const selections: Selection[] = [];
  let chosen = spec;
  for (const method of learningMethods) {
    if (!isAsked(spec, method)) continue;
    const selection = await selectOne(spec, method, folder, trial);
    if (selection === undefined) return undefined;
    selections.push(selection);
    chosen = withCheckpoint(chosen, method, selection.chosen);
  }
  return { spec: chosen, selections };
}

/** DA-Fusion takes the words of textual inversion. */
function isAsked({ conditions, methods }: Spec, method: LearningMethod): boolean {
  if (!methods[method].select) return false;
  return conditions.includes(method) || (method === "textual-inversion" && conditions.includes("da-fusion"));
}

async function selectOne(
  spec: Spec,
  method: LearningMethod,
  folder: RunFolder,
  trial: Trial,
): Promise<Selection | undefined> {
  const tried = [];
  for (const checkpoint of candidatesOf(method, spec.methods[method].maxEpochs)) {
    const variant = { ...withCheckpoint(spec, method, checkpoint), conditions: [method] as ConditionId[] };
    const path = trialPath(method, checkpoint);
    const place = trialFolder(folder, path);
    const units = await trial({ ...variant, sets: { ...spec.sets, n: 1 } }, place, path);
    const trained = `train/${trainingName(method, 0)}`;
    // A record that the trial did not take for its own was made from other things, such as other weights.
    if (!units.has(trained)) return undefined;
    const record = (await readJson(place, `${trained}.json`)) as TrainedRecord;
    tried.push({ checkpoint, validationAccuracy: record.value.validationAccuracy });
  }
  const best = Math.max(...tried.map(({ validationAccuracy }) => validationAccuracy));
  const { checkpoint: chosen } = tried.find(({ validationAccuracy }) => validationAccuracy === best)!;
  return { method, chosen, tried };
}

interface TrainedRecord {
  readonly value: { readonly validationAccuracy: number };
}

function withCheckpoint(spec: Spec, method: LearningMethod, checkpoint: Checkpoint): Spec {
  return { ...spec, methods: { ...spec.methods, [method]: { ...spec.methods[method], checkpoint, select: false } } };
}

/** Where a trial lies below its run's folder. */
const trialPath = (method: LearningMethod, checkpoint: Checkpoint): string => `select/${method}/${String(checkpoint)}`;

/** The folders of the trials whose checkpoints were chosen: what they made, the run itself would make again. */
export function chosenTrials({ selections }: Selected, folder: RunFolder): RunFolder[] {
  return selections.map(({ method, chosen }) => trialFolder(folder, trialPath(method, chosen)));
}

/** A folder within a folder, but for what does not depend on the trial. */
export function trialFolder(folder: RunFolder, below: string): RunFolder {
  const place = (path: string): string => (path.startsWith("world/") ? path : `${below}/${path}`);
  return {
    read: (path) => folder.read(place(path)),
    write: (path, bytes) => folder.write(place(path), bytes),
    append: (path, text) => folder.append(place(path), text),
    remove: (path) => folder.remove(place(path)),
  };
}
