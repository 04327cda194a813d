import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { denoisingLoss, drawNoise, minSnrWeights } from "../../src/diffusion/denoising-loss.ts";
import { noisingWeights, scaledLinearSchedule } from "../../src/diffusion/schedule.ts";
import { trace } from "../../src/graph/graph.ts";
import { affine } from "../../src/graph/ops/elementwise.ts";

const schedule = scaledLinearSchedule();

test("a step's timesteps are one from each nth of the schedule, and all of it is visited", () => {
  const seen = new Set<number>();
  for (let step = 0; step < 2000; step++) {
    const { timesteps } = drawNoise(schedule, 8, 4, 1, "test", step);
    timesteps.forEach((t, i) => {
      expect(Math.floor(t / 125)).toBe(i);
      seen.add(t);
    });
  }
  // Each of 1,000 is missed with probability (1 − 1/125)^2000 ≈ 1e-7.
  expect(seen.size).toBe(1000);
});

test("a draw depends on its step alone, and its scalars are the schedule's", () => {
  const draw = drawNoise(schedule, 4, 6, 3, "test", 7);
  drawNoise(schedule, 4, 6, 3, "test", 8);
  expect(drawNoise(schedule, 4, 6, 3, "test", 7)).toEqual(draw);
  draw.timesteps.forEach((t, i) => {
    expect(draw.signal[i]).toBeCloseTo(noisingWeights(schedule, t).signal, 6);
    expect(draw.spread[i]).toBeCloseTo(noisingWeights(schedule, t).noise, 6);
  });
});

test("weights are 1 where noise rules and γ / SNR where the signal does", () => {
  const [clean, noisy] = minSnrWeights(schedule, Uint32Array.of(0, 999));
  const snr = schedule.alphasCumprod[0]! / (1 - schedule.alphasCumprod[0]!);
  expect(clean).toBeCloseTo(5 / snr, 7);
  expect(noisy).toBe(1);
});

test("the loss is the weighted mean of squared errors of the predicted noise", async () => {
  const backend = new ReferenceBackend();
  const n = 2;
  const graph = trace((g) => {
    const inputs = {
      latents: g.input("latents", [n, 1, 1, 4]),
      noise: g.input("noise", [n, 1, 1, 4]),
      signal: g.input("signal", [n]),
      spread: g.input("spread", [n]),
      timesteps: g.input("timesteps", [n], "u32"),
      weights: g.input("weights", [n]),
      context: g.input("context", [n, 1, 4]),
    };
    return { loss: denoisingLoss((noisy) => affine(noisy, 2), inputs) };
  });
  const program = await backend.compile(graph, backend.variables());
  const latents = Float32Array.of(1, 2, 3, 4, -1, -2, -3, -4);
  const noise = Float32Array.of(0.5, 0, -0.5, 1, 1, 1, -1, 0);
  const [signal, spread, weights] = [Float32Array.of(0.8, 0.6), Float32Array.of(0.6, 0.8), Float32Array.of(1, 0.25)];
  await program.run({
    latents,
    noise,
    signal,
    spread,
    weights,
    timesteps: Uint32Array.of(1, 2),
    context: new Float32Array(8),
  });
  const expected = latents.reduce((sum, z, i) => {
    const row = Math.floor(i / 4);
    const predicted = 2 * (signal[row]! * z + spread[row]! * noise[i]!);
    return sum + (weights[row]! * (predicted - noise[i]!) ** 2) / latents.length;
  }, 0);
  expect((await program.read("loss"))[0]).toBeCloseTo(expected, 5);
});
