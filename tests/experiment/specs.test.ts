import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { conditionIds } from "../../src/experiment/conditions.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";

const specs = readdirSync("specs").filter((name) => name.endsWith(".yaml"));

test.each(specs)("specs/%s is read without a mistake", (name) => {
  const spec = parseSpec(readFileSync(join("specs", name), "utf8"), name);
  expect(`${spec.name}.yaml`).toBe(name);
});

test("mini-all runs every condition of the project", () => {
  const { conditions } = parseSpec(readFileSync("specs/mini-all.yaml", "utf8"));
  expect([...conditions].sort()).toEqual([...conditionIds()].sort());
});
