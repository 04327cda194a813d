/** A process that runs the tiny spec in the folder of its first argument, says "go" when it starts, and prints what it found. */
import { diskFolder } from "../../src/cli/run-files.ts";
import { run } from "../../src/experiment/run.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

const gauges = { now: Date.now, peakMemoryBytes: () => null };
const signal = new AbortController().signal;
const [directory = ""] = process.argv.slice(2);
process.stdout.write("go\n");
const results = await run(tinySpec(), tinyWorld(), tinyNetworks(), diskFolder(directory), {
  signal,
  gauges,
  commands: [],
});
process.stdout.write(JSON.stringify({ conditions: results?.conditions, audit: results?.audit }));
