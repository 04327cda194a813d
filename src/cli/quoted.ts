/** Arguments as a shell takes them, in a command that a verb prints. */
export function quoted(args: readonly string[]): string {
  return args.map((arg) => (/^[\w./=:,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(" ");
}
