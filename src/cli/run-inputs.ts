/** What decides a run beside its spec, which its folder's `env.json` tells. */
import { readJson } from "../experiment/run-folder.ts";
import type { Spec } from "../experiment/spec.ts";
import { allMethods } from "../methods/registry.ts";
import type { Lab } from "./open-lab.ts";
import { diskFolder } from "./run-files.ts";

/** Two runs of one spec are the same where these are. */
export interface RunInputs {
  /** SHA-256 over the world's files. */
  readonly world: string;
  /** SHA-256 over the weights' files. */
  readonly networks: string;
  readonly adapter: string;
  /** SHA-256 of the code of methods that are not the project's own, by their ids. */
  readonly methods: Readonly<Record<string, string>>;
}

/** The inputs of a spec's run. */
export function inputsOf({ conditions }: Pick<Spec, "conditions">, { world, networks }: Lab): RunInputs {
  const known = allMethods();
  const codes = conditions.flatMap((id) => {
    const code = known[id]?.code;
    return code === undefined ? [] : [[id, code] as const];
  });
  const methods = Object.fromEntries(codes);
  return { world: world.hash, networks: networks.hash, adapter: networks.adapter, methods };
}

/** An input that is another than a folder says. */
export interface InputChange {
  /** Such as `world`. */
  readonly input: string;
  /** The flag or field that chooses it. */
  readonly chosenBy: string;
  readonly before: string;
  readonly now: string;
}

/** What a run folder was worked on with that is another now; nothing where it does not say, as earlier versions did not. */
export async function changedInputs(directory: string, inputs: RunInputs): Promise<InputChange[]> {
  const kept = ((await readJson(diskFolder(directory), "env.json")) ?? {}) as Partial<RunInputs>;
  const changed = (input: string, chosenBy: string, before: string | undefined, now: string): InputChange[] =>
    before === undefined || before === now ? [] : [{ input, chosenBy, before: shortened(before), now: shortened(now) }];
  return [
    ...changed("world", "--world", kept.world, inputs.world),
    ...changed("networks", "--models", kept.networks, inputs.networks),
    ...changed("adapter", "--adapter", kept.adapter, inputs.adapter),
    ...Object.entries(inputs.methods).flatMap(([id, code]) =>
      changed(`code of ${id}`, "methods.files", kept.methods?.[id], code),
    ),
  ];
}

/** Hashes by their first digits, as runs are named. */
const shortened = (value: string): string => (/^[0-9a-f]{64}$/.test(value) ? value.slice(0, 8) : value);

/** Whether a run cannot go on so. On another adapter it can: its units are made anew there. */
export const preventsGoingOn = ({ input }: InputChange): boolean => input !== "adapter";
