import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { presets } from "../../src/app/presets.ts";
import { conditionIds } from "../../src/experiment/conditions.ts";
import { demoSpec } from "../../src/experiment/demo-spec.ts";
import { deviations } from "../../src/experiment/deviations.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";

const specs = readdirSync("specs").filter((name) => name.endsWith(".yaml"));

test.each(specs)("specs/%s is read without a mistake", (name) => {
  const spec = parseSpec(readFileSync(join("specs", name), "utf8"), name);
  expect(`${spec.name}.yaml`).toBe(name);
});

test("the paper's recipes depart in the world, the checker and how learning is done alone", () => {
  const departures = (name: string) => deviations(parseSpec(readFileSync(`specs/${name}.yaml`, "utf8")), name).slice(1);
  const safety = "The safety filter goes by concepts in CLIP's words instead of Stable Diffusion's checker.";
  const means = "Methods learn on the means of the VAE's posterior instead of on samples of it.";
  expect(departures("imagenet")).toEqual([safety, means, expect.stringMatching(/^ft-cluster clusters CLIP's/)]);
  expect(departures("caltech256")).toEqual([
    "Batch size: 1024, the paper's for Caltech256, instead of 256, which is ImageNet's.",
    "First learning rate: 0.003, the paper's for Caltech256, instead of 0.1, which is ImageNet's.",
    safety,
    means,
  ]);
});

test("the mini world's runs keep their sampler, and no limit on scores that its pool does not have", () => {
  const mini = specs
    .filter((name) => name.startsWith("mini-"))
    .map((name) => readFileSync(join("specs", name), "utf8"));
  const page = presets.map(({ spec }) => JSON.stringify(spec));
  for (const text of [demoSpec, ...mini, ...page]) {
    const { generator, retrieval, production } = parseSpec(text);
    expect(generator).toMatchObject({ sampler: "ddim", steps: 20, guidance: 3 });
    expect(retrieval).toEqual({
      ...{ per: "largest", factor: 1.4, rounds: 10, duplicates: "calibrate", minAesthetics: "off", maxUnsafe: "off" },
    });
    expect(production.per).toBe("class");
  }
});

test("mini-all runs every condition of the project", () => {
  const { conditions } = parseSpec(readFileSync("specs/mini-all.yaml", "utf8"));
  expect([...conditions].sort()).toEqual([...conditionIds()].sort());
});
