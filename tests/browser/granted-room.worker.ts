/** What a worker learns of its origin's room. */
import { idbMedium } from "../../src/storage/idb.ts";

/** The browser's estimate, what is granted of the wanted bytes, how long asking took, and files that were left behind. */
export const askRoom = async (
  wanted: number,
): Promise<{ estimated: number; granted: number; milliseconds: number; left: number }> => {
  const medium = idbMedium();
  const estimated = await medium.freeBytes();
  const before = performance.now();
  const granted = await medium.freeBytes(wanted);
  const milliseconds = performance.now() - before;
  const { usageDetails } = (await navigator.storage.estimate()) as { usageDetails?: { fileSystem?: number } };
  return { estimated, granted, milliseconds, left: usageDetails?.fileSystem ?? 0 };
};
