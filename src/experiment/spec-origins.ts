/** Where each value of a spec comes from: a file's line, an override, or the defaults. */
import { isMap, isNode, type Document } from "yaml";
import type { Spec } from "./spec.ts";

/**
 * By the path of a value, such as `train.rate`: `rog.yaml:31:9`, `override`, or `default`. A list counts as one value.
 */
export type SpecOrigins = Readonly<Record<string, string>>;

/**
 * The origins of all values of a spec.
 *
 * @param document what the spec was read from, overrides set in it
 * @param placeOf where an offset of the file is, such as `rog.yaml:31:9`
 */
export function specOrigins(spec: Spec, document: Document, placeOf: (offset: number) => string): SpecOrigins {
  const origins: Record<string, string> = {};
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0)
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
    else origins[path.join(".")] = originOf(document, path, placeOf);
  };
  visit(spec, []);
  return origins;
}

/** What stands at a path; `methods: ./mine.ts` is short for its `files`. */
function originOf(document: Document, path: readonly string[], placeOf: (offset: number) => string): string {
  let node: unknown = document.contents;
  for (const [depth, key] of path.entries()) {
    if (!isMap(node)) {
      if (path.slice(depth).join(".") !== "files") return "default";
      break;
    }
    node = node.get(key, true);
  }
  if (!isNode(node) || (isMap(node) && node.items.length > 0)) return "default";
  // What an override set was never in the file.
  return node.range ? placeOf(node.range[0]) : "override";
}
