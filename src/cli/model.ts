/** `rog model`: what a models' folder holds, and whether it is whole. */
import { ConfigError } from "../errors.ts";
import { inspectModels, verifyModels, type ModelReport } from "../experiment/inspect-models.ts";
import { mebibytes } from "../experiment/recorded.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { modelFileReader } from "./open-lab.ts";

const flags = {
  json: { type: "boolean", help: "print JSON" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

const help = `rog model inspect [FOLDER]   sizes of the networks, and whether their weights fit their configurations
rog model verify [FOLDER]    the same, every file's hash by manifest.json, and that every number is finite

FOLDER is public/models/mini where none is given. Neither needs a device.

`;

/** @returns the exit code: 3 for a file that is missing or malformed, 8 for one that has another hash */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("model", args, flags);
  if (given.help) {
    process.stdout.write(`${help}${flagsText(flags)}`);
    return 0;
  }
  const [action, folder = "public/models/mini", surplus] = positionals;
  if (surplus !== undefined) throw new ConfigError("rog model", "one folder", positionals.slice(1).join(" "));
  const read = modelFileReader(folder);
  const print = (value: object, text: string): number => {
    process.stdout.write(given.json ? `${JSON.stringify(value)}\n` : text);
    return 0;
  };
  if (action === "inspect") {
    const report = await inspectModels(read);
    return print(report, reportText(report));
  }
  if (action !== "verify") throw new ConfigError("rog model", "inspect or verify", action ?? "nothing");
  const seen = await verifyModels(read);
  const counts = `${String(seen.files)} files, ${String(seen.tensors)} tensors, ${seen.values.toLocaleString("en")} numbers`;
  return print(seen, `${folder}: whole: ${counts}\n`);
}

function reportText({
  resolution,
  latentShape,
  contextShape,
  vocabulary,
  embeddingWidth,
  networks,
}: ModelReport): string {
  const lines = [
    `pictures    ${String(resolution)} px, latents ${latentShape.join(" × ")}`,
    `texts       ${contextShape.join(" × ")}, of ${String(vocabulary)} words and pieces; embeddings of ${String(embeddingWidth)}`,
    ...networks.map(({ part, parameters, bytes, dtypes, file, unused }) => {
      const types = Object.entries(dtypes).map(([dtype, tensors]) => `${String(tensors)} ${dtype}`);
      const rest = unused.length > 0 ? `; nothing asks for ${unused.join(", ")}` : "";
      return `${part.padEnd(12)}${parameters.toLocaleString("en")} parameters, ${mebibytes(bytes)}, tensors ${types.join(", ")}, ${file}${rest}`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}
