/** A wish to stop: aborted by the first Ctrl-C or SIGTERM, with the exit code to end with. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 after Ctrl-C, 143 after SIGTERM, null while nothing asked to stop. */
  readonly exitCode: () => 130 | 143 | null;
  /** Gives the signals back to Node. */
  readonly release: () => void;
}

/**
 * Listens for Ctrl-C: the first asks to stop at the next step of the unit at hand, which is left unfinished; the next one a
 * second later ends the process at once.
 *
 * A wrapper and the terminal may both deliver the same Ctrl-C, so repeats within a second count as one.
 */
export const listenForInterrupt = (): Interrupt => {
  const controller = new AbortController();
  let code: 130 | 143 | null = null;
  let firstAt = 0;
  const stop = (nextCode: 130 | 143) => () => {
    if (code !== null && performance.now() - firstAt > 1000) process.exit(nextCode);
    if (code !== null) return;
    code = nextCode;
    firstAt = performance.now();
    process.stderr.write("\nstopping; once more ends at once\n");
    controller.abort();
  };
  const onInterrupt = stop(130);
  const onTerminate = stop(143);
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onTerminate);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
    },
  };
};

/** The longest that Node's timers wait, in milliseconds: 24 days. */
const longestTimeout = 2 ** 31 - 1;

/** Aborted with a signal, or after so many minutes. @param minutes that are left, at once where none are; never without it */
export function stopSignal(interrupt: AbortSignal, minutes: number | undefined): AbortSignal {
  if (minutes === undefined) return interrupt;
  const timeout = AbortSignal.timeout(Math.min(Math.max(0, Math.ceil(minutes * 60_000)), longestTimeout));
  return AbortSignal.any([interrupt, timeout]);
}
