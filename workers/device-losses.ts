/** How a run outlives its device: it goes on with another one, but not for ever. */
import { AdapterError, DeviceLostError } from "../src/errors.ts";

/** So many losses within so long end a run. */
const mostLosses = 3;
const withinMs = 10 * 60_000;

/** What is done about a loss. */
export interface LossOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The adapter whose device it was. */
  readonly adapter: () => string;
  /** Called at each loss, before the work begins anew or is given up. @param losses within the last ten minutes */
  readonly onLoss: (reason: string, losses: number) => void;
  /** Ends the attempts. */
  readonly signal: AbortSignal;
}

/**
 * Does work again after each loss of the device.
 *
 * @param work told how often the device was lost so far
 * @returns what it gives; undefined when it was stopped
 * @throws DeviceLostError with the times of all at the third loss within ten minutes
 */
export async function despiteLosses<T>(
  work: (losses: number) => Promise<T>,
  { now, adapter, onLoss, signal }: LossOptions,
): Promise<T | undefined> {
  let losses: { readonly at: number; readonly reason: string }[] = [];
  for (let all = 0; ; all++) {
    try {
      return await work(all);
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw error;
      const { reason } = error;
      losses = [...losses, { at: now(), reason }].filter(({ at }) => now() - at < withinMs);
      onLoss(reason, losses.length);
      if (signal.aborted) return undefined;
      if (losses.length < mostLosses) continue;
      const times = losses.map((loss) => `${new Date(loss.at).toISOString()} ${loss.reason}`);
      throw new DeviceLostError("lab", reason, times, adapter());
    }
  }
}

const reopenings = 5;

/**
 * Opens a device after a loss. A browser that starts its GPU process anew has no adapter for a moment, so it is asked again.
 *
 * @param pauseMs between two attempts
 * @throws AdapterError when there is none at the last attempt either
 */
export async function openAgain<T>(open: () => Promise<T>, pauseMs = 1000): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof AdapterError) || attempt === reopenings) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
