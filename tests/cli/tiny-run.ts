/**
 * A process that runs the tiny spec in the folder of its first argument, with the others as overrides; says "go" when it
 * starts, and prints what it found. Its clock stands still, so that a killed run may end as one that was left alone.
 */
import { diskFolder } from "../../src/cli/run-files.ts";
import { run } from "../../src/experiment/run.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

const gauges = { now: () => Date.UTC(2026, 10, 22, 12), peakMemoryBytes: () => null };
const signal = new AbortController().signal;
const [directory = "", ...overrides] = process.argv.slice(2);
process.stdout.write("go\n");
const results = await run(tinySpec(...overrides), tinyWorld(), tinyNetworks(), diskFolder(directory), {
  signal,
  gauges,
  commands: [],
});
process.stdout.write(JSON.stringify({ conditions: results?.conditions, audit: results?.audit }));
