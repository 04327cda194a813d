/** A second of measurement: how fast a device multiplies matrices. */
import type { Backend, Program } from "../src/backends/backend.ts";
import { NonFiniteError } from "../src/errors.ts";
import { trace } from "../src/graph/graph.ts";
import { matmul } from "../src/graph/ops/matmul.ts";
import { fillNormal, streamKey } from "../src/random.ts";
import type { DeviceSpeed } from "./lab-api.ts";

/** Sides of the matrices, tried from the first on; fast devices need large ones to have enough to do. */
const sides = [256, 512, 1024, 2048];

/** Products one after another in a run, so that starting it weighs little. */
const productsPerRun = 4;

/** A run shorter than this says too little: the next side follows. */
const shortRunMs = 25;

/** Each side is repeated so long. */
const repeatMs = 150;

/**
 * The speed of f32 matrix products, by the fastest run of the largest side that was tried.
 *
 * @throws NonFiniteError when the device computes nonsense; OutOfMemoryError, ShaderError, DeviceLostError
 */
export async function measureProducts(backend: Backend): Promise<DeviceSpeed> {
  const startedAt = performance.now();
  for (const side of sides) {
    const best = await fastestRun(backend, side);
    if (best < shortRunMs && side !== sides.at(-1)) continue;
    const operations = 2 * side ** 3 * productsPerRun;
    return { gflops: operations / best / 1e6, milliseconds: performance.now() - startedAt };
  }
  throw new Error("unreachable: the last side is never left");
}

/** Milliseconds of the fastest run. */
async function fastestRun(backend: Backend, side: number): Promise<number> {
  const shape = [side, side];
  const graph = trace((g) => {
    const [a, b] = [g.input("a", shape), g.input("b", shape)];
    let y = a;
    for (let i = 0; i < productsPerRun; i++) y = matmul(y, b);
    return { y };
  });
  const variables = backend.variables();
  const program = await backend.compile(graph, variables, { label: "speed" });
  try {
    await program.run({ a: valuesOf(side, 0), b: valuesOf(side, 1) });
    await checkFinite(program);
    return await repeat(program);
  } finally {
    program.dispose();
    variables.dispose();
  }
}

/** A block of normal numbers of variance 1 / side, again and again: products of such matrices stay far from infinity. */
function valuesOf(side: number, sample: number): Float32Array {
  const block = new Float32Array(sides[0]! ** 2);
  fillNormal(block, streamKey(1, "speed"), sample, 0);
  return Float32Array.from({ length: side * side }, (_, i) => block[i % block.length]! / Math.sqrt(side));
}

async function repeat(program: Program): Promise<number> {
  let best = Infinity;
  const startedAt = performance.now();
  do {
    const before = performance.now();
    await program.run();
    best = Math.min(best, performance.now() - before);
  } while (performance.now() - startedAt < repeatMs);
  return best;
}

async function checkFinite(program: Program): Promise<void> {
  const wrong = (await program.read("y")).find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new NonFiniteError("speed of matrix products", 1, wrong);
}
