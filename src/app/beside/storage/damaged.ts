/** What a check of the storage found damaged, by what becomes of it. */
import type { StorageCheck } from "../../../../workers/lab-api.ts";

/** Names of downloads, which are let go of, and of runs' files, which stay. */
export function damagedByKind(names: StorageCheck["damaged"]): Readonly<Record<"downloads" | "runs", string[]>> {
  const isDownload = (name: string): boolean => name.startsWith("download ");
  return { downloads: names.filter(isDownload), runs: names.filter((name) => !isDownload(name)) };
}

/** A check without the files of a run that is gone. */
export function withoutRun({ checked, damaged }: StorageCheck, id: string): StorageCheck {
  return { checked, damaged: damaged.filter((name) => !name.startsWith(`${id}/`)) };
}
