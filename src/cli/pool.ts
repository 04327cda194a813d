/** `rog pool`: a user's captioned pictures as the pool of a world. */
import { basename } from "node:path";
import { ConfigError } from "../errors.ts";
import { captioned } from "../data/import/captioned.ts";
import { gather } from "../data/import/gather.ts";
import { poolPart } from "../data/import/own-world.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { sharpCodec, sourceFiles } from "./source-files.ts";
import { importFlags, inspectWorld, readingLine, writePart } from "./world-folder.ts";

const flags = {
  ...importFlags,
  captions: { type: "string", help: "the field that holds the caption (caption, text, alt or title)" },
} as const;

const help = `rog pool import SOURCE … -o WORLD   captioned pictures as the pool of a world
rog pool inspect WORLD              what a world holds

SOURCE is a folder, zip or tar. Captions come from metadata.jsonl, from a .txt or .json file beside a picture (as
WebDataset and img2dataset write them), else from the picture's file name.

`;

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("pool", args, flags);
  if (given.help) {
    process.stdout.write(`${help}${flagsText(flags)}`);
    return 0;
  }
  const [action, ...sources] = positionals;
  if (action === "inspect") return inspectWorld(sources[0], given.json);
  if (action !== "import") throw new ConfigError("rog pool", "import or inspect", action ?? "nothing");
  const [where] = sources;
  if (where === undefined) throw new ConfigError("rog pool import", "a source", "nothing");
  const resolution = given.resolution ?? 32;
  const gathered = await gather(sourceFiles(sources), sharpCodec, { resolution, where, onFile: readingLine(where) });
  const pictures = await captioned(gathered, {
    where,
    ...(given.captions === undefined ? {} : { column: given.captions }),
  });
  const kinds = new Map<string, number>();
  for (const { captionKind } of pictures) kinds.set(captionKind, (kinds.get(captionKind) ?? 0) + 1);
  const layout = [...kinds].map(([kind, count]) => `${String(count)} captions by ${kind}`).join(", ");
  const part = { ...poolPart(pictures, basename(where), resolution), leftOut: gathered.leftOut };
  return writePart(given, "pool", part, { resolution, source: basename(where), layout });
}
