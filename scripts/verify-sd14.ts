/**
 * `npm run verify:sd14`: Stable Diffusion v1.4 at full width on this machine's adapter, against diffusers and transformers.
 *
 * The weights are no checkpoint's: each is filled from the Philox stream `verify/<part>/<name>`, as scripts/fixtures/verify_sd14.py
 * fills them in Python. Writes docs/verification.md.
 */
import { writeFile } from "node:fs/promises";
import type { Backend, Variables } from "../src/backends/backend.ts";
import { WebGpuBackend } from "../src/backends/webgpu/backend.ts";
import { openNodeDevice } from "../src/cli/node-device.ts";
import type { Graph } from "../src/graph/graph.ts";
import { trace } from "../src/graph/graph.ts";
import type { Shape, Tensor } from "../src/graph/tensor.ts";
import { elementCount } from "../src/graph/tensor.ts";
import { ClipText } from "../src/models/clip/text.ts";
import { sd14Unet, sd14Vae, vitL14Text } from "../src/models/configs.ts";
import { Unet } from "../src/models/unet/unet.ts";
import { VaeDecoder } from "../src/models/vae/decoder.ts";
import type { Parameter } from "../src/nn/parameters.ts";
import { Parameters } from "../src/nn/parameters.ts";
import { fillUniform, streamKey } from "../src/random.ts";
import { fromTorch, torchShape } from "../src/weights/checkpoint.ts";
import { nchwToNhwc, nhwcToNchw } from "../src/weights/layouts.ts";
import { openSafetensors } from "../src/weights/safetensors.ts";
import { openFile } from "../src/storage/files.ts";

const SEED = 14;
const LATENT_SIDE = 8;
const TIMESTEP = 981;
const TOKENS = 77;
const LIMIT = 1e-3;
const MEMORY_LIMIT_BYTES = 12 * 2 ** 30;
/** Uploads wait in host memory until the device takes them; this many bytes are let through at a time. */
const UPLOAD_BYTES = 256 * 2 ** 20;

/** Commands run in the checkout; the bundle lies elsewhere. */
const OUTPUTS = "tests/fixtures/sd14-outputs.safetensors";
const DOCUMENT = "docs/verification.md";

/** 2u − 1 of a stream, as f64. */
function signed(stream: string, count: number): Float64Array {
  const uniform = new Float32Array(count);
  fillUniform(uniform, streamKey(SEED, `verify/${stream}`), 0, 0);
  return Float64Array.from(uniform, (u) => 2 * u - 1);
}

const scaled = (stream: string, shape: Shape, bound: number): Float32Array =>
  Float32Array.from(signed(stream, elementCount(shape)), (value) => value * bound);

/** A weight's values in PyTorch's layout; the rule of verify_sd14.py. */
function weightValues(part: string, parameter: Parameter): Float32Array {
  const name = parameter.checkpointName;
  const shape = torchShape(parameter);
  if (shape.length > 1) return scaled(`${part}/${name}`, shape, Math.sqrt(3 / elementCount(shape.slice(1))));
  if (name.endsWith("bias")) return scaled(`${part}/${name}`, shape, 0.1);
  return Float32Array.from(signed(`${part}/${name}`, elementCount(shape)), (value) => 1 + value * 0.2);
}

/** Fills all weights of a model, a few at a time. */
async function fillWeights(part: string, parameters: Parameters, variables: Variables): Promise<void> {
  let waiting = 0;
  let small: string | undefined;
  for (const parameter of parameters.list()) {
    const values = fromTorch(parameter, weightValues(part, parameter));
    variables.set(parameter.name, { shape: parameter.shape, dtype: parameter.dtype }, values);
    waiting += values.byteLength;
    if (values.length < 4096) small = parameter.name;
    if (waiting < UPLOAD_BYTES || small === undefined) continue;
    await variables.get(small);
    waiting = 0;
  }
}

/** One of the three networks. */
interface Part {
  /** Of the weights' streams. */
  readonly name: string;
  readonly output: string;
  readonly parameters: Parameters;
  readonly inputs: Readonly<Record<string, Float32Array | Uint32Array>>;
  build(g: Graph): Tensor;
}

function textEncoder(): Part {
  const net = new ClipText(new Parameters(), vitL14Text, { projection: false });
  const uniform = new Float32Array(TOKENS);
  fillUniform(uniform, streamKey(SEED, "verify/inputs/input_ids"), 0, 0);
  return {
    name: "text_encoder",
    output: "text_encoder",
    parameters: net.parameters,
    inputs: { ids: Uint32Array.from(uniform, (u) => Math.floor(u * vitL14Text.vocabSize)) },
    build: (g) => net.encode(net.embed(g.input("ids", [1, TOKENS], "u32"))),
  };
}

/** Latents from a stream in PyTorch's layout, channels last. */
const latents = (stream: string): Float32Array =>
  nchwToNhwc(scaled(`inputs/${stream}`, [1, 4, LATENT_SIDE, LATENT_SIDE], Math.sqrt(3)), [
    1,
    4,
    LATENT_SIDE,
    LATENT_SIDE,
  ]);

function vaeDecoder(): Part {
  const net = new VaeDecoder(new Parameters(), sd14Vae);
  return {
    name: "vae",
    output: "vae_decoder",
    parameters: net.parameters,
    inputs: { latents: latents("latents") },
    build: (g) => net.forward(g.input("latents", [1, LATENT_SIDE, LATENT_SIDE, 4])),
  };
}

function unet(): Part {
  const net = new Unet(new Parameters(), sd14Unet);
  const contextShape = [1, TOKENS, sd14Unet.crossAttentionDim];
  return {
    name: "unet",
    output: "unet",
    parameters: net.parameters,
    inputs: {
      sample: latents("sample"),
      timestep: Uint32Array.of(TIMESTEP),
      context: scaled("inputs/encoder_hidden_states", contextShape, Math.sqrt(3)),
    },
    build: (g) =>
      net.forward({
        sample: g.input("sample", [1, LATENT_SIDE, LATENT_SIDE, 4]),
        timestep: g.input("timestep", [1], "u32"),
        encoderHiddenStates: g.input("context", contextShape),
      }),
  };
}

/** What was measured of a network. */
interface Measured {
  readonly name: string;
  readonly weights: number;
  readonly output: Shape;
  readonly error: number;
  readonly planBytes: number;
  readonly dispatches: number;
  readonly seconds: {
    readonly fill: number;
    readonly compile: number;
    readonly first: number;
    readonly second: number;
  };
}

async function measure(backend: Backend, part: Part, expected: Float32Array): Promise<Measured> {
  const clock = stopwatch();
  const variables = backend.variables();
  await fillWeights(part.name, part.parameters, variables);
  const fill = clock();
  const graph = trace((g) => ({ y: part.build(g) }));
  const program = await backend.compile(graph, variables, { label: part.name });
  const compile = clock();
  await program.run(part.inputs);
  const values = (await program.read("y")) as Float32Array;
  const first = clock();
  await program.run(part.inputs);
  await program.read("y");
  const second = clock();
  const { shape } = graph.outputs.get("y")!;
  const [n, h, w, c] = shape as [number, number, number, number];
  const actual = shape.length === 4 ? nhwcToNchw(values, [n, h, w, c]) : values;
  const { report } = program;
  program.dispose();
  variables.dispose();
  return {
    name: part.output,
    weights: part.parameters.count(),
    output: shape.length === 4 ? [n, c, h, w] : shape,
    error: relativeError(actual, expected),
    planBytes: report.total,
    dispatches: report.dispatches,
    seconds: { fill, compile, first, second },
  };
}

/** Seconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const seconds = (performance.now() - last) / 1000;
    last = performance.now();
    return seconds;
  };
}

/** The largest difference relative to the largest expected magnitude; infinite when a value is missing or no number. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  let [difference, magnitude] = [0, 0];
  expected.forEach((value, index) => {
    const error = Math.abs(actual[index]! - value);
    difference = error <= difference ? difference : Number.isNaN(error) ? Infinity : error;
    magnitude = Math.max(magnitude, Math.abs(value));
  });
  return difference / magnitude;
}

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(2);

function documentOf(adapter: string, rows: readonly Measured[], peakBytes: number): string {
  const line = ({ name, weights, output, error, planBytes, dispatches, seconds }: Measured): string =>
    [
      name,
      weights.toLocaleString("en"),
      `[${output.join(", ")}]`,
      error.toExponential(1),
      gibibytes(planBytes),
      String(dispatches),
      ...[seconds.fill, seconds.compile, seconds.first, seconds.second].map((value) => value.toFixed(1)),
    ].join(" | ");
  return `# Stable Diffusion v1.4 at full width

Written by \`npm run verify:sd14\`. The three networks of Stable Diffusion v1.4 with their true configurations, each run once forward at
8×8 latents and held against diffusers' and transformers' output in f32 (\`tests/fixtures/sd14-outputs.safetensors\`, by
\`scripts/fixtures/verify_sd14.py\`). The weights are no checkpoint's: both sides fill them from the same Philox streams, so anyone
can repeat this without a download. That names and shapes equal the published checkpoint's is a test (\`tests/models/configs.test.ts\`).

Adapter: ${adapter}. Peak host memory: ${gibibytes(peakBytes)} GiB (limit ${gibibytes(MEMORY_LIMIT_BYTES)}). Seconds are of one run, with whatever else the machine was doing.

| network | weights | output | largest error / largest value (limit ${LIMIT.toExponential(0)}) | plan, GiB | dispatches | fill, s | compile, s | first run, s | second run, s |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${line(row)} |`).join("\n")}
`;
}

const file = await openFile(OUTPUTS);
const expected = await openSafetensors(file);
const { device, adapter } = await openNodeDevice();
const backend = new WebGpuBackend(device, adapter.info);
const rows: Measured[] = [];
for (const make of [textEncoder, vaeDecoder, unet]) {
  const part = make();
  process.stderr.write(`${part.output}: ${part.parameters.count().toLocaleString("en")} weights …\n`);
  const row = await measure(backend, part, await expected.readFloat32(part.output));
  process.stderr.write(`  error ${row.error.toExponential(1)} after ${row.seconds.first.toFixed(1)} s\n`);
  rows.push(row);
}
await file.close();
const peakBytes = process.resourceUsage().maxRSS * 1024;
const text = documentOf(adapter.info.description, rows, peakBytes);
process.stdout.write(text);
const passed = rows.every(({ error }) => error <= LIMIT) && peakBytes < MEMORY_LIMIT_BYTES;
if (passed) await writeFile(DOCUMENT, text);
process.exit(passed ? 0 : 1);
