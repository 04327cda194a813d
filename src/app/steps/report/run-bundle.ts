/** A recorded run as one file. */
import { wrap } from "comlink";
import type { Results } from "../../../experiment/record.ts";
import type { RunState } from "../../../experiment/run-log.ts";
import type { RunView } from "../../runs/run-view.ts";
import type { Packing } from "./pack.worker.ts";

const statePath = "run.json";

/** The state of a finished run, as its `run.json` had it: all of it is in the results. */
export function stateOf({ specHash, startedAt, elapsedSeconds, peakMemoryBytes }: Results): RunState {
  return { specHash, state: "done", startedAt, elapsedSeconds, peakMemoryBytes };
}

/**
 * A run's files, byte by byte as they are; `run.json`, which recorded runs come without, is written from the results, so that
 * the bundle can be opened.
 *
 * @throws IntegrityError, MissingError
 */
export async function bundleFiles({ paths, bytes, results }: RunView): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const path of paths) files.set(path, await bytes(path));
  if (!files.has(statePath))
    files.set(statePath, new TextEncoder().encode(`${JSON.stringify(stateOf(results), null, 2)}\n`));
  return files;
}

/** The bundle of a run whose files the page has, packed in a worker that ends with it. @returns a zip file */
export async function packRun(view: RunView): Promise<Uint8Array> {
  const files = await bundleFiles(view);
  const worker = new Worker(new URL("./pack.worker.ts", import.meta.url), { type: "module", name: "pack" });
  try {
    return await wrap<Packing>(worker).pack(files);
  } finally {
    worker.terminate();
  }
}
