import { memoryMedium, type Medium } from "./medium.ts";

/** A medium that outlives the visit where the browser lets the page keep anything. */
export interface LastingMedium extends Medium {
  /** Whether it does: a frame of another site and a private window may be refused. */
  lasts(): Promise<boolean>;
}

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
      await medium.has("values/probe");
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
