/** The choice to run on pictures of one's own, and what it changes in a run. */
import type { ImportedTarget, RunRequest } from "../../workers/lab-api.ts";
import { remembered } from "./remembered.ts";

/** A target to run on, with what a run's spec must fit. */
export interface ChosenTarget {
  readonly hash: string;
  readonly name: string;
  /** Keys of its classes. */
  readonly classes: readonly string[];
}

/** The target of the next runs; null for the page's own classes. */
export const chosenTarget = remembered<ChosenTarget | null>("own-target", null);

/** Chooses a target for the next runs, or none. */
export function chooseTarget(target: ImportedTarget | null): void {
  chosenTarget.value = target && {
    ...{ hash: target.hash, name: target.name },
    classes: target.classes.map(({ key }) => key),
  };
}

/** A run that was begun on own pictures names them, and goes on with those. */
const namesItsTarget = /-own-[0-9a-f]{8}$/;

/** Whether a run of this name was on own pictures. */
export function hasOwnTarget(name: string): boolean {
  return namesItsTarget.test(name);
}

/** A request on a target; it takes as many of the target's classes as it asks for, or all where it names others. */
export function onTarget(request: RunRequest, target: ChosenTarget | null): RunRequest {
  if (!target || hasOwnTarget(request.spec.name ?? "")) return request;
  const classes = fitting(request.spec.classes ?? "all", target.classes);
  return { ...request, target: target.hash, spec: { ...request.spec, classes } };
}

type Classes = NonNullable<RunRequest["spec"]["classes"]>;

function fitting(asked: Classes, keys: readonly string[]): Classes {
  if (typeof asked === "number") return Math.min(asked, keys.length);
  return asked !== "all" && asked.every((key) => keys.includes(key)) ? asked : "all";
}
