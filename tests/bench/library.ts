/** What the bench asks of a library, ours and the peers alike; each lives in its own worker. */
import type { Problem } from "./problems.ts";

/** A problem made ready: its tensors on the device, its pipelines compiled. */
export interface Prepared {
  /** Runs once and waits for the device. */
  run(): Promise<void>;
  /** The result in the engine's layout; of a training step, the losses of the first two steps. */
  values(): Promise<Float32Array>;
}

/** A library on its own device. */
export interface Library {
  /** Makes a problem ready, or gives null where the library has no such op. */
  prepare(problem: Problem): Promise<Prepared | null>;
}

/** What the bench's process asks of a worker. */
export type Request =
  | { readonly kind: "prepare"; readonly name: string; readonly problem: Problem }
  | { readonly kind: "time"; readonly name: string; readonly repeats: number }
  | { readonly kind: "call"; readonly name: string };

/** The answer to `prepare`: how long the first run took, cold, and what came out; null where there is no such op. */
export type PrepareAnswer = { readonly coldMs: number; readonly warmMs: number; readonly values: Float32Array } | null;

/**
 * Answers the requests of the bench's process in this worker.
 *
 * @param open called at the first request
 * @param extras functions that answer `call`
 */
export const serve = (
  open: () => Promise<Library>,
  extras: Readonly<Record<string, () => Promise<unknown>>> = {},
): void => {
  let opened: Promise<Library> | undefined;
  const ready = new Map<string, Prepared>();
  const answer = async (request: Request): Promise<unknown> => {
    switch (request.kind) {
      case "prepare": {
        const started = performance.now();
        const prepared = await (await (opened ??= open())).prepare(request.problem);
        if (!prepared) return null;
        await prepared.run();
        const coldMs = performance.now() - started;
        const values = await prepared.values();
        ready.set(request.name, prepared);
        return { coldMs, warmMs: await time(prepared, 1), values };
      }
      case "time":
        return time(ready.get(request.name)!, request.repeats);
      case "call":
        return extras[request.name]!();
    }
  };
  const worker = self as unknown as Worker;
  worker.onmessage = ({ data }: MessageEvent<Request>) => {
    answer(data).then(
      (value) => worker.postMessage({ value }),
      (error: unknown) =>
        worker.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  };
};

/** Milliseconds of one run, the mean of `repeats`. */
const time = async (prepared: Prepared, repeats: number): Promise<number> => {
  const started = performance.now();
  for (let i = 0; i < repeats; i++) await prepared.run();
  return (performance.now() - started) / repeats;
};
