import { readFile, readdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { run as schema } from "../../src/cli/schema.ts";
import { specSchema } from "../../src/experiment/spec.ts";

type JsonSchema = Exclude<Parameters<typeof z.fromJSONSchema>[0], boolean>;

async function printed(): Promise<JsonSchema> {
  const parts: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((part) => parts.push(String(part)) > 0);
  try {
    expect(await schema([])).toBe(0);
  } finally {
    spy.mockRestore();
  }
  return JSON.parse(parts.join("")) as JsonSchema;
}

test("ranges of numbers are in the schema, so that an editor refuses what a run would", async () => {
  const json = await printed();
  const field = (...path: readonly string[]): unknown =>
    path.reduce<JsonSchema>((at, name) => (at.properties as Record<string, JsonSchema>)[name]!, json);
  expect(field("train", "rate")).toMatchObject({ type: "number", exclusiveMinimum: 0 });
  expect(field("train", "batch")).toMatchObject({ type: "integer", minimum: 1, maximum: 65536 });
  expect(field("train", "stop")).toMatchObject({ type: "integer", minimum: 1 });
  expect(field("train", "momentum")).toMatchObject({ type: "number", minimum: 0, maximum: 1 });
  const reader = z.fromJSONSchema(json);
  const accepts = (spec: unknown): boolean => reader.safeParse(spec).success;
  for (const train of [{ rate: -1 }, { rate: 0 }, { batch: 0 }, { batch: 1.5 }, { batch: 65537 }, { momentum: 1.1 }]) {
    expect(accepts({ train }), JSON.stringify(train)).toBe(false);
    expect(specSchema.safeParse({ train }).success).toBe(false);
  }
  expect(accepts({ train: { rate: 0.1, batch: 64, momentum: 0 } })).toBe(true);
});

test("the schema accepts the specs that come with the project, and all that stands in for what they leave out", async () => {
  const reader = z.fromJSONSchema(await printed());
  const folder = new URL("../../specs/", import.meta.url);
  for (const name of await readdir(folder)) {
    const given: unknown = parse(await readFile(new URL(name, folder), "utf8"));
    for (const spec of [given, specSchema.parse(given)]) expect(reader.safeParse(spec).error, name).toBeUndefined();
  }
});
