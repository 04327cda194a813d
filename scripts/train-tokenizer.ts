/**
 * Trains a byte-pair vocabulary on captions, one a line, and writes its merges file:
 * `train-tokenizer CAPTIONS.txt MERGES.txt VOCABULARY_SIZE`.
 */
import { readFile, writeFile } from "node:fs/promises";
import { ConfigError } from "../src/errors.ts";
import { formatMerges } from "../src/tokenizer/clip-tokenizer.ts";
import { trainMerges } from "../src/tokenizer/train-merges.ts";

const [captionsPath, mergesPath, size] = process.argv.slice(2);
if (captionsPath === undefined || mergesPath === undefined || size === undefined) {
  throw new ConfigError("train-tokenizer", "CAPTIONS.txt MERGES.txt VOCABULARY_SIZE", process.argv.slice(2).join(" "));
}
const captions = (await readFile(captionsPath, "utf8")).split("\n").filter((line) => line !== "");
const merges = trainMerges(captions, Number(size));
await writeFile(mergesPath, formatMerges(merges));
process.stderr.write(`${String(merges.length)} merges from ${String(captions.length)} captions\n`);
