/** Reads a spec from YAML and says of each mistake where it stands. */
import { isMap, isNode, LineCounter, parseDocument, type Document } from "yaml";
import { ConfigError, FormatError } from "../errors.ts";
import { nearestName } from "../nearest-name.ts";
import { specOrigins, type SpecOrigins } from "./spec-origins.ts";
import { specSchema, type Spec } from "./spec.ts";

/** Longest spec that is read, in characters. */
const maximumLength = 256 * 1024;

type Issue = Extract<ReturnType<typeof specSchema.safeParse>, { success: false }>["error"]["issues"][number];
type Path = readonly PropertyKey[];

/** Where an issue stands; no offset when an override brought it in. */
interface Mistake {
  readonly issue: Issue;
  readonly path: Path;
  readonly offset: number | null;
}

/** A spec with its defaults filled in, and where each of its values comes from. */
export interface ResolvedSpec {
  readonly spec: Spec;
  readonly origins: SpecOrigins;
}

/** A spec from YAML, without its origins. @see resolveSpec */
export function parseSpec(text: string, file = "spec", overrides: readonly string[] = []): Spec {
  return resolveSpec(text, file, overrides).spec;
}

/**
 * A spec from YAML (or JSON, which is YAML), with its defaults filled in.
 *
 * @param text the file's text; an empty one is all defaults
 * @param file its name, for messages
 * @param overrides `train.rate=0.05`: set after reading, the value read as YAML
 * @throws FormatError when the text is not YAML: `rog.yaml:3:1: expected YAML, got …`
 * @throws ConfigError when a value is not what the schema says: `rog.yaml:31:7 train.rate: expected a number > 0, got
 *   "fast"`; of several mistakes the one that stands first
 */
export function resolveSpec(text: string, file: string, overrides: readonly string[]): ResolvedSpec {
  if (text.length > maximumLength)
    throw new FormatError(file, `at most ${String(maximumLength)} characters`, String(text.length));
  requireShallow(text, file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // A tag that nobody knows is a warning to the parser.
  const error = document.errors[0] ?? document.warnings[0];
  if (error) throw new FormatError(`${file}:${position(lines, error.pos[0])}`, "YAML", error.message);
  for (const override of overrides) applyOverride(document, override);
  const result = specSchema.safeParse(toPlain(document, file));
  if (!result.success) throw firstMistake(result.error.issues, document, lines, file);
  const placeOf = (offset: number): string => `${file}:${position(lines, offset)}`;
  return { spec: result.data, origins: specOrigins(result.data, document, placeOf) };
}

/** Brackets inside each other, or dashes before a line's first value, that a spec has at most. */
const maximumDepth = 64;

/** The parser goes as deep as its text, until no memory is left. @throws FormatError naming the line */
function requireShallow(text: string, file: string): void {
  let open = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const dashes = /^[\s\-?]*/.exec(line)![0].replaceAll(/\s/g, "").length;
    open += line.replaceAll(/[^[{]/g, "").length - line.replaceAll(/[^\]}]/g, "").length;
    if (Math.max(dashes, open) <= maximumDepth) continue;
    const where = `${file}:${String(index + 1)}:1`;
    throw new FormatError(where, `at most ${String(maximumDepth)} lists inside each other`, line.slice(0, 80));
  }
}

function toPlain(document: Document, file: string): unknown {
  try {
    // A document without content is null: all defaults.
    return (document.toJS({ maxAliasCount: 50 }) as unknown) ?? {};
  } catch (error) {
    throw new FormatError(file, "YAML without dangling or runaway aliases", String(error));
  }
}

function applyOverride(document: Document, override: string): void {
  const cut = override.indexOf("=");
  const path = override.slice(0, Math.max(cut, 0)).split(".");
  if (cut < 1 || path.includes("")) throw new ConfigError("override", "field.field=value", JSON.stringify(override));
  requireShallow(override, path.join("."));
  const value = parseDocument(override.slice(cut + 1), { prettyErrors: false });
  const error = value.errors[0] ?? value.warnings[0];
  if (error) throw new ConfigError(path.join("."), "a YAML value", JSON.stringify(override.slice(cut + 1)));
  try {
    document.setIn(path, document.createNode(value.toJS()));
  } catch {
    throw new ConfigError(path.join("."), "a field inside named fields", JSON.stringify(override));
  }
}

function firstMistake(issues: readonly Issue[], document: Document, lines: LineCounter, file: string): ConfigError {
  const mistakes = issues.flatMap((issue): Mistake[] =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ issue, path: [...issue.path, key], offset: keyOffset(document, issue.path, key) }))
      : [{ issue, path: issue.path, offset: valueOffset(document, issue.path) }],
  );
  mistakes.sort((a, b) => (a.offset ?? Infinity) - (b.offset ?? Infinity));
  const { issue, path, offset } = mistakes[0]!;
  const place = offset === null ? "" : `${file}:${position(lines, offset)}`;
  const where = [place, pathText(path)].filter((part) => part !== "").join(" ");
  if (issue.code === "unrecognized_keys") return unknownField(where, issue.path, String(path.at(-1)));
  return new ConfigError(where, issue.message, describe(document, path));
}

function unknownField(where: string, parent: Path, key: string): ConfigError {
  const names = fieldNames(parent);
  const nearest = nearestName(key, names);
  const expected = nearest === null ? `one of ${names.join(", ")}` : `a known field (did you mean ${nearest}?)`;
  return new ConfigError(where, expected, key);
}

/** Field names of the schema's group at a path: the keys of what an empty group is filled with. */
function fieldNames(path: Path): string[] {
  const filled = path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    specSchema.parse({}),
  );
  return Object.keys(filled ?? {});
}

function valueOffset(document: Document, path: Path): number | null {
  const node = document.getIn(path, true);
  return isNode(node) && node.range ? node.range[0] : null;
}

function keyOffset(document: Document, parent: Path, key: string): number | null {
  const map = parent.length === 0 ? document.contents : document.getIn(parent, true);
  if (!isMap(map)) return null;
  const pair = map.items.find((item) => String(item.key) === key);
  return isNode(pair?.key) && pair.key.range ? pair.key.range[0] : null;
}

function describe(document: Document, path: Path): string {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const value: unknown = isNode(node) ? node.toJS(document) : node;
  if (value === undefined) return "nothing";
  return typeof value === "number" ? String(value) : JSON.stringify(value).slice(0, 120);
}

function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${String(part)}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function position(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${String(line)}:${String(col)}`;
}

function plainOrNothing(document: Document): unknown {
  try {
    return toPlain(document, "spec");
  } catch {
    return undefined; // runaway aliases, of which `parseSpec` tells
  }
}

/**
 * The files of methods that a spec names, before it is read as a whole: their ids are conditions that it may name.
 *
 * @returns as written; none where the text is not YAML, which `parseSpec` then says
 */
export function methodFilesOf(text: string, overrides: readonly string[] = []): string[] {
  requireShallow(text, "spec");
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return [];
  for (const override of overrides.filter((one) => one.startsWith("methods"))) applyOverride(document, override);
  const spec = plainOrNothing(document);
  const methods = typeof spec === "object" && spec !== null && "methods" in spec ? spec.methods : undefined;
  const files = typeof methods === "object" && methods !== null && "files" in methods ? methods.files : methods;
  const list = Array.isArray(files) ? (files as unknown[]) : [files];
  return list.filter((file) => typeof file === "string");
}
