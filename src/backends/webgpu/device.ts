/** A device and what is made once on it: pipelines, layouts, the words for its failures. */
import { DeviceLostError, OutOfMemoryError, ShaderError } from "../../errors.ts";
import { link } from "./link.ts";
import type { Dispatch } from "./lowering.ts";

/** One device with its caches; shared by all programs of a backend. */
export class Device {
  readonly #sources: ReadonlyMap<string, string>;
  readonly #modules = new Map<string, GPUShaderModule>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<string, { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout }>();
  #lost: DeviceLostError | undefined;
  #expectedLoss = false;
  /** Rejects what waits for the device. A race with one long-lived promise would keep every waiter alive. */
  readonly #waiting = new Set<(reason: Error) => void>();
  #turn: Promise<unknown> = Promise.resolve();
  #turns = 0;
  #spare: GPUBuffer | undefined;

  constructor(
    readonly gpu: GPUDevice,
    sources: ReadonlyMap<string, string>,
  ) {
    this.#sources = sources;
    void gpu.lost.then((info) => {
      this.#lost = new DeviceLostError("webgpu", this.#expectedLoss ? "disposed" : info.message || info.reason);
      for (const reject of this.#waiting) reject(this.#lost);
      this.#waiting.clear();
    });
  }

  /** @throws DeviceLostError when the device is gone */
  check(): void {
    if (this.#lost) throw this.#lost;
  }

  /** Waits for a promise of the device, or for its loss. @throws DeviceLostError */
  orLost<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      promise.then(
        (value) => {
          this.#waiting.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          // A lost device also fails its maps and pipelines; its loss is the reason to tell, and it may come a moment later.
          setTimeout(() => {
            this.#waiting.delete(reject);
            reject(this.#lost ?? (error instanceof Error ? error : new Error(String(error))));
          }, 0);
        },
      );
    });
  }

  /** Runs tasks one after another in the order of the calls: submits of two runs must not mix. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    const end = (): void => {
      this.#turns--;
    };
    this.#turns++;
    this.#turn = result.then(end, end);
    return result;
  }

  /** Whether a task has not ended its turn. */
  get isBusy(): boolean {
    return this.#turns > 0;
  }

  /** Stands in for bindings that a switch turns off: 256 bytes for each of 16. */
  get spare(): GPUBuffer {
    this.#spare ??= this.gpu.createBuffer({ label: "spare", size: 16 * 256, usage: storageUsage() });
    return this.#spare;
  }

  /** Releases the device; later calls fail with DeviceLostError. */
  destroy(): void {
    this.#expectedLoss = true;
    this.gpu.destroy();
  }

  /** The bind group layout of a kernel: storage buffers, all read and written, and perhaps a uniform of sizes behind them. */
  layout({ bindings, sizes }: Pick<Dispatch, "bindings" | "sizes">): {
    group: GPUBindGroupLayout;
    pipeline: GPUPipelineLayout;
  } {
    const key = `${String(bindings.length)} ${sizes ? "sizes" : ""}`;
    const known = this.#layouts.get(key);
    if (known) return known;
    const types: GPUBufferBindingType[] = [
      ...bindings.map(() => "storage" as const),
      ...(sizes ? ["uniform" as const] : []),
    ];
    const entries = types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }));
    const group = this.gpu.createBindGroupLayout({ entries });
    const layout = { group, pipeline: this.gpu.createPipelineLayout({ bindGroupLayouts: [group] }) };
    this.#layouts.set(key, layout);
    return layout;
  }

  /**
   * A dispatch's pipeline, compiled once for each set of constants.
   * @throws ShaderError with the compiler's words
   */
  pipeline(dispatch: Pick<Dispatch, "shader" | "constants" | "sizes" | "bindings">): Promise<GPUComputePipeline> {
    const { shader, constants, sizes, bindings } = dispatch;
    const key = `${shader} ${String(bindings.length)} ${Object.keys(sizes ?? {}).join(" ")} ${JSON.stringify(constants)}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = this.#compile(dispatch);
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  async #compile(dispatch: Pick<Dispatch, "shader" | "constants" | "sizes" | "bindings">): Promise<GPUComputePipeline> {
    const { shader, constants } = dispatch;
    const module = this.#module(shader);
    const values = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, Number(value)]));
    try {
      return await this.gpu.createComputePipelineAsync({
        label: shader,
        layout: this.layout(dispatch).pipeline,
        compute: { module, entryPoint: "main", constants: values },
      });
    } catch (error) {
      this.check();
      const { messages } = await module.getCompilationInfo();
      const log = messages
        .map(({ lineNum, linePos, message }) => `${String(lineNum)}:${String(linePos)} ${message}`)
        .join("; ");
      throw new ShaderError(shader, log || String(error));
    }
  }

  #module(shader: string): GPUShaderModule {
    const known = this.#modules.get(shader);
    if (known) return known;
    const code = link(shader, this.#sources);
    // Its pipelines fail with the compiler's words; the scope keeps the device from also reporting them to nobody.
    this.gpu.pushErrorScope("validation");
    const module = this.gpu.createShaderModule({ label: shader, code });
    void this.gpu.popErrorScope().catch(() => null);
    this.#modules.set(shader, module);
    return module;
  }

  /**
   * Runs `make` and asks the device whether its calls were valid. The error scope is closed also when `make` throws: left
   * open, it would swallow every later error.
   * @throws ShaderError
   */
  async validated<T>(label: string, make: () => T): Promise<T> {
    this.gpu.pushErrorScope("validation");
    let made: T;
    try {
      made = make();
    } catch (error) {
      void this.gpu.popErrorScope().catch(() => null);
      throw error;
    }
    const invalid = await this.orLost(this.gpu.popErrorScope());
    if (invalid) throw new ShaderError(label, invalid.message);
    return made;
  }

  /**
   * Makes buffers, or says how much was asked for.
   * @throws OutOfMemoryError
   */
  async allocate(label: string, sizes: readonly number[], usage: GPUBufferUsageFlags): Promise<GPUBuffer[]> {
    this.check();
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const limit = this.gpu.limits.maxBufferSize;
    const tooLarge = sizes.find((size) => size > limit);
    if (tooLarge !== undefined) throw new OutOfMemoryError(label, tooLarge, limit);
    this.gpu.pushErrorScope("out-of-memory");
    this.gpu.pushErrorScope("validation");
    const buffers = sizes.map((size) => this.gpu.createBuffer({ label, size, usage }));
    const [invalid, exhausted] = await this.orLost(Promise.all([this.gpu.popErrorScope(), this.gpu.popErrorScope()]));
    if (!invalid && !exhausted) return buffers;
    for (const buffer of buffers) buffer.destroy();
    throw new OutOfMemoryError(`${label}: ${(exhausted ?? invalid)!.message}`, total, limit);
  }
}

/** Usage of buffers that kernels bind and the host writes and reads. */
export const storageUsage = (): GPUBufferUsageFlags =>
  GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
