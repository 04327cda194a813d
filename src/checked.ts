import type { z } from "zod";
import { FormatError } from "./errors.ts";

/**
 * A value of a schema.
 *
 * @param where names the document in errors
 * @param what it should be, in words
 * @throws FormatError naming the first field that is wrong, and how
 */
export function checked<T>(value: unknown, schema: z.ZodType<T>, where: string, what: string): T {
  // Compiling a schema would need `unsafe-eval`, which the page's policy forbids.
  const parsed = schema.safeParse(value, { jitless: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.length === 0 ? where : `${where}: ${issue.path.join(".")}`;
  throw new FormatError(field, what, issue.message);
}
