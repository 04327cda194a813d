/** Tries to keep a folder to itself, at a time that others try too, and says whether it has it: for tests, in a process of its own. */
import { setTimeout } from "node:timers/promises";
import { lockFolder } from "../../src/cli/folder-lock.ts";

const [directory, at] = process.argv.slice(2);
await setTimeout(Number(at) - Date.now() - 5);
while (Date.now() < Number(at)); // timers are too coarse
try {
  await lockFolder(directory!);
  process.stdout.write("has it\n");
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
// Alive until it is told that all have tried, so that none takes it for dead.
process.stdin.resume();
