import type { Resumption, UnfinishedWork } from "../../src/training/resumption.ts";
import { packWork, unpackWork } from "../../src/training/resumption.ts";

/** Work as a file would hold it. */
async function stored(work: UnfinishedWork): Promise<UnfinishedWork> {
  return (await unpackWork(packWork(work, {}), "kept work")).work;
}

/** Keeps work in memory, through the form that files have. */
export class KeptWork {
  found: UnfinishedWork | undefined;

  /** What a start is given: it finds what is kept by now. @param isDue whether it is to keep its work at every step */
  resumption(isDue = false): Resumption {
    return {
      found: this.found,
      isDue: () => isDue,
      keep: async (work) => {
        this.found = await stored(work);
      },
    };
  }
}

/** A signal that is aborted once its `tick` was called so many times. */
export function abortedAfter(ticks: number): { readonly signal: AbortSignal; readonly tick: () => void } {
  const controller = new AbortController();
  let left = ticks;
  const tick = (): void => {
    if (--left <= 0) controller.abort();
  };
  return { signal: controller.signal, tick };
}
