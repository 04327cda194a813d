/** What the folders of a source say of the pictures in them. */
import type { Split } from "../splits.ts";
import { kindOf, type Gathered } from "./gather.ts";
import { metadataFile } from "./metadata.ts";

const splitNames: ReadonlyMap<string, Split> = new Map([
  ...(["train", "training"] as const).map((name) => [name, "train"] as const),
  ...(["val", "valid", "validation", "dev"] as const).map((name) => [name, "validation"] as const),
  ...(["test", "testing"] as const).map((name) => [name, "test"] as const),
]);

/** The split that a word is the name of, in capitals or not. */
export const splitNamed = (word: string): Split | undefined => splitNames.get(word.trim().toLowerCase());

/** The split at the end of a name, a shard's number after it or not: `imagenet-train`, `flowers_test`, `val_000003`. */
function splitAtEnd(name: string): Split | undefined {
  const stem = name.replace(/(?:[-_](?:\d+|of))+$/i, "");
  return splitNamed(stem.split(/[-_]/).at(-1)!);
}

/** The folder of a path, `""` at the top; a path that ends with `/` is a folder's own. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf("/") + 1);

/** A folder and those above it, the outermost first. */
function withThoseAbove(folder: string): string[] {
  const parts = folder === "" ? [] : folder.split("/");
  return parts.map((_, depth) => parts.slice(0, depth + 1).join("/"));
}

/** The folders that hold pictures, readable or not, and those above them. */
export class SourceFolders {
  /** With pictures directly in them. */
  readonly #holding: ReadonlySet<string>;
  readonly #above: ReadonlySet<string>;
  /** Above folders with pictures directly in them and names that are no split's. */
  readonly #aboveClasses: ReadonlySet<string>;
  /** With a metadata.jsonl in them. */
  readonly #described: ReadonlySet<string>;
  readonly #splits = new Map<string, Split>();

  constructor({ pictures, texts, leftOut }: Pick<Gathered, "pictures" | "texts" | "leftOut">) {
    this.#described = new Set([...texts.keys()].filter((path) => metadataFile.test(path)).map(folderOf));
    const unread = leftOut.flatMap(({ path }) => (kindOf(path) === "picture" ? [path] : []));
    this.#holding = new Set([...pictures.keys(), ...unread].map(folderOf));
    this.#above = new Set([...this.#holding].flatMap((folder) => withThoseAbove(folderOf(folder))));
    const classes = [...this.#holding].filter((folder) => folder !== "" && splitNamed(nameOf(folder)) === undefined);
    this.#aboveClasses = new Set(classes.map(folderOf));
    this.#nameSplits();
  }

  /** Whether folders with pictures lie in this one. */
  isAbovePictures(folder: string): boolean {
    return this.#above.has(folder);
  }

  /** The split that a folder or one above it names; the outermost counts. */
  splitOf(folder: string): Split | undefined {
    return withThoseAbove(folder)
      .map((each) => this.#splits.get(each))
      .find(Boolean);
  }

  /**
   * The split of a picture whose label a metadata.jsonl says. The end of that folder's own name counts only where the folder
   * has a description of its own: it may be a class's all the same, `bullet-train` beside `crash-test`.
   */
  splitOfDescribed(path: string): Split | undefined {
    const folder = folderOf(path);
    if (this.#described.has(folder)) return this.splitOf(folder);
    return this.splitOf(folderOf(folder)) ?? (folder === "" ? undefined : splitNamed(nameOf(folder)));
  }

  /**
   * The class that a folder is of: its name, unless that is a split's. Directly below a folder that names a split, a split's
   * name is a class too (`train/train/`, `test/val/`). So is `train` with pictures, and no folder of pictures, in it beside
   * a class with pictures in it (`train/1.png`, `bus/1.png`). `test` and `val` are not: pictures that lie in them like this
   * are more often ones that nobody has labelled.
   */
  labelOf(folder: string): string | undefined {
    const [name, above] = [nameOf(folder), folderOf(folder)];
    if (folder === "") return undefined;
    if (splitNamed(name) === undefined || this.#splits.has(above)) return name;
    const holdsPicturesOnly = this.#holding.has(folder) && !this.#above.has(folder);
    return splitNamed(name) === "train" && holdsPicturesOnly && this.#aboveClasses.has(above) ? name : undefined;
  }

  /** A name that only ends in a split's counts beside one of another split: a class may be called `bullet-train`. */
  #nameSplits(): void {
    const beside = new Map<string, Set<Split>>();
    const folders = new Set([...this.#holding, ...this.#above].filter((folder) => folder !== ""));
    for (const folder of folders) {
      const split = splitAtEnd(nameOf(folder));
      if (split === undefined) continue;
      const above = folderOf(folder);
      beside.set(above, (beside.get(above) ?? new Set()).add(split));
    }
    for (const folder of folders) {
      const isOneOfSeveral = (beside.get(folderOf(folder))?.size ?? 0) > 1;
      const split = splitNamed(nameOf(folder)) ?? (isOneOfSeveral ? splitAtEnd(nameOf(folder)) : undefined);
      if (split !== undefined) this.#splits.set(folder, split);
    }
  }
}
