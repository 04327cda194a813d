/** What CLIP needs besides its weights, as a models' folder has it. */
import { parseConfigJson, type ConfigJson } from "../models/config-fields.ts";
import { ClipTokenizer, parseMerges } from "../tokenizer/clip-tokenizer.ts";
import type { ReadFile } from "../storage/kept-files.ts";
import { modelFiles } from "./lab-networks.ts";

/** @throws MissingError, FormatError, ConfigError naming the file */
export async function readClipFiles(
  read: ReadFile,
): Promise<{ readonly tokenizer: ClipTokenizer; readonly config: ConfigJson }> {
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await read(path));
  const tokenizer = ClipTokenizer.fromMerges(parseMerges(await text(modelFiles.merges)));
  return { tokenizer, config: parseConfigJson(await text(modelFiles.clipConfig), modelFiles.clipConfig) };
}
