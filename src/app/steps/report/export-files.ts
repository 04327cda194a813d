/** Which of a run's files the report offers, and how they are called. */

/** A run's files by what one does with them. Each list holds paths of the run. */
export interface ExportFiles {
  /** To read. */
  readonly report: readonly string[];
  /** For programs. */
  readonly data: readonly string[];
  readonly tables: readonly string[];
  readonly figures: readonly string[];
}

const data = [
  "results.json",
  "config.resolved.json",
  "metrics.jsonl",
  "events.jsonl",
  "confusions.json",
  "gallery.json",
];

/** Sorts out a run's files; what has no use outside the page, such as atlases, is only in the bundle. */
export function exportFiles(paths: readonly string[]): ExportFiles {
  return {
    report: paths.filter((path) => path === "report.html"),
    data: data.filter((path) => paths.includes(path)),
    tables: paths.filter((path) => /^tables\/[^/]+\.(csv|tex|md)$/.test(path)),
    figures: paths.filter((path) => /^figures\/[^/]+\.svg$/.test(path)),
  };
}

/** The name under which a file is saved: the last part of its path. */
export function fileName(path: string): string {
  return path.split("/").at(-1)!;
}

/** A figure's name: "figures/accuracy-dots.svg" is "accuracy-dots". */
export function figureName(path: string): string {
  return fileName(path).replace(/\.svg$/, "");
}
