/** Whether a run's configuration can be run here. */
import { ConfigError } from "../errors.ts";
import type { Spec } from "../experiment/spec.ts";
import { reasonOf } from "./reason.ts";
import { readServed, served } from "./served.ts";

/** A configuration held against the schema and what is served. */
export interface ConfigCheck {
  /** With its defaults; null where it is no spec. */
  readonly spec: Spec | null;
  /** The fields that it sets, such as `train.rate`, each with its value as a file would have it. */
  readonly fields: readonly (readonly [path: string, value: string])[];
  /** What is wrong, in a sentence; null where nothing is. */
  readonly problem: string | null;
}

/**
 * Checks a run's fields as the run would; the schema's library is loaded only for this.
 *
 * @param onOwn whether the run takes its classes from pictures of one's own, not from the world that is served
 */
export async function checkConfig(config: Readonly<Record<string, unknown>>, onOwn = false): Promise<ConfigCheck> {
  const { parseSpec } = await import("../experiment/spec-file.ts");
  const fields = fieldsOf(config);
  let spec: Spec | null = null;
  try {
    spec = parseSpec(JSON.stringify(config));
    await readServed(spec.world.resolution);
    if (!onOwn) requireClasses(spec, served.value?.world.classes ?? null);
    return { spec, fields, problem: null };
  } catch (error) {
    return { spec, fields, problem: reasonOf(error) };
  }
}

/**
 * Requires that a world has as many classes as a spec asks for.
 *
 * @param there null where that is not known
 * @throws ConfigError
 */
export function requireClasses({ classes }: Pick<Spec, "classes">, there: number | null): void {
  if (there !== null && typeof classes === "number" && classes > there)
    throw new ConfigError("classes", `at most ${String(there)}`, String(classes));
}

/** What has a value of its own; a list counts as one value. */
function fieldsOf(group: object, before = ""): (readonly [string, string])[] {
  return Object.entries(group).flatMap(([name, value]: [string, unknown]) => {
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    return isGroup ? fieldsOf(value, `${before}${name}.`) : [[before + name, JSON.stringify(value)] as const];
  });
}
