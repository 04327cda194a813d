/** `rog data`: a user's labelled pictures as the target of a world. */
import { ConfigError } from "../errors.ts";
import { labelled } from "../data/import/labelled.ts";
import { targetPart } from "../data/import/own-world.ts";
import { splitShares } from "../data/splits.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { classWords } from "./class-words.ts";
import { sharpCodec } from "./source-files.ts";
import { importFlags, inspectWorld, readSources, writePart } from "./world-folder.ts";

const flags = {
  ...importFlags,
  seed: { type: "number", help: "deals pictures to splits and low-data sets (1)" },
  test: { type: "number", help: "share of a class that tests, where the source has no test split (0.25)" },
  validation: { type: "number", help: "share of a class that validates, where the source has no such split (0.1)" },
  "low-data": {
    type: "number",
    help: "share of the training pictures in the low-data set (0.1); above 0.5 real-20 is all of them",
  },
  labels: { type: "string", help: "the column of metadata.jsonl that holds the class (label, class or category)" },
  names: { type: "string", help: "a JSON file from labels to names for prompts, or to { name, hypernym, definition }" },
  wordnet: { type: "string", help: "WordNet 3.0's data.noun or its folder: words of labels such as n01484850" },
} as const;

const help = `rog data import SOURCE … -o WORLD   labelled pictures as the target of a world
rog data inspect WORLD              what a world holds

SOURCE is a folder, zip or tar: pictures in folders of their classes (train/, val/, test/ above them or not),
Hugging Face's metadata.jsonl, WebDataset's .cls members, or CIFAR's binary files.

`;

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("data", args, flags);
  if (given.help) {
    process.stdout.write(`${help}${flagsText(flags)}`);
    return 0;
  }
  if (positionals[0] === "inspect") return inspectWorld("data", positionals.slice(1), given.json);
  const seed = seedOf(given.seed);
  const { gathered, where, source, resolution } = await readSources("data", positionals, given.resolution);
  const found = await labelled(gathered, sharpCodec, {
    ...{ resolution, where },
    ...(given.labels === undefined ? {} : { column: given.labels }),
  });
  const part = await targetPart(found, {
    ...{ where, resolution, seed },
    shares: {
      test: shareOf("--test", given.test, splitShares.test),
      validation: shareOf("--validation", given.validation, splitShares.validation),
    },
    lowData: shareOf("--low-data", given["low-data"], 0.1, 1),
    names: await classWords(
      found.pictures.map(({ label }) => label),
      given,
    ),
  });
  const whole = { ...part, leftOut: [...gathered.leftOut, ...part.leftOut] };
  return writePart(given, "target", whole, { resolution, source, layout: found.layout });
}

/** @throws ConfigError when it is no seed of a random stream */
function seedOf(value = 1): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new ConfigError("--seed", "a whole number from 0 up", String(value));
}

/** @throws ConfigError when it is no share above 0, `most` at most */
function shareOf(flag: string, value: number | undefined, otherwise: number, most = 0.5): number {
  if (value === undefined) return otherwise;
  if (value > 0 && value <= most) return value;
  throw new ConfigError(flag, `a number in (0, ${String(most)}]`, String(value));
}
