/** `rog demo`: the embedded spec, from world to report. */
import { demoSpec, smokeOverrides } from "../experiment/demo-spec.ts";
import { resolveSpec } from "../experiment/spec-file.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { quoted } from "./quoted.ts";
import { goingOn, runWithFlags } from "./run.ts";
import { runFlags } from "./run-flags.ts";

/**
 * @param args after the verb: flags, and overrides such as `classes=24`
 * @returns 0; 75 when the time budget ended it, 130 or 143 when it was told to stop
 */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("demo", args, runFlags);
  if (given.help) {
    process.stdout.write(`rog demo [field=value …]: the embedded spec\n\n${flagsText(runFlags)}`);
    return 0;
  }
  const resolved = resolveSpec(demoSpec, "demo", [...(given.browser ? smokeOverrides : []), ...positionals]);
  return runWithFlags(resolved, given, demoCommand(args));
}

/** The command that goes on with a demo. @param args as it was given */
export function demoCommand(args: readonly string[]): string {
  const kept = goingOn(args);
  return `npm run demo${kept.length > 0 ? ` -- ${quoted(kept)}` : ""}`;
}
