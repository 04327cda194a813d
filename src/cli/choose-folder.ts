/** Which folder of a disk a run works in: of its spec, and of what else decides it. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import type { RunState } from "../experiment/run-log.ts";
import { runEnding, runName } from "../experiment/run-name.ts";
import { specHash, type Spec } from "../experiment/spec.ts";
import { orMissing } from "../storage/files.ts";
import type { Lab } from "./open-lab.ts";
import { latestFirst, namesIn, readWholeState } from "./run-files.ts";
import { changedInputs, inputsOf, preventsGoingOn, type InputChange, type RunInputs } from "./run-inputs.ts";

/** By what a run's folder is found again. */
export interface RunKey {
  readonly name: string;
  /** Of the spec. */
  readonly hash: string;
  readonly inputs: RunInputs;
}

/** The key of a spec's run. @param lab that it computes with */
export async function runKey(spec: Spec, lab: Lab): Promise<RunKey> {
  return { name: spec.name, hash: await specHash(spec), inputs: inputsOf(spec, lab) };
}

/** A run of the same spec that was made from something else. */
export interface OtherRun {
  readonly directory: string;
  readonly changes: readonly InputChange[];
}

/** Where a run works, and whether it goes on with what is there. */
export interface ChosenFolder {
  readonly directory: string;
  readonly resumed: boolean;
  /** The unfinished run that would have been gone on with, were it made from the same things. */
  readonly other?: OtherRun | undefined;
}

/**
 * The latest unfinished folder of the same spec and inputs, on whichever adapter it was begun, or a new name.
 *
 * @param parent where run folders lie, such as `runs`
 * @param now milliseconds since 1970
 */
export async function chooseFolder(
  parent: string,
  key: RunKey,
  resume: "auto" | "never",
  now: number,
): Promise<ChosenFolder> {
  const runs = resume === "auto" ? await runsOfSpec(parent, key) : [];
  const latest = runs.find(({ changes }) => !changes.some(preventsGoingOn));
  // A finished run is not gone over again, and neither are older ones.
  if (latest && latest.state !== "done") return { directory: latest.directory, resumed: true };
  const other = runs[0] !== latest && runs[0]?.state !== "done" ? runs[0] : undefined;
  return { directory: await newFolder(parent, key, now), resumed: false, other };
}

/** Names tell seconds: a run that begins within another's is named by the next one that is free. */
async function newFolder(parent: string, key: RunKey, now: number): Promise<string> {
  const directory = join(parent, runName(key.name, key.hash, now));
  const isTaken = (await orMissing(stat(directory))) !== undefined;
  return isTaken ? newFolder(parent, key, now + 1000) : directory;
}

/**
 * The folder that all shares of a spec's run work in, whichever of them begins.
 *
 * @throws ConfigError when it was begun with other inputs
 */
export async function sharedFolder(parent: string, { name, hash, inputs }: RunKey): Promise<string> {
  const directory = join(parent, `shared${runEnding(name, hash)}`);
  await requireInputs(directory, inputs);
  return directory;
}

/** The latest finished run of a spec and of all its inputs, its adapter included; where there is none, the latest of others. */
export async function finishedRun(
  parent: string,
  key: RunKey,
): Promise<{ readonly directory?: string; readonly other?: OtherRun | undefined }> {
  const runs = (await runsOfSpec(parent, key)).filter(({ state }) => state === "done");
  const same = runs.find(({ changes }) => changes.length === 0);
  return same ? { directory: same.directory } : { other: runs[0] };
}

/** A run folder of a spec. */
interface RunOfSpec extends OtherRun {
  readonly state: RunState["state"];
}

/** The runs of a spec, latest first. */
async function runsOfSpec(parent: string, { name, hash, inputs }: RunKey): Promise<RunOfSpec[]> {
  const runs: (RunOfSpec & { readonly startedAt: string })[] = [];
  for (const candidate of (await namesIn(parent)).reverse()) {
    if (!candidate.endsWith(runEnding(name, hash))) continue;
    const directory = join(parent, candidate);
    const known = await readWholeState(directory);
    if (known?.specHash !== hash) continue;
    const { state, startedAt } = known;
    runs.push({ directory, state, startedAt, changes: await changedInputs(directory, inputs) });
  }
  return runs.sort(latestFirst);
}

/** @throws ConfigError when a run folder was begun with other inputs than these, be it on another adapter */
export async function requireInputs(directory: string, inputs: RunInputs): Promise<void> {
  const change = (await changedInputs(directory, inputs)).find(preventsGoingOn);
  if (change === undefined) return;
  const { input, chosenBy, before, now } = change;
  throw new ConfigError(`${directory} ${chosenBy}`, `the ${input} ${before} that the run began with`, now);
}

/** Says that another run is left, and why. */
export function otherRunText({ directory, changes }: OtherRun): string {
  const reasons = changes.map(({ input, before, now }) => `${input} ${before}, not ${now}`);
  return `${directory} is left as it is: ${reasons.join(", ")}; units that are the same are taken over from it`;
}
