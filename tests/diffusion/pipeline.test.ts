import { describe, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { brokenBackend } from "../backends/broken-backend.ts";
import { ddimSteps } from "../../src/diffusion/ddim.ts";
import type { LatentDiffusion } from "../../src/diffusion/pipeline.ts";
import { DiffusionPipeline } from "../../src/diffusion/pipeline.ts";
import { pndmSteps } from "../../src/diffusion/pndm.ts";
import { sample } from "../../src/diffusion/sampler.ts";
import { noised, scaledLinearSchedule } from "../../src/diffusion/schedule.ts";
import { NonFiniteError, OutOfMemoryError } from "../../src/errors.ts";
import { trace } from "../../src/graph/graph.ts";
import { add, affine, mul, tanh } from "../../src/graph/ops/elementwise.ts";
import { gather } from "../../src/graph/ops/embedding.ts";
import { reshape, slice } from "../../src/graph/ops/shape.ts";
import { fillNormal, streamKey } from "../../src/random.ts";

const schedule = scaledLinearSchedule();

/** How strongly the stand-in's prediction depends on the timestep. */
const gain = (timestep: number): number => 0.2 + timestep / 1000;

/** A model with a closed form: eps = tanh(x) · gain(t) + context. */
const model: LatentDiffusion = {
  denoise: (latents, timesteps, context) => {
    const n = latents.shape[0]!;
    const table = latents.graph.constant(
      Float32Array.from({ length: 1000 }, (_, t) => gain(t)),
      [1000, 1],
    );
    const scaled = mul(tanh(latents), reshape(gather(table, timesteps), [n, 1, 1, 1]));
    return add(scaled, reshape(context, [n, 1, 1, 1]));
  },
  decode: (latents) => affine(slice(latents, 0, 3), 1),
  latentShape: [2, 2, 4],
  contextShape: [1, 1],
  resolution: 2,
};

describe("a pipeline's latents", () => {
  const samplers = { ddim: ddimSteps(schedule, 7), pndm: pndmSteps(schedule, 7) };
  test.each(["ddim", "pndm"] as const)("of %s with guidance equal the sampler's loop on the host", async (name) => {
    const steps = samplers[name];
    const guidance = 3;
    const backend = new ReferenceBackend();
    const variables = backend.variables();
    const options = { batch: 2, steps, guidance, unconditional: Float32Array.of(0.1) };
    const pipeline = await DiffusionPipeline.create(backend, variables, model, options);
    const requests = [0.3, -0.2].map((context, index) => ({ context: Float32Array.of(context), sample: index + 5 }));
    await pipeline.generate(requests, 1, "test");
    const latents = await variables.get("sampler.latents");
    requests.forEach(({ context, sample: number }, index) => {
      const noise = new Float32Array(16);
      fillNormal(noise, streamKey(1, "test"), number, 0);
      const expected = sample(steps, Float64Array.from(noise), (x, t) =>
        x.map((value) => {
          const eps = Math.tanh(value) * gain(t);
          return (1 - guidance) * (eps + 0.1) + guidance * (eps + context[0]!);
        }),
      );
      expected.forEach((value, i) => {
        expect(Math.abs(latents[index * 16 + i]! - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      });
    });
  });

  test("of a call with starts and the end of a sampler equal the loop from there on the host", async () => {
    const steps = ddimSteps(schedule, 10, { noiseLevel: 0.5 });
    const backend = new ReferenceBackend();
    const variables = backend.variables();
    const options = { batch: 2, steps: ddimSteps(schedule, 7), guidance: 3, unconditional: Float32Array.of(0.1) };
    const pipeline = await DiffusionPipeline.create(backend, variables, model, options);
    const clean = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
    const start = noised(schedule, steps[0]!.timestep, clean, 1, "test", 4);
    await pipeline.generate([{ context: Float32Array.of(0.1), sample: 4, start }], 1, "test", { steps });
    const latents = await variables.get("sampler.latents");
    // Both contexts are alike, so guidance changes nothing.
    const expected = sample(steps, Float64Array.from(start), (x, t) => x.map((v) => Math.tanh(v) * gain(t) + 0.1));
    expected.forEach((value, i) => {
      expect(Math.abs(latents[i]! - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
    });
    const wrong = pipeline.generate([{ context: Float32Array.of(0), sample: 0, start: clean.subarray(1) }], 1, "test");
    await expect(wrong).rejects.toThrow("pipeline: start: expected [2, 2, 4], got [15]");
  });

  test("can be read after each step, batch by batch, and change nothing by that", async () => {
    const steps = pndmSteps(schedule, 5);
    const backend = new ReferenceBackend();
    const variables = backend.variables();
    const options = { batch: 2, steps, guidance: 3, unconditional: Float32Array.of(0.1) };
    const pipeline = await DiffusionPipeline.create(backend, variables, model, options);
    const requests = [0.3, -0.2, 0.1].map((context, index) => ({ context: Float32Array.of(context), sample: index }));
    const unwatched = await pipeline.generate(requests, 1, "test");
    const seen: { step: number; of: number; first: number; latents: Float32Array }[] = [];
    const watched = await pipeline.generate(requests, 1, "test", {
      onStep: async ({ step, of, first, count, latents }) => {
        const values = await latents();
        expect(values).toHaveLength(count * 16);
        seen.push({ step, of, first, latents: values });
      },
    });
    expect(watched).toEqual(unwatched);
    const of = steps.length;
    const numbers = steps.map((_, i) => i + 1);
    expect(seen.map(({ first, step }) => [first, step])).toEqual(
      [0, 2].flatMap((first) => numbers.map((n) => [first, n])),
    );
    expect(seen.every((view) => view.of === of)).toBe(true);
    // The last batch's last latents are those that were decoded, and each step's are its own.
    expect(seen.at(-1)!.latents).toEqual((await variables.get("sampler.latents")).slice(0, 16));
    expect(new Set(seen.map(({ latents }) => latents.join())).size).toBe(seen.length);
  });

  test.each(["ddim", "pndm"] as const)("of %s remember nothing of a batch that was not finite", async (name) => {
    const backend = new ReferenceBackend();
    const options = { batch: 2, steps: samplers[name], guidance: 3, unconditional: Float32Array.of(0.1) };
    const open = () => DiffusionPipeline.create(backend, backend.variables(), model, options);
    const request = (context: number, number: number) => ({ context: Float32Array.of(context), sample: number });
    const good = [request(0.3, 5), request(-0.2, 6), request(0.1, 7)];
    const expected = await (await open()).generate(good, 1, "test");
    const pipeline = await open();
    const making = pipeline.generate([...good, request(NaN, 9)], 1, "test");
    const steps = samplers[name].length;
    await expect(making).rejects.toThrow(new NonFiniteError("test: image 3, sample 9", steps, NaN));
    expect(await pipeline.generate(good, 1, "test")).toEqual(expected);
  });

  test("need timesteps that are whole numbers: other ids are refused", () => {
    expect(() => trace((g) => ({ y: gather(g.input("table", [4, 4]), g.input("ids", [2])) }))).toThrow(
      "gather: element type of ids: expected u32, got f32",
    );
  });
});

test.each([0, 1])("a pipeline whose program %s finds no memory leaves nothing to a smaller one", async (failing) => {
  const { backend, alive } = brokenBackend(failing);
  const variables = backend.variables();
  variables.set("weight", { shape: [1], dtype: "f32" }, Float32Array.of(1));
  const options = { batch: 4, steps: ddimSteps(schedule, 2), guidance: 3, unconditional: Float32Array.of(0.1) };
  await expect(DiffusionPipeline.create(backend, variables, model, options)).rejects.toThrow(OutOfMemoryError);
  expect(alive.size).toBe(0);
  expect(variables.names()).toEqual(["weight"]);
  const smaller = await DiffusionPipeline.create(backend, variables, model, { ...options, batch: 2 });
  expect(await smaller.generate([{ context: Float32Array.of(0.3), sample: 0 }], 1, "test")).toHaveLength(1);
});
