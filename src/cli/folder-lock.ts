/** The lock of a run folder: one process works in it, or in a part of it, at a time. */
import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ConfigError } from "../errors.ts";
import { errorCode, orMissing } from "../storage/files.ts";

/** Holds the number of the process that works in a run folder, and what makes this lock unlike every other. */
const wholeLock = ".lock";

/**
 * Keeps other processes out of a run folder until the returned function is called.
 *
 * @param share names the part of the run that is worked on; others may work on theirs
 * @throws ConfigError when a living process works in it
 */
export async function lockFolder(directory: string, share = ""): Promise<() => Promise<void>> {
  const path = join(directory, share === "" ? wholeLock : `${wholeLock}-${share}`);
  await mkdir(directory, { recursive: true });
  while (!(await make(path))) {
    const found = await contentOf(path);
    const living = found === undefined ? undefined : (otherIn(found) ?? (await removeStale(path, found)));
    if (living !== undefined)
      throw new ConfigError(directory, "a run folder that no process works in", `process ${String(living)}`);
  }
  return () => rm(path, { force: true });
}

/** The lock of a whole run folder, or of a share's part; the files that are made on the way to one have further dots. */
const anyLock = /^\.lock(-[\w-]+)?$/;

/** Whether a living process that we may know of works in a run folder, or on a part of it. */
export async function isWorkedIn(directory: string): Promise<boolean> {
  const locks = ((await orMissing(readdir(directory))) ?? []).filter((name) => anyLock.test(name));
  for (const name of locks) if (isAlive(holderIn((await contentOf(join(directory, name))) ?? ""))) return true;
  return false;
}

/** Whether there is a process of this number that we may know of. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's may not be signalled, and is there.
    return errorCode(error) === "EPERM";
  }
}

/** File systems say so that they have no hard links. */
const withoutLinks = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/** Makes a lock of this process, with its content from its first moment on. @returns false where there is one already */
async function make(path: string): Promise<boolean> {
  const content = `${String(process.pid)} ${randomUUID()}`;
  const own = `${path}.${String(process.pid)}-${randomUUID()}.tmp`;
  await writeFile(own, content);
  try {
    await link(own, path).catch((error: unknown) => {
      if (!withoutLinks.includes(String(errorCode(error)))) throw error;
      return writeFile(path, content, { flag: "wx" });
    });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Milliseconds in which a lock that was made without a link has surely got its content. */
const lockWriteMs = 50;

/** What a lock says; undefined where there is none. */
async function contentOf(path: string): Promise<string | undefined> {
  const read = (): Promise<string | undefined> => orMissing(readFile(path, "utf8"));
  const content = await read();
  if (content !== "") return content;
  // Either it is being written, or an earlier version of the lab emptied it when it was done.
  await setTimeout(lockWriteMs);
  return read();
}

const holderIn = (content: string): number => Number.parseInt(content, 10) || 0;

/** The living process, other than this one, that a lock names. */
function otherIn(content: string): number | undefined {
  const holder = holderIn(content);
  return holder !== process.pid && isAlive(holder) ? holder : undefined;
}

/**
 * Removes the lock of a process that is gone. Only who has claimed this very lock may, so that nobody removes another's new one;
 * the claim of a process that died at it is passed over.
 *
 * @param found what the lock says
 * @returns the living process that is at it already
 */
async function removeStale(path: string, found: string): Promise<number | undefined> {
  const claims: string[] = [];
  for (;;) {
    const claim = `${path}.stale-${found.replaceAll(/\W/g, "")}-${String(claims.length)}`;
    claims.push(claim);
    if (await make(claim)) break;
    const claimed = await contentOf(claim);
    if (claimed === undefined) return undefined;
    const living = otherIn(claimed);
    if (living !== undefined) return living;
  }
  if ((await contentOf(path)) === found) await rm(path, { force: true });
  // Only now: who claims it from here on finds that the lock is another.
  for (const claim of claims) await rm(claim, { force: true });
  return undefined;
}
