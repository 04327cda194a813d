/** `rog adapt`, `rog produce` and so on: a spec up to and including one stage. */
import type { StageName } from "../experiment/stage-names.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { quoted } from "./quoted.ts";
import { goingOn, openSpec, runWithFlags } from "./run.ts";
import { runFlags, specFlags } from "./run-flags.ts";

const { browser: _, until: __, ...shared } = runFlags;
const flags = { ...specFlags, ...shared } as const;

/**
 * The verb of a stage. It works in the folder that `rog run` of the same spec goes on with.
 *
 * @returns runs it: 0 when the stage is done; 75 when the time budget ended it, 130 or 143 when it was told to stop
 */
export function stageVerb(stage: StageName): (args: readonly string[]) => Promise<number> {
  return async (args) => {
    const { flags: given, positionals } = readArguments(stage, args, flags);
    if (given.help) {
      process.stdout.write(
        `rog ${stage} [-c spec.yaml] [field=value …]: a spec up to and including its stage ${stage}\n\n${flagsText(flags)}`,
      );
      return 0;
    }
    const resolved = (await openSpec(given.config, positionals))();
    const command = `npm run -s rog -- run ${quoted(goingOn(args))}`.trim();
    return runWithFlags(resolved, { ...given, browser: false, until: stage }, command);
  };
}
