import { expect, test } from "vitest";
import { z } from "zod";
import { parseLines } from "../../src/data/world.ts";
import { FormatError } from "../../src/errors.ts";

const schema = z.strictObject({ id: z.string() });
const parse = (text: string) => parseLines(new TextEncoder().encode(text), schema, "pool.jsonl");

test("blank lines are passed over and still counted", () => {
  expect(parse('{"id":"a"}\n\n{"id":"b"}\n')).toEqual([{ id: "a" }, { id: "b" }]);
  expect(() => parse('{"id":"a"}\n\n{"id":7}\n')).toThrow(/pool\.jsonl:3.*id/);
});

test("a line that is not JSON is a FormatError that names it and shows how it begins", () => {
  expect(() => parse('{"id":"a"}\n{"id": \n')).toThrow(FormatError);
  expect(() => parse('{"id":"a"}\n{"id": \n')).toThrow(/pool\.jsonl:2.*JSON.*\{"id": /);
});
