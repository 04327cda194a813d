/**
 * Whose turn it is on the GPU: one run at a time, over all tabs and workers of this browser.
 *
 * A page of plain http has neither locks nor WebGPU, and a frame of another site may be refused them; there, all turns are its own.
 */

/** Names the lock, and the channel on which others ask its holder to stop. */
const turnName = "retrieve-or-generate gpu";

/** One lab's part in the turns. */
export class Turns {
  /**
   * This lab's own request: it resolves when it has its turn, or has given it up. A channel does not hear what is said on it, so a
   * lab that asks on its own one does not ask itself.
   */
  #own: { readonly settled: Promise<void>; readonly channel: BroadcastChannel; hasTurn: boolean } | undefined;

  /**
   * Waits for the turn, works, and gives it back.
   *
   * @param signal ends the wait; once work has begun, that looks to the signal itself
   * @param onAsked called when another lab asks for the turn, while this one waits or works
   * @throws the signal's reason when it ended the wait
   */
  async take<T>(signal: AbortSignal, onAsked: () => void, work: () => Promise<T>): Promise<T> {
    const channel = new BroadcastChannel(turnName);
    channel.onmessage = onAsked;
    let settle = (): void => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const own = { settled, channel, hasTurn: false };
    this.#own = own;
    const begin = (): Promise<T> => {
      own.hasTurn = true;
      settle();
      return work();
    };
    try {
      const { locks } = await openLocks();
      return await (locks ? locks.request(turnName, { signal }, begin) : begin());
    } finally {
      settle();
      this.#own = undefined;
      channel.close();
    }
  }

  /** Whether another lab has the turn now. */
  async areTaken(): Promise<boolean> {
    if (this.#own?.hasTurn) return false;
    const { held } = await openLocks();
    return held.some(({ name }) => name === turnName);
  }

  /** Asks all others to stop; resolves when the turn is free, or this lab's own request has it. */
  async askFor(): Promise<void> {
    const own = this.#own;
    if (own?.hasTurn) return;
    const { locks } = await openLocks();
    if (!locks) return;
    const channel = own?.channel ?? new BroadcastChannel(turnName);
    try {
      channel.postMessage("give way");
      await (own?.settled ?? locks.request(turnName, () => undefined));
    } finally {
      if (!own) channel.close();
    }
  }
}

/** The locks of all tabs, undefined where the page has none, and those that are held now. */
async function openLocks(): Promise<{ readonly locks: LockManager | undefined; readonly held: readonly LockInfo[] }> {
  const { locks } = navigator as { readonly locks?: LockManager };
  try {
    return { locks, held: (await locks?.query())?.held ?? [] };
  } catch {
    // A frame of another site that may keep nothing in this browser.
    return { locks: undefined, held: [] };
  }
}
