/** Which of the kept files earlier builds of the page wrote. */

/**
 * Scripts and styles below `assets/` that the present build did not write, and files of recorded runs that are not among the present
 * ones. The build's list has only these two kinds, so others, such as WebAssembly, stay: they may be the present build's.
 *
 * @param kept addresses of kept files
 * @param built addresses of the present build's scripts and styles; without any the list is not known, and everything stays
 * @param recorded addresses of the present recorded runs' files; without any these stay
 */
export function ofEarlierBuilds(
  kept: readonly string[],
  built: readonly string[],
  recorded: readonly string[],
): string[] {
  if (built.length === 0) return [];
  const isEarlier = (url: string, of: RegExp, now: readonly string[]): boolean => of.test(url) && !now.includes(url);
  return kept.filter(
    (url) =>
      isEarlier(url, /\/assets\/[^?]+\.(js|css)$/, built) ||
      (recorded.length > 0 && isEarlier(url, /\/recorded\//, recorded)),
  );
}
