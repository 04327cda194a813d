/** `rog schema`: the JSON Schema of a spec, for editors. */
import { z } from "zod";
import { specSchema } from "../experiment/spec.ts";
import { flagsText, readFlags } from "./arguments.ts";

const flags = { help: { type: "boolean", help: "print this", short: "h" } } as const;

/** @returns the exit code */
export function run(args: readonly string[]): Promise<number> {
  const given = readFlags("schema", args, flags);
  if (given.help) {
    process.stdout.write(`rog schema: the JSON Schema of a spec\n\n${flagsText(flags)}`);
    return Promise.resolve(0);
  }
  const schema = z.toJSONSchema(specSchema, { io: "input", unrepresentable: "any" });
  process.stdout.write(`${JSON.stringify({ ...schema, title: "rog spec, version 1" }, null, 2)}\n`);
  return Promise.resolve(0);
}
