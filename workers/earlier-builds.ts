/** Which of the kept files earlier builds of the page wrote. */

/**
 * Scripts and styles below `assets/` that the present build did not write. The build's list has only these two kinds, so others,
 * such as WebAssembly, stay: they may be the present build's.
 *
 * @param kept addresses of kept files
 * @param built addresses of the present build's scripts and styles; without any the list is not known, and everything stays
 */
export function ofEarlierBuilds(kept: readonly string[], built: readonly string[]): string[] {
  if (built.length === 0) return [];
  return kept.filter((url) => /\/assets\/[^?]+\.(js|css)$/.test(url) && !built.includes(url));
}
