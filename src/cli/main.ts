import { errorText, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { ConfigError } from "../errors.ts";
import { nearestName } from "../nearest-name.ts";
import { stageNames } from "../experiment/stage-names.ts";

/** A verb of the command line: runs it and gives the exit code. */
interface Verb {
  run(args: readonly string[]): Promise<number>;
}

/** The world is made with the run's first stage that needs it, and has no verb. */
const stageVerbs = stageNames.slice(1).map((stage) => {
  const load = async (): Promise<Verb> => ({ run: (await import("./stage.ts")).stageVerb(stage) });
  return [stage, { help: `a spec up to and including its stage ${stage}`, load }] as const;
});

/** Each verb with its sentence in the help text and the file that holds it. */
const verbs: Readonly<Record<string, { readonly help: string; readonly load: () => Promise<Verb> }>> = {
  forward: {
    help: "one forward pass of a checkpoint, to hold against another implementation",
    load: () => import("./forward.ts"),
  },
  "evaluate-world": { help: "what the mini world's networks reach", load: () => import("./evaluate-world.ts") },
  data: { help: "labelled pictures of your own as the target of a world", load: () => import("./data.ts") },
  pool: { help: "captioned pictures of your own as the pool of a world", load: () => import("./pool.ts") },
  pretrain: { help: "train a network of the mini world on its pool", load: () => import("./pretrain.ts") },
  run: { help: "a spec from world to report, resumable", load: () => import("./run.ts") },
  resume: { help: "go on with a run folder, or the latest unfinished one", load: () => import("./resume.ts") },
  ...Object.fromEntries(stageVerbs),
  demo: { help: "the embedded spec, in minutes on two cores", load: () => import("./demo.ts") },
  sweep: { help: "a spec with several values of some fields, a run for each", load: () => import("./sweep.ts") },
  status: { help: "the runs and how far they have come", load: () => import("./status.ts") },
  compare: { help: "what two finished runs differ in", load: () => import("./compare.ts") },
  export: { help: "a run's images, learned words or the run itself", load: () => import("./export.ts") },
  import: { help: "a run from a bundle that `export bundle` wrote", load: () => import("./import.ts") },
  record: { help: "what a page shows of a finished run", load: () => import("./record.ts") },
  schema: { help: "the JSON Schema of a spec", load: () => import("./schema.ts") },
  index: { help: "embed a world's pool, for look-ups without a device", load: () => import("./index-pool.ts") },
  model: { help: "what a folder of networks holds, and whether it is whole", load: () => import("./model.ts") },
  "index-models": { help: "write the hashes of the networks' files", load: () => import("./index-models.ts") },
  bench: { help: "what each method costs on this machine", load: () => import("./bench.ts") },
  doctor: { help: "what this machine offers the lab", load: () => import("./doctor.ts") },
};

const helpText = (): string => {
  const width = Math.max(...Object.keys(verbs).map((name) => name.length));
  const verbLines = Object.entries(verbs).map(([name, { help }]) => `  ${name.padEnd(width)}  ${help}`);
  const codeLines = Object.entries(exitCodes).map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`);
  return [
    "rog VERB [flags]: retrieve or generate? Data goes to stdout, progress to stderr.",
    "",
    ...verbLines,
    "",
    "rog VERB --help lists a verb's flags. Exit codes:",
    ...codeLines,
    "",
  ].join("\n");
};

const main = async (args: readonly string[]): Promise<number> => {
  const [name = "help", ...rest] = args;
  if (["help", "--help", "-h"].includes(name)) {
    if (rest.length > 0) throw new ConfigError("rog help", "nothing after it; `rog VERB --help`", rest.join(" "));
    process.stdout.write(helpText());
    return 0;
  }
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) {
    const near = nearestName(name, Object.keys(verbs));
    const expected = near === null ? "a verb that `rog help` lists" : `a verb such as ${near}`;
    process.stderr.write(`rog: expected ${expected}, got ${name}\n`);
    return 2;
  }
  return (await verb.load()).run(rest);
};

try {
  // An open device would keep Node running, so the process is ended rather than left to drain.
  const code = await main(process.argv.slice(2));
  await new Promise((resolve) => process.stdout.write("", resolve));
  process.exit(code);
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(exitCodeOf(error));
}
