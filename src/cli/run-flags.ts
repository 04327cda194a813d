/** Flags of the verbs that run specs. */
import { ConfigError } from "../errors.ts";
import type { readArguments } from "./arguments.ts";

/** Flags that say where a run lies and what it computes on. */
export const placeFlags = {
  out: { type: "string", short: "o", help: "where run folders lie (runs)" },
  "time-budget": { type: "number", help: "minutes after which it stops cleanly with 75; the same command goes on" },
  world: { type: "string", help: "the world's folder (world/mini)" },
  models: { type: "string", help: "the networks' folder (public/models/mini)" },
  adapter: { type: "string", help: "part of an adapter's name, such as llvmpipe or swiftshader" },
} as const;

/** Flags of every verb that runs a spec. */
export const runFlags = {
  ...placeFlags,
  resume: {
    type: "string",
    help: "auto: go on with the latest unfinished run of the same spec; never: start anew (auto)",
  },
  until: { type: "string", help: "the last stage to work on, such as produce; the same command without it goes on" },
  shard: {
    type: "string",
    help: "i/n: make every n-th unit, in the folder that all n share; without it the same command collects",
  },
  "units-from": {
    type: "strings",
    help: "another run's folder: what it made from the same things is taken over; may be given again",
  },
  browser: { type: "boolean", help: "run in a page's worker in headless Chromium" },
  json: { type: "boolean", help: "print the results as JSON" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/** Flags of every verb that reads a spec. */
export const specFlags = {
  config: { type: "string", short: "c", help: "the spec, a YAML or JSON file; all defaults without it" },
} as const;

/** The values of `placeFlags`. */
export type PlaceFlags = ReturnType<typeof readArguments<typeof placeFlags>>["flags"];

/** Flags as arguments of a command that is to compute in the same places. */
export function placeArguments(given: Partial<PlaceFlags>): string[] {
  return (["out", "world", "models", "adapter"] as const).flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
}

/** @throws ConfigError when the time budget leaves no time */
export function requireBudget({ "time-budget": minutes }: PlaceFlags): void {
  if (minutes !== undefined && !(minutes > 0)) throw new ConfigError("--time-budget", "minutes > 0", String(minutes));
}

/** What is left of a time budget in minutes, 0 or less when it is used up. @param began by `performance.now()` */
export function minutesLeft(budget: number | undefined, began: number): number | undefined {
  return budget === undefined ? undefined : budget - (performance.now() - began) / 60_000;
}

/** The values of `runFlags`. */
export type RunFlags = ReturnType<typeof readArguments<typeof runFlags>>["flags"];
