/** Files that leave the page: saved by the browser, sent nowhere. */

/** Types by the end of a name, for browsers that look at them. */
const types: Readonly<Record<string, string>> = {
  csv: "text/csv",
  html: "text/html",
  jpg: "image/jpeg",
  json: "application/json",
  md: "text/markdown",
  png: "image/png",
  svg: "image/svg+xml",
  zip: "application/zip",
};

/** How long a browser may take to begin with a file before its address is given back, in milliseconds. */
const patience = 60_000;

/**
 * Lets the browser save a file.
 *
 * @param name that is offered for it
 * @param content bytes, which are saved as they are, or text, which is saved as UTF-8
 */
export function saveFile(name: string, content: Uint8Array | string): void {
  const type = types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  const url = URL.createObjectURL(new Blob([content as Uint8Array<ArrayBuffer> | string], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, patience);
}
