/** Links WGSL files: a line `import lib::activation;` stands for the text of `lib/activation.wgsl`, once. */
import { MissingError } from "../../errors.ts";

const importLine = /^import ([a-z0-9_]+(?:::[a-z0-9_]+)*);[ \t]*$/gm;

/**
 * The text of a shader with its imports in front of their first use.
 *
 * @param path of the entry file, such as `gemm/gemm_nn.wgsl`
 * @param sources file texts by path
 * @throws MissingError when a file is not there
 */
export function link(path: string, sources: ReadonlyMap<string, string>, seen = new Set<string>()): string {
  const source = sources.get(path);
  if (source === undefined) throw new MissingError("link", `shader ${path}`);
  seen.add(path);
  return source.replace(importLine, (_, name: string) => {
    const imported = `${name.split("::").join("/")}.wgsl`;
    return seen.has(imported) ? "" : link(imported, sources, seen);
  });
}
