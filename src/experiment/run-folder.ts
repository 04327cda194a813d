/** Where a run leaves its files, whatever holds them: a disk, or memory in a page. */

/** A folder of files by their paths, with `/` between names. */
export interface RunFolder {
  /** The bytes of a file, or undefined. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Writes all of a file or none of it. @throws QuotaError when there is no room */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds text at the end of a file, which is made when it is not there. */
  append(path: string, text: string): Promise<void>;
  /** Forgets a file; one that is not there is no error. */
  remove(path: string): Promise<void>;
}

/** A folder that lives as long as the page or process. @param files its content, shared with the caller */
export function memoryFolder(files = new Map<string, Uint8Array>()): RunFolder {
  return {
    read: (path) => Promise.resolve(files.get(path)?.slice()),
    write: (path, bytes) => Promise.resolve(void files.set(path, bytes.slice())),
    append: (path, text) => {
      const before = files.get(path) ?? new Uint8Array(0);
      const added = new TextEncoder().encode(text);
      const after = new Uint8Array(before.length + added.length);
      after.set(before);
      after.set(added, before.length);
      return Promise.resolve(void files.set(path, after));
    },
    remove: (path) => Promise.resolve(void files.delete(path)),
  };
}

/** Writes a value as indented JSON. */
export function writeJson(folder: RunFolder, path: string, value: unknown): Promise<void> {
  return folder.write(path, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}

/** A JSON file's value, or undefined where there is no file or it is not JSON. */
export async function readJson(folder: RunFolder, path: string): Promise<unknown> {
  const bytes = await folder.read(path);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
