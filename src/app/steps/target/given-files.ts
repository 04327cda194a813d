/** Files as a browser gives them: chosen by an input, or dropped. */
import { FormatError } from "../../../errors.ts";
import type { PictureFile } from "../../../../workers/lab-api.ts";
import type { Given } from "./own-acts.ts";

/** Files at most, as the lab takes them: the page stops looking then. */
const mostFiles = 200_000;

/** What an input was given; a folder's files know their paths. */
export function givenByInput(list: Iterable<File>): Given {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return { name: nameOf(files), files };
}

/**
 * What was dropped. It must be called while the event is handled: the browser forgets the items afterwards.
 *
 * @throws FormatError when there are too many files
 */
export function givenByDrop(items: DataTransferItemList): Promise<Given> {
  const dropped = [...items].flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? []);
  return (async () => {
    const files: PictureFile[] = [];
    for (const one of dropped)
      if (one instanceof File) files.push({ path: one.name, file: one });
      else await collect(one, files);
    return { name: nameOf(files), files };
  })();
}

async function collect(entry: FileSystemEntry, into: PictureFile[]): Promise<void> {
  if (into.length >= mostFiles) throw new FormatError(entry.name, `at most ${String(mostFiles)} files`, "more");
  const path = entry.fullPath.replace(/^\//, "");
  if (isFile(entry)) {
    into.push({ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // Browsers give a folder's entries by the hundred; none says that there are no more.
  for (let found = await next(reader); found.length > 0; found = await next(reader))
    for (const child of found) await collect(child, into);
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const next = (reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject));

/** The folder that all files lie in, or the archive, without its ending. */
export function nameOf(files: readonly { readonly path: string }[]): string {
  const roots = new Set(files.map(({ path }) => path.split("/")[0]!));
  const [root = ""] = roots;
  return roots.size === 1 ? root.replace(/\.(?:zip|tar|tgz|tar\.gz)$/i, "") : "";
}
