import { describe, expect, test } from "vitest";
import { ddimSteps } from "../../src/diffusion/ddim.ts";
import { pndmSteps } from "../../src/diffusion/pndm.ts";
import { sample, type NoiseModel, type SamplerStep } from "../../src/diffusion/sampler.ts";
import { leadingTimesteps, noisingWeights, scaledLinearSchedule } from "../../src/diffusion/schedule.ts";
import { ConfigError, ShapeError } from "../../src/errors.ts";
import fixture from "../fixtures/diffusion/samplers.json" with { type: "json" };

const schedule = scaledLinearSchedule();

/** Both sides compute in f64; what is left is the order of operations, far below the 1e-5 that is asked for. */
const tolerance = 1e-9;

/** The exact noise of the fixture's 1-D Gaussian mixture. */
const mixtureNoise: NoiseModel = (x, t) => {
  const a = schedule.alphasCumprod[t] ?? NaN;
  const { weights, means, stds } = fixture.mixture;
  return x.map((value) => {
    let total = 0;
    let score = 0;
    weights.forEach((weight, k) => {
      const mean = Math.sqrt(a) * (means[k] ?? NaN);
      const variance = a * (stds[k] ?? NaN) ** 2 + 1 - a;
      const density = (weight / Math.sqrt(variance)) * Math.exp(-((value - mean) ** 2) / (2 * variance));
      total += density;
      score -= (density * (value - mean)) / variance;
    });
    return (-Math.sqrt(1 - a) * score) / total;
  });
};

interface Trajectory {
  timesteps: number[];
  path: number[][];
}

function expectTrajectory(steps: SamplerStep[], expected: Trajectory, noise?: (step: number) => Float64Array): void {
  expect(steps.map((step) => step.timestep)).toEqual(expected.timesteps);
  const seen: Float64Array[] = [];
  const end = sample(
    steps,
    Float64Array.from(fixture.start),
    (x, t) => {
      seen.push(x);
      return mixtureNoise(x, t);
    },
    noise,
  );
  const path = [...seen.slice(1), end];
  expect(path.length).toBe(expected.path.length);
  path.forEach((x, i) =>
    x.forEach((value, j) => expect(Math.abs(value - (expected.path[i]?.[j] ?? NaN))).toBeLessThan(tolerance)),
  );
}

describe("schedule", () => {
  test("alphasCumprod has Stable Diffusion's golden values", () => {
    const golden: Record<number, number> = {
      0: 0.99915,
      1: 0.9982960278384514,
      21: 0.9803807481013713,
      200: 0.7536920451608515,
      500: 0.2763326838229746,
      961: 0.007281727140942984,
      981: 0.005775500139495751,
      999: 0.004660098513077238,
    };
    for (const [t, alpha] of Object.entries(golden)) expect(schedule.alphasCumprod[Number(t)]).toBeCloseTo(alpha, 13);
    for (const [t, alpha] of Object.entries(fixture.alphas))
      expect(schedule.alphasCumprod[Number(t)]).toBeCloseTo(alpha, 13);
    const last = noisingWeights(schedule, 999);
    expect(last.noise / last.signal).toBeCloseTo(14.614641, 6);
  });

  test("leading timesteps at 50 steps are 981, 961, …, 1", () => {
    const timesteps = leadingTimesteps(schedule, 50);
    expect(timesteps.length).toBe(50);
    expect(timesteps.slice(0, 3)).toEqual([981, 961, 941]);
    expect(timesteps.at(-1)).toBe(1);
  });

  test("a step count that runs past the schedule is refused", () => {
    expect(() => leadingTimesteps(schedule, 1000)).toThrow(ConfigError);
    expect(() => leadingTimesteps(schedule, 0)).toThrow(ConfigError);
    expect(() => leadingTimesteps(schedule, 2.5)).toThrow(ConfigError);
  });
});

describe("samplers follow diffusers on an analytic model", () => {
  test("DDIM, 50 steps", () => expectTrajectory(ddimSteps(schedule, 50), fixture.ddim50));
  test("DDIM, 7 steps that do not divide the schedule", () => expectTrajectory(ddimSteps(schedule, 7), fixture.ddim7));
  test("DDIM from part-way, at noise level 0.2", () =>
    expectTrajectory(ddimSteps(schedule, 50, { noiseLevel: 0.2 }), fixture.ddimPartial));
  test("DDIM with eta 0.6 and given noise", () =>
    expectTrajectory(ddimSteps(schedule, 20, { eta: 0.6 }), fixture.ddimEta, (i) =>
      Float64Array.from(fixture.noise[i] ?? []),
    ));
  test("PNDM, 50 steps in 51 evaluations", () => {
    expect(pndmSteps(schedule, 50).length).toBe(51);
    expectTrajectory(pndmSteps(schedule, 50), fixture.pndm50);
  });
  test("PNDM, 7 and 2 steps", () => {
    expectTrajectory(pndmSteps(schedule, 7), fixture.pndm7);
    expectTrajectory(pndmSteps(schedule, 2), fixture.pndm2);
  });
});

describe("sample", () => {
  test("leaves the start as it was", () => {
    const start = Float64Array.from(fixture.start);
    sample(ddimSteps(schedule, 3), start, mixtureNoise);
    expect([...start]).toEqual(fixture.start);
  });

  test("refuses a model output of another length, missing noise and missing history", () => {
    const start = new Float64Array(3);
    expect(() => sample(ddimSteps(schedule, 3), start, () => new Float64Array(2))).toThrow(ShapeError);
    expect(() => sample(ddimSteps(schedule, 3, { eta: 1 }), start, (x) => x)).toThrow(ShapeError);
    expect(() => sample(pndmSteps(schedule, 5).slice(1), start, (x) => x)).toThrow(ShapeError);
  });

  test("options out of range are refused", () => {
    expect(() => ddimSteps(schedule, 5, { eta: -1 })).toThrow(ConfigError);
    expect(() => ddimSteps(schedule, 50, { noiseLevel: -0.1 })).toThrow(ConfigError);
    expect(() => ddimSteps(schedule, 50, { noiseLevel: NaN })).toThrow(ConfigError);
  });
});
