/** What all figures are made of. */
import { ink, looks } from "./palette.ts";
import type { Family } from "./conditions.ts";

/** Escapes text for HTML and SVG, in content and in attributes. */
export function escapeText(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Text of so many letters at most, an ellipsis where it is cut: a class may list many lemmas. */
export function shorten(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`;
}

/** Room for a line of text, from above: no font is at hand to measure it, and those of most systems are narrower. @param size of the font */
export const textWidth = (text: string, size: number): number => Math.ceil(0.52 * size * text.length);

/** A coordinate with two digits. */
export const fixed = (value: number): string => value.toFixed(2);

/**
 * A whole SVG document on white.
 *
 * @param label what it shows, in a sentence, for those who do not see it
 * @param content SVG text
 */
export function svgDocument(width: number, height: number, label: string, content: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" role="img" aria-label="${escapeText(label)}">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>${content}</svg>`
  );
}

/** A family's mark, small, for figures with many of them and for their legends. @param x, y coordinates as text */
export function smallMark(family: Family, x: string, y: string): string {
  const { fill, mark } = looks[family];
  return `<path d="${mark}" transform="translate(${x},${y}) scale(0.7)" fill="${fill}" stroke="${ink}" stroke-width="1.8"/>`;
}
