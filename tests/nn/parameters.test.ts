import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { MissingError, ShapeError } from "../../src/errors.ts";
import { kaimingNormalFanOut, kaimingUniform, normal, ones } from "../../src/nn/initialisers.ts";
import { Linear } from "../../src/nn/linear.ts";
import { Parameters, initialise } from "../../src/nn/parameters.ts";

test("scopes give weights the checkpoint's names, and the prefix only the variables'", () => {
  const parameters = new Parameters("unet.");
  new Linear(parameters.scope("mid_block").scope("attentions.0"), 4, 8);
  expect(parameters.list().map(({ name, checkpointName }) => [name, checkpointName])).toEqual([
    ["unet.mid_block.attentions.0.weight", "mid_block.attentions.0.weight"],
    ["unet.mid_block.attentions.0.bias", "mid_block.attentions.0.bias"],
  ]);
  expect(parameters.count()).toBe(40);
  expect(() => parameters.get("mid_block.weight")).toThrow(MissingError);
});

test("a weight that is asked for twice is one weight, and must have one shape", () => {
  const parameters = new Parameters();
  const options = { layout: "plain", init: ones } as const;
  expect(parameters.declare("bias", [4], options)).toBe(parameters.declare("bias", [4], options));
  expect(() => parameters.declare("bias", [5], options)).toThrow(ShapeError);
});

test("half precision is for matrices; vectors and running statistics stay whole", () => {
  const parameters = new Parameters("", { dtype: "f16" });
  new Linear(parameters, 4, 8);
  expect(parameters.list().map(({ dtype }) => dtype)).toEqual(["f16", "f32"]);
});

test("first values depend on seed and name only", async () => {
  const draw = async (seed: number, names: readonly string[]) => {
    const parameters = new Parameters();
    for (const name of names) new Linear(parameters.scope(name), 16, 16);
    const variables = new ReferenceBackend().variables();
    initialise(parameters, variables, seed);
    return Array.from(await variables.get("b.weight"));
  };
  expect(await draw(1, ["a", "b"])).toEqual(await draw(1, ["b"]));
  expect(await draw(1, ["b"])).not.toEqual(await draw(2, ["b"]));
});

test("first values have the spread of PyTorch's rules", async () => {
  const parameters = new Parameters();
  const [fanIn, fanOut] = [64, 100];
  const draws = {
    uniform: { init: kaimingUniform(fanIn), std: 1 / Math.sqrt(3 * fanIn) },
    fanOut: { init: kaimingNormalFanOut(fanOut), std: Math.sqrt(2 / fanOut) },
    normal: { init: normal(0.02), std: 0.02 },
  };
  for (const [name, { init }] of Object.entries(draws))
    parameters.declare(name, [100, 100], { layout: "linear", init });
  const variables = new ReferenceBackend().variables();
  initialise(parameters, variables, 3);
  for (const [name, { std }] of Object.entries(draws)) {
    const values = Array.from(await variables.get(name));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // 10,000 draws: the standard error of the mean is std/100, of the deviation below std/140.
    expect(Math.abs(mean) / std).toBeLessThan(0.05);
    expect(Math.sqrt(variance) / std).toBeCloseTo(1, 1);
  }
});

test("first values may be scaled weight by weight", async () => {
  const draw = async (scale: number) => {
    const parameters = new Parameters();
    new Linear(parameters, 8, 8);
    const variables = new ReferenceBackend().variables();
    initialise(parameters, variables, 1, ({ checkpointName }) => (checkpointName === "weight" ? scale : 1));
    return [Array.from(await variables.get("weight")), Array.from(await variables.get("bias"))] as const;
  };
  const [[weight, bias], [doubled, sameBias]] = [await draw(1), await draw(2)];
  expect(doubled).toEqual(weight.map((value) => 2 * value));
  expect(sameBias).toEqual(bias);
});
