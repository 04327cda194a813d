/** A finished run with many pictures of a class, made on the spot: networks that compute colours, and no device. */
import { run } from "../../src/experiment/run.ts";
import { specHash } from "../../src/experiment/spec.ts";
import { chooseStoredRun, storedFolder } from "../../src/experiment/stored-folder.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { exportRun } from "../../workers/kept-runs.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

/** Pictures that clip-prompts makes of the class `red`, which has four real ones. */
export const pictureCount = 1000;

/** The run as a bundle that the page opens. */
export async function thousandPictures(): Promise<Uint8Array> {
  const factor = `production.factor=${String(pictureCount / 4)}`;
  const spec = tinySpec(
    "name=thousand",
    "classes=[red, green]",
    "conditions=[real-10, clip-prompts]",
    factor,
    "sets.n=1",
  );
  const runs = memoryMedium();
  const startedAt = Date.UTC(2026, 0, 1);
  const id = await chooseStoredRun(runs, spec.name, await specHash(spec), startedAt);
  await run(spec, tinyWorld(), tinyNetworks(), storedFolder(runs, id), {
    ...{ signal: new AbortController().signal, commands: [] },
    gauges: { now: () => startedAt, peakMemoryBytes: () => null },
  });
  return exportRun(runs, id);
}
