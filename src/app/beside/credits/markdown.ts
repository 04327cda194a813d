/** The Markdown of a credits file as blocks that a page can show without trusting it: text, links, tables, lists. */

/** A piece of a line. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "strong"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

/** A part of a document. */
export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "paragraph"; readonly inlines: readonly Inline[] }
  | { readonly kind: "table"; readonly head: readonly string[]; readonly rows: readonly (readonly Inline[][])[] };

/** Links to the web, in either form, and bold text; everything else is text. */
const marks = /\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)|(https?:\/\/[^\s)<>]*[\w/])|\*\*([^*]+)\*\*/g;

/** A line's pieces. No other address than `http` and `https` becomes a link. */
export function inlinesOf(line: string): Inline[] {
  const pieces: Inline[] = [];
  let at = 0;
  const addText = (text: string): void => {
    if (text !== "") pieces.push({ kind: "text", text });
  };
  for (const match of line.matchAll(marks)) {
    const [whole, label, labelled, bare, strong] = match;
    addText(line.slice(at, match.index));
    const href = labelled ?? bare;
    if (href !== undefined) pieces.push({ kind: "link", text: label ?? href, href });
    else pieces.push({ kind: "strong", text: strong! });
    at = match.index + whole.length;
  }
  addText(line.slice(at));
  return pieces;
}

/** A document's parts. Empty lines part paragraphs; lines of one paragraph are joined. */
export function blocksOf(markdown: string): Block[] {
  return markdown
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .flatMap(blocksOfPart);
}

function blocksOfPart(part: string): Block[] {
  const lines = part.split("\n");
  const heading = /^(#{1,6}) (.+)$/.exec(lines[0]!);
  if (heading) {
    const first: Block = { kind: "heading", level: heading[1]!.length, text: heading[2]! };
    return lines.length > 1 ? [first, ...blocksOfPart(lines.slice(1).join("\n"))] : [first];
  }
  if (lines.length > 1 && /^\|[\s:|-]+\|$/.test(lines[1]!)) {
    const [head, , ...rows] = lines.map(cellsOf);
    return [{ kind: "table", head: head!, rows: rows.map((row) => row.map(inlinesOf)) }];
  }
  return [{ kind: "paragraph", inlines: inlinesOf(lines.map((line) => line.trim()).join(" ")) }];
}

const cellsOf = (line: string): string[] =>
  line
    .replace(/^\s*\||\|\s*$/g, "")
    .split("|")
    .map((cell) => cell.trim());
