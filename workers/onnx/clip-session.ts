/** A CLIP in ONNX that runs on the CPU, by onnxruntime-web. */
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { f16ToFloat32, float32ToF16 } from "../../src/half.ts";
import { FormatError } from "../../src/errors.ts";
import { batchOf, clipPorts, type ClipPorts, type Port } from "./clip-ports.ts";

/** Sides that encoders of pictures take, tried in turn where a model leaves its own open; 32 is this project's. */
const commonSides = [224, 336, 384, 256, 288, 32];

/** What goes wrong is thrown; the console need not hear of it too. */
const fatal = 4;

/** Ids of a text that stands in for one. */
const dummyIds = 2;

/** Tells the runtime where its WebAssembly lies, before the first session. */
export function useWasm(address: string): void {
  env.wasm.wasmPaths = { wasm: address };
  // More threads need cross-origin isolation, which a page of any host does not have.
  env.wasm.numThreads = 1;
  env.logLevel = "fatal";
}

/** A model that has run once with input of zeros, so that its sizes are known. */
export class ClipSession {
  /** pixels a side of the picture that it takes; null when it embeds no pictures */
  readonly side: number | null;
  /** Whether it embeds texts. */
  readonly readsText: boolean;
  /** token ids in a row; null where any number will do */
  readonly length: number | null;
  /** numbers of an embedding */
  readonly width: number;
  readonly #session: InferenceSession;
  readonly #ports: ClipPorts;
  readonly #where: string;
  /** pixels a side of any picture that it is given; 0 when it is given none */
  readonly #side: number;
  /** Runs one after another, whoever asks. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(session: InferenceSession, ports: ClipPorts, side: number, width: number, where: string) {
    this.#session = session;
    this.#ports = ports;
    this.#where = where;
    this.#side = side;
    this.side = ports.image ? side : null;
    this.readsText = ports.text !== null;
    this.length = ports.text?.length ?? null;
    this.width = width;
  }

  /**
   * @param bytes the file
   * @param where names it in errors
   * @throws FormatError when the runtime does not read or run it, or it is no CLIP; see `clipPorts`
   */
  static async open(bytes: Uint8Array, where: string): Promise<ClipSession> {
    const session = await created(bytes, where);
    try {
      const ports = clipPorts(session.inputMetadata.map(portOf), session.outputMetadata.map(portOf), where);
      return await probed(session, ports, where, (side, width) => new ClipSession(session, ports, side, width, where));
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /**
   * @param pixels [3, side, side]
   * @returns [width]
   * @throws FormatError when the runtime fails, or gives no finite numbers
   */
  embedPicture(pixels: Float32Array): Promise<Float32Array> {
    return this.#embed("image_embeds", { pixels });
  }

  /**
   * @param ids the row that the text encoder takes
   * @param end id that closes a text: what follows the first one is padding
   * @returns [width]
   * @throws FormatError when the runtime fails, such as for an id that is not in its vocabulary, or gives no finite numbers
   */
  embedText(ids: Uint32Array, end: number): Promise<Float32Array> {
    return this.#embed("text_embeds", { ids, used: ids.indexOf(end) + 1 });
  }

  /** Gives its memory back; it cannot run any more. */
  async release(): Promise<void> {
    await this.#last;
    await this.#session.release();
  }

  #embed(output: string, given: Given): Promise<Float32Array> {
    const run = async (): Promise<Float32Array> => {
      const row = await outputOf(
        this.#session,
        this.#ports,
        output,
        feedsOf(this.#ports, this.#side, given),
        this.#where,
      );
      const wrong = row.find((value) => !Number.isFinite(value));
      if (wrong !== undefined) throw new FormatError(`${this.#where}: ${output}`, "finite numbers", String(wrong));
      return row;
    };
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** What a run is given; zeros stand in for the rest. */
interface Given {
  readonly pixels?: Float32Array;
  readonly ids?: Uint32Array;
  /** ids that are no padding */
  readonly used?: number;
}

async function created(bytes: Uint8Array, where: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: fatal });
  } catch (error) {
    throw new FormatError(where, "a whole ONNX model in one file that onnxruntime-web reads", reasonOf(error));
  }
}

function portOf(metadata: InferenceSession.ValueMetadata): Port {
  const { name } = metadata;
  return metadata.isTensor ? { name, type: metadata.type, shape: metadata.shape } : { name, type: null, shape: [] };
}

/** Runs a model once with zeros: at its own side, or at the first common one that it takes. */
async function probed(
  session: InferenceSession,
  ports: ClipPorts,
  where: string,
  make: (side: number, width: number) => ClipSession,
): Promise<ClipSession> {
  const output = ports.image ? "image_embeds" : "text_embeds";
  const sides = ports.inputs.some(({ name }) => name === "pixel_values") ? sidesOf(ports) : [0];
  let last: unknown;
  for (const side of sides) {
    try {
      const { length } = await outputOf(session, ports, output, feedsOf(ports, side, {}), where);
      return make(side, length);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

const sidesOf = ({ image }: ClipPorts): readonly number[] => (image?.side ? [image.side] : commonSides);

function feedsOf({ inputs }: ClipPorts, side: number, given: Given): Record<string, Tensor> {
  const ids = inputs.find(({ name }) => name === "input_ids");
  const row = given.ids ?? new Uint32Array(numberOf(ids?.shape[1]) ?? dummyIds);
  const used = given.used ?? row.length;
  const mask = row.map((_, i) => (i < used ? 1 : 0));
  const values = { input_ids: row, attention_mask: mask };
  return Object.fromEntries(
    inputs.map((port) => {
      if (port.name === "pixel_values") return [port.name, pixelsTensor(port, side, given.pixels)];
      return [port.name, idsTensor(port, values[port.name as keyof typeof values])];
    }),
  );
}

const numberOf = (size: Port["shape"][number] | undefined): number | null =>
  typeof size === "number" && size > 0 ? size : null;

/** A model for several pictures at once gets this one first, and nothing for the others. */
function pixelsTensor(port: Port, side: number, pixels?: Float32Array): Tensor {
  const dims = [batchOf(port), 3, side, side];
  const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
  if (pixels) values.set(pixels);
  return port.type === "float16"
    ? new Tensor("float16", float32ToF16(values), dims)
    : new Tensor("float32", values, dims);
}

function idsTensor(port: Port, row: Uint32Array): Tensor {
  const batch = batchOf(port);
  const values = Array.from({ length: batch * row.length }, (_, i) => row[i % row.length]!);
  const dims = [batch, row.length];
  if (port.type === "int32") return new Tensor("int32", Int32Array.from(values), dims);
  return new Tensor("int64", BigInt64Array.from(values, BigInt), dims);
}

/** The first row of an output. */
async function outputOf(
  session: InferenceSession,
  { inputs }: ClipPorts,
  output: string,
  feeds: Record<string, Tensor>,
  where: string,
): Promise<Float32Array> {
  const given = inputs.map(({ name }) => `${name} [${feeds[name]!.dims.join(", ")}]`).join(", ");
  let tensor: Tensor;
  try {
    tensor = (await session.run(feeds, [output], { logSeverityLevel: fatal }))[output]!;
  } catch (error) {
    throw new FormatError(where, `a model that runs on ${given}`, reasonOf(error));
  }
  const [, width] = tensor.dims;
  if (tensor.dims.length !== 2 || width === undefined || width === 0)
    throw new FormatError(`${where}: ${output}`, "[n, width]", `[${tensor.dims.join(", ")}]`);
  return floatsOf(tensor).slice(0, width);
}

/** Some browsers have numbers of 16 bits, in others the runtime gives their bits. */
function floatsOf({ type, data }: Tensor): Float32Array {
  if (type === "float32") return data as Float32Array;
  const { buffer, byteOffset, byteLength } = data as Uint16Array;
  return f16ToFloat32(new Uint16Array(buffer, byteOffset, byteLength / 2));
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
