/** Where the files of recorded runs are, below the page's address. */

/** The list of recorded runs; may change, and is asked for anew at every visit. */
export const recordedIndex = "recorded/index.json";

/** A run's list of files with their hashes; may change as well. @param run its folder */
export const recordOf = (run: string): string => `recorded/${run}/record.json`;

/** A file that a run's record lists: its hash is in the address, so that no cache gives another one for it. */
export const recordedFile = (run: string, path: string, sha256: string): string => `recorded/${run}/${path}?${sha256}`;
