/** `rog pool`: a user's captioned pictures as the pool of a world. */
import { captioned } from "../data/import/captioned.ts";
import { poolPart } from "../data/import/own-world.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { say } from "./say.ts";
import { importFlags, inspectWorld, readSources, writePart } from "./world-folder.ts";

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
  if (positionals[0] === "inspect") return inspectWorld("pool", positionals.slice(1), given.json);
  const { gathered, where, source, resolution } = await readSources("pool", positionals, given.resolution);
  const pictures = await captioned(gathered, {
    where,
    ...(given.captions === undefined ? {} : { column: given.captions }),
  });
  const kinds = new Map<string, number>();
  for (const { captionKind } of pictures) kinds.set(captionKind, (kinds.get(captionKind) ?? 0) + 1);
  const layout = [...kinds].map(([kind, count]) => `${String(count)} captions by ${kind}`).join(", ");
  const others = (kinds.get("text file") ?? 0) + (kinds.get("file name") ?? 0);
  if (given.captions !== undefined && others > 0)
    say(
      `${String(others)} of ${String(pictures.length)} pictures have no ${given.captions}; their captions are those of ` +
        ".txt files beside them, else their names",
    );
  // Of several sources, a picture's path begins with its own one's name.
  const vendor = positionals.length > 2 ? "own" : source;
  const part = { ...poolPart(pictures, vendor), leftOut: gathered.leftOut };
  return writePart(given, "pool", part, { resolution, source, layout });
}
