import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MissingError, QuotaError } from "../errors.ts";
import type { ByteSource } from "../weights/byte-source.ts";
import type { Medium } from "./medium.ts";

/** What the system calls an error, such as `ENOENT`; undefined for others. */
export const errorCode = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

/** The result, or undefined when a file or folder of the path is not there. */
export const orMissing = async <T>(result: Promise<T>): Promise<T | undefined> => {
  try {
    return await result;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
};

/** With the number of the process that writes it, and what sets it apart from one of that number in another container. */
const TEMPORARY = /^\..*\.(\d+)-[\da-f-]+\.tmp$/;

/**
 * Writes a whole file or none of it: the bytes go to a temporary name beside it, reach the disk, and are renamed.
 * Folders on the way are made.
 *
 * @throws QuotaError when the disk is full
 */
export const writeFileAtomic = async (
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${String(process.pid)}-${randomUUID()}.tmp`);
  let sizeBytes = 0;
  try {
    const file = await open(temporary, "wx");
    try {
      for await (const piece of pieces) {
        sizeBytes += piece.length;
        await file.writeFile(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (errorCode(error) === "ENOSPC" || errorCode(error) === "EDQUOT") {
      throw new QuotaError(path, sizeBytes, await freeBytesAt(dirname(path)));
    }
    throw error;
  }
};

/**
 * Removes what writes have left that a kill cut off, in a folder and those below it.
 *
 * @param isAlive whether a process still works, whose files then stay
 * @returns how many there were
 */
export const removeTemporaries = async (folder: string, isAlive: (pid: number) => boolean): Promise<number> => {
  const entries = (await orMissing(readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
  const left = entries.filter((entry) => {
    const writer = TEMPORARY.exec(entry.name)?.[1];
    return writer !== undefined && entry.isFile() && !isAlive(Number(writer));
  });
  for (const { parentPath, name } of left) await rm(join(parentPath, name), { force: true });
  return left.length;
};

const freeBytesAt = async (directory: string): Promise<number> => {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};

/** A store's bytes as files below a directory, which is made when it is first written to. */
export const filesMedium = (directory: string): Medium => {
  const pathOf = (key: string): string => join(directory, key);
  return {
    read: (key) => orMissing(readFile(pathOf(key))),
    write: (key, bytes) => writeFileAtomic(pathOf(key), [bytes]),
    remove: (key) => rm(pathOf(key), { force: true }),
    has: async (key) => (await orMissing(stat(pathOf(key)))) !== undefined,
    size: async (key) => (await orMissing(stat(pathOf(key))))?.size,
    keys: async (folder) => {
      const names = (await orMissing(readdir(pathOf(folder)))) ?? [];
      return names.filter((name) => !TEMPORARY.test(name)).map((name) => `${folder}/${name}`);
    },
    freeBytes: async () => {
      await mkdir(directory, { recursive: true });
      return freeBytesAt(directory);
    },
  };
};

/** A file that is read in pieces; close it when done. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/**
 * Opens a file to read parts of it, such as the tensors of a checkpoint one by one.
 *
 * @throws MissingError when it is not there
 */
export const openFile = async (path: string): Promise<FileSource> => {
  const file = await orMissing(open(path, "r"));
  if (file === undefined) throw new MissingError("openFile", path);
  const { size } = await file.stat();
  return {
    name: basename(path),
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        // One read call gives at most 2 GiB.
        const { bytesRead } = await file.read(bytes, done, Math.min(length - done, 2 ** 30), offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    close: () => file.close(),
  };
};
