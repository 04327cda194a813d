import { beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../../src/backends/backend.ts";
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openNodeDevice } from "../../src/cli/node-device.ts";
import { MissingError, ShapeError } from "../../src/errors.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { affine } from "../../src/graph/ops/elementwise.ts";
import { assign } from "../../src/graph/ops/optimizer.ts";
import { nodeBackend } from "./node-backend.ts";

let backend: WebGpuBackend;
beforeAll(async () => {
  backend = await nodeBackend();
});

const links = 20;

/** y = x + 20 by twenty kernels, each of which counts itself in a variable. */
const chain = (): Graph =>
  trace((g) => {
    let y = g.input("x", [64]);
    const count = g.parameter({ name: "count", shape: [64] });
    for (let link = 0; link < links; link++) {
      y = affine(y, 1, 1);
      assign(count, y);
    }
    return { y };
  });

/** A chain with one kernel a submit. */
async function slowChain(): Promise<{ program: Program; counted: () => Promise<number> }> {
  const variables = backend.variables();
  variables.set("count", { shape: [64], dtype: "f32" }, new Float32Array(64));
  const program = await backend.compile(chain(), variables, { submitMilliseconds: 0 });
  return { program, counted: async () => (await variables.get("count"))[63]! };
}

const zeros = new Float32Array(64);

describe("a run", () => {
  test("tells its progress after each submit, up to all", async () => {
    const { program } = await slowChain();
    const told: [number, number][] = [];
    const answer = await program.run({ x: zeros }, { onProgress: (done, all) => told.push([done, all]) });
    expect(answer).toBe("done");
    expect(told).toEqual(Array.from({ length: 2 * links }, (_, i) => [i + 1, 2 * links]));
    expect((await program.read("y"))[0]).toBe(links);
    program.dispose();
  });

  test("stops between submits when it is cancelled, and runs again from its inputs", async () => {
    const { program, counted } = await slowChain();
    const stop = new AbortController();
    const onProgress = (done: number): void => {
      if (done === 10) stop.abort();
    };
    expect(await program.run({ x: zeros }, { signal: stop.signal, onProgress })).toBe("cancelled");
    const stopped = await counted();
    expect(stopped).toBeGreaterThanOrEqual(5);
    expect(stopped).toBeLessThan(8);
    expect(await program.run()).toBe("done");
    expect((await program.read("y"))[0]).toBe(links);
    program.dispose();
  });

  test("that is cancelled before it begins runs nothing", async () => {
    const { program, counted } = await slowChain();
    expect(await program.run({ x: zeros }, { signal: AbortSignal.abort() })).toBe("cancelled");
    expect(await counted()).toBe(0);
    program.dispose();
  });

  test("stops between submits when its time is over", async () => {
    const { program, counted } = await slowChain();
    expect(await program.run({ x: zeros }, { budgetMilliseconds: 0 })).toBe("cancelled");
    expect(await counted()).toBe(0);
    let end = 0;
    const onProgress = (): void => {
      // Uses the time up after the first submit.
      while (performance.now() < end);
    };
    end = performance.now() + 30;
    expect(await program.run({ x: zeros }, { budgetMilliseconds: 20, onProgress })).toBe("cancelled");
    expect(await counted()).toBeLessThan(links);
    expect(await program.run({ x: zeros }, { budgetMilliseconds: 60_000 })).toBe("done");
    program.dispose();
  });

  test("has at most two submits in flight", async () => {
    const { program } = await slowChain();
    const { queue } = backend.device;
    const [submit, finished] = [queue.submit.bind(queue), queue.onSubmittedWorkDone.bind(queue)];
    let inFlight = 0;
    const seen: number[] = [];
    queue.submit = (buffers) => {
      inFlight++;
      seen.push(inFlight);
      submit(buffers);
    };
    queue.onSubmittedWorkDone = async () => {
      await finished();
      inFlight--;
      return undefined;
    };
    try {
      await program.run({ x: zeros });
    } finally {
      Object.assign(queue, { submit, onSubmittedWorkDone: finished });
    }
    expect(seen).toHaveLength(2 * links);
    expect(Math.max(...seen)).toBe(2);
    program.dispose();
  });

  test("is one submit where its kernels take less than the time of one", async () => {
    const variables = backend.variables();
    variables.set("count", { shape: [64], dtype: "f32" }, zeros);
    const program = await backend.compile(chain(), variables);
    const told: number[] = [];
    await program.run({ x: zeros }, { onProgress: (done) => told.push(done) });
    expect(told).toEqual([2 * links]);
    program.dispose();
  });

  test("is cut into more submits once the device proved slower than assumed", async () => {
    const { device, adapter } = await openNodeDevice();
    const optimist = new WebGpuBackend(device, adapter.info);
    Object.assign(optimist.profile, { bytesPerMillisecond: 1e12, flopsPerMillisecond: 1e12 });
    const graph = trace((g) => {
      let y = g.input("x", [2 ** 20]);
      for (let link = 0; link < 30; link++) y = affine(y, 1, 1);
      return { y };
    });
    const program = await optimist.compile(graph, optimist.variables(), { submitMilliseconds: 0.1 });
    const submits: number[] = [];
    for (let run = 0; run < 3; run++) {
      let count = 0;
      await program.run({}, { onProgress: () => count++ });
      submits.push(count);
    }
    // 240 MB through memory and one submit's way there and back take longer anywhere.
    expect(submits.slice(0, 2)).toEqual([1, 1]);
    expect(submits[2]).toBeGreaterThan(1);
    expect((await program.read("y"))[2 ** 20 - 1]).toBe(30);
    optimist.dispose();
  });

  test("goes after the runs that were asked for before it, and reads go in the same order", async () => {
    const { program } = await slowChain();
    const other = await slowChain();
    const filled = (value: number): Float32Array => new Float32Array(64).fill(value);
    const answers = await Promise.all([
      program.run({ x: filled(100) }),
      program.read("y"),
      other.program.run({ x: filled(300) }),
      program.run({ x: filled(200) }),
      program.read("y"),
      other.program.read("y"),
    ]);
    expect([answers[1][5], answers[4][5], answers[5][5]]).toEqual([120, 220, 320]);
    program.dispose();
    other.program.dispose();
  });

  test("refuses inputs of other names, sizes and types, and stays usable", async () => {
    const { program } = await slowChain();
    await expect(program.run({ z: zeros })).rejects.toThrow(new MissingError("program", "input z", "it has x"));
    await expect(program.run({ x: new Float32Array(3) })).rejects.toThrow(new ShapeError("input x: values", [64], [3]));
    await expect(program.run({ x: new Uint32Array(64) })).rejects.toThrow(
      new ShapeError("input x: element type", "f32 in a Float32Array", "Uint32Array"),
    );
    await expect(program.read("z")).rejects.toThrow(MissingError);
    expect(await program.run({ x: zeros })).toBe("done");
    program.dispose();
  });
});

test("10,000 replays and their readings make no buffer, bind group, pipeline or texture", async () => {
  const variables = backend.variables();
  variables.set("total", { shape: [4], dtype: "f32" }, new Float32Array(4));
  const program = await backend.compile(
    trace((g) => {
      const total = g.parameter({ name: "total", shape: [4] });
      const next = affine(total, 1, 1);
      assign(total, next);
      return { next };
    }),
    variables,
  );
  await program.run();
  await program.read("next");
  const { device } = backend;
  const made: string[] = [];
  const makers = (["createBuffer", "createBindGroup", "createComputePipelineAsync", "createTexture"] as const).map(
    (name) => [name, device[name].bind(device)] as const,
  );
  for (const [name, maker] of makers) {
    const counting = (...given: unknown[]): unknown => {
      made.push(name);
      return (maker as (...given: unknown[]) => unknown)(...given);
    };
    Object.assign(device, { [name]: counting });
  }
  try {
    for (let replay = 2; replay <= 10_000; replay++) {
      await program.run();
      if (replay % 1000 === 0) expect((await program.read("next"))[0]).toBe(replay);
    }
  } finally {
    Object.assign(device, Object.fromEntries(makers));
  }
  expect(made).toEqual([]);
  program.dispose();
  variables.dispose();
});
