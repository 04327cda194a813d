/** What runs on own pictures are called: each has a spec and a folder of its own, and goes on with the same pictures. */

/** Digits of a target's hash in a name. */
const digits = 8;
/** Of a spec's name. */
const mostCharacters = 64;
const ending = /-own-([0-9a-f]{8})$/;

/**
 * A run's name with its target.
 *
 * @param name the spec's; one that names a target already stays, so that an unfinished run goes on as it began
 * @param target a hash
 */
export function nameWithTarget(name: string, target: string): string {
  if (ending.test(name)) return name;
  const added = `-own-${target.slice(0, digits)}`;
  return `${name.slice(0, mostCharacters - added.length)}${added}`;
}

/** The beginning of the hash of the target that a run's name names; undefined where it names none. */
export function targetInName(name: string): string | undefined {
  return ending.exec(name)?.[1];
}
