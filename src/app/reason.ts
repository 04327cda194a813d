/** What went wrong, in the words of the error. @param error anything that was thrown */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
