/** How much room a browser really grants, which its own estimate need not tell. */

/**
 * Room is asked for in files of this size. Chromium grants whole MiB, and for larger files twice what they have, so that one large
 * file would ask for more than is wanted.
 */
const pieceBytes = 4 * 1024 * 1024;

/**
 * The bytes that this origin may still keep, up to those that are wanted, in steps of 4 MiB. Chromium's
 * `navigator.storage.estimate` tells ten GiB whatever the quota is, so that nobody is recognised by it; empty files that are made so
 * long, and dropped again, find out.
 *
 * @returns `wanted` where so many are granted, or where the browser has no such files, as outside of workers
 */
export const grantedRoom = async (wanted: number): Promise<number> => {
  const files: [string, FileSystemSyncAccessHandle][] = [];
  try {
    const root = await navigator.storage.getDirectory();
    try {
      for (let granted = 0; granted < wanted; granted += pieceBytes) {
        const name = `room-${String(files.length)}`;
        const handle = await (await root.getFileHandle(name, { create: true })).createSyncAccessHandle();
        files.push([name, handle]);
        if (!fits(handle, Math.min(pieceBytes, wanted - granted))) return granted;
      }
      return wanted;
    } finally {
      for (const [name, handle] of files) {
        handle.close();
        await root.removeEntry(name);
      }
    }
  } catch {
    // Without an answer there is no reason to refuse: what does not fit fails when it is written.
    return wanted;
  }
};

/** Without room the call throws, or leaves the file as it was. */
const fits = (handle: FileSystemSyncAccessHandle, bytes: number): boolean => {
  try {
    handle.truncate(bytes);
  } catch {
    return false;
  }
  return handle.getSize() === bytes;
};
