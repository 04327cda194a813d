import { QuotaError } from "../errors.ts";
import { memoryMedium, type Medium } from "./medium.ts";

/** A medium that outlives the visit where the browser lets the page keep anything. */
export interface LastingMedium extends Medium {
  /** Whether it does: a frame of another site and a private window may be refused. */
  lasts(): Promise<boolean>;
}

/** In a folder that nothing else lies in. */
const probe = "probe/byte";

/**
 * A medium that is opened when it is first used; memory in its place where that fails.
 *
 * @param open opens it, and may fail now or at its first use
 */
export function lastingMedium(open: () => Medium): LastingMedium {
  let chosen: Promise<{ readonly medium: Medium; readonly lasts: boolean }> | undefined;
  const choose = async () => {
    try {
      const medium = open();
      await requireWrites(medium);
      return { medium, lasts: true };
    } catch {
      return { medium: memoryMedium(), lasts: false };
    }
  };
  const chosenMedium = async (): Promise<Medium> => (await (chosen ??= choose())).medium;
  return {
    read: async (key) => (await chosenMedium()).read(key),
    write: async (key, bytes) => (await chosenMedium()).write(key, bytes),
    remove: async (key) => (await chosenMedium()).remove(key),
    has: async (key) => (await chosenMedium()).has(key),
    size: async (key) => (await chosenMedium()).size(key),
    keys: async (folder) => (await chosenMedium()).keys(folder),
    freeBytes: async (wanted) => (await chosenMedium()).freeBytes(wanted),
    lasts: async () => (await (chosen ??= choose())).lasts,
  };
}

/** Writes and removes a byte: a private window of Safari reads what it keeps, and refuses to write a Blob. @throws what the medium throws */
async function requireWrites(medium: Medium): Promise<void> {
  try {
    await medium.write(probe, new Uint8Array(1));
    await medium.remove(probe);
  } catch (error) {
    // A full medium keeps what is there.
    if (!(error instanceof QuotaError)) throw error;
  }
}
