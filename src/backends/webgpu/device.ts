/** A device and what is made once on it: pipelines, layouts, the words for its failures. */
import { DeviceLostError, OutOfMemoryError, ShaderError } from "../../errors.ts";
import { link } from "./link.ts";

/** One device with its caches; shared by all programs of a backend. */
export class Device {
  readonly #sources: ReadonlyMap<string, string>;
  readonly #modules = new Map<string, GPUShaderModule>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<number, { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout }>();
  #lost: DeviceLostError | undefined;
  #expectedLoss = false;
  /** Rejects when the device is lost. */
  readonly lost: Promise<never>;

  constructor(
    readonly gpu: GPUDevice,
    sources: ReadonlyMap<string, string>,
  ) {
    this.#sources = sources;
    this.lost = gpu.lost.then((info) => {
      this.#lost = new DeviceLostError("webgpu", this.#expectedLoss ? "disposed" : info.message || info.reason);
      throw this.#lost;
    });
    this.lost.catch(() => undefined);
  }

  /** @throws DeviceLostError when the device is gone */
  check(): void {
    if (this.#lost) throw this.#lost;
  }

  /** Waits for a promise of the device, or for its loss. */
  async orLost<T>(promise: Promise<T>): Promise<T> {
    try {
      return await Promise.race([promise, this.lost]);
    } catch (error) {
      // A lost device also fails its maps and pipelines; its loss is the reason to tell.
      await Promise.race([this.lost, new Promise((resolve) => setTimeout(resolve, 0))]);
      throw error;
    }
  }

  /** Releases the device; later calls fail with DeviceLostError. */
  destroy(): void {
    this.#expectedLoss = true;
    this.gpu.destroy();
  }

  /** The bind group layout of a kernel: `count` storage buffers, all read and written. */
  layout(count: number): { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout } {
    const known = this.#layouts.get(count);
    if (known) return known;
    const entries = Array.from({ length: count }, (_, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: "storage" as const },
    }));
    const group = this.gpu.createBindGroupLayout({ entries });
    const layout = { group, pipeline: this.gpu.createPipelineLayout({ bindGroupLayouts: [group] }) };
    this.#layouts.set(count, layout);
    return layout;
  }

  /**
   * A pipeline, compiled once for each set of constants.
   * @throws ShaderError with the compiler's words
   */
  pipeline(
    shader: string,
    constants: Readonly<Record<string, number | boolean>>,
    bindings: number,
  ): Promise<GPUComputePipeline> {
    const key = `${shader} ${String(bindings)} ${JSON.stringify(constants)}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = this.#compile(shader, constants, bindings);
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  async #compile(
    shader: string,
    constants: Readonly<Record<string, number | boolean>>,
    bindings: number,
  ): Promise<GPUComputePipeline> {
    let module = this.#modules.get(shader);
    if (!module) {
      module = this.gpu.createShaderModule({ label: shader, code: link(shader, this.#sources) });
      this.#modules.set(shader, module);
    }
    const values = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, Number(value)]));
    try {
      return await this.gpu.createComputePipelineAsync({
        label: shader,
        layout: this.layout(bindings).pipeline,
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
    const buffers = sizes.map((size) => this.gpu.createBuffer({ label, size: Math.max(size, 256), usage }));
    const [invalid, exhausted] = await Promise.all([this.gpu.popErrorScope(), this.gpu.popErrorScope()]);
    if (!invalid && !exhausted) return buffers;
    for (const buffer of buffers) buffer.destroy();
    throw new OutOfMemoryError(`${label}: ${(exhausted ?? invalid)!.message}`, total, limit);
  }
}

/** Usage of buffers that kernels bind and the host writes and reads. */
export const storageUsage = (): GPUBufferUsageFlags =>
  GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
