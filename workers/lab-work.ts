/** The one thing that a lab works at: from its call to its end, by the GPU's turn or without one, and how it is stopped. */
import { ConfigError } from "../src/errors.ts";
import { Turns } from "./turns.ts";

/** A run, drawing or look-up from its call to its end. */
interface Going {
  readonly controller: AbortController;
  readonly ended: Promise<unknown>;
}

/** What a lab is at. */
export class LabWork {
  readonly turns = new Turns();
  #going: Going | undefined;

  get isIdle(): boolean {
    return this.#going === undefined;
  }

  /** @throws ConfigError while something goes on */
  requireIdle(): void {
    if (this.#going) throw new ConfigError("lab", "no other run in this worker", "one that is going on");
  }

  /** Stops what goes on, and waits for its end. */
  async cancel(): Promise<void> {
    const going = this.#going;
    going?.controller.abort();
    await going?.ended.catch(() => undefined);
  }

  /** Waits for the end of what was told to stop. */
  async settle(): Promise<void> {
    const going = this.#going;
    if (going?.controller.signal.aborted) await going.ended.catch(() => undefined);
  }

  /**
   * Works in the GPU's turn, until it is done, cancelled, or asked by another lab to give way.
   *
   * @returns what it gave, and whether it gave way; no value where it was stopped in its wait or its downloads
   */
  async inTurn<T>(
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ readonly value: T | undefined; readonly takenOver: boolean }> {
    let takenOver = false;
    const value = await this.withoutTurn((signal, controller) => {
      const giveWay = (): void => {
        takenOver = true;
        controller.abort();
      };
      return this.turns.take(signal, giveWay, () => work(signal));
    });
    return { value, takenOver };
  }

  /** What goes on until it is done or cancelled. @returns undefined where it was stopped in its wait or its downloads */
  async withoutTurn<T>(work: (signal: AbortSignal, controller: AbortController) => Promise<T>): Promise<T | undefined> {
    const controller = new AbortController();
    const { signal } = controller;
    const ended = work(signal, controller);
    this.#going = { controller, ended };
    try {
      return await ended;
    } catch (error) {
      // The wait for the turn and downloads end with the signal's own reason; what is stopped so says so.
      if (!signal.aborted || error !== signal.reason) throw error;
      return undefined;
    } finally {
      this.#going = undefined;
    }
  }
}
