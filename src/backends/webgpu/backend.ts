/** The WebGPU backend: the same code in a browser worker and in Node. */
import { shaderSources } from "../../../shaders/index.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Backend, CompileOptions, MemoryReport, Program, Variables } from "../backend.ts";
import { Device } from "./device.ts";
import "./kernels/index.ts";
import { plan } from "./plan.ts";
import type { Profile } from "./profile.ts";
import { profileOf } from "./profile.ts";
import { WebGpuProgram } from "./program.ts";
import { WebGpuVariables } from "./variables.ts";

/** @see Backend */
export class WebGpuBackend implements Backend {
  readonly name: string;
  readonly profile: Profile;
  readonly #device: Device;

  /**
   * @param gpu a device with the adapter's real limits
   * @param info of its adapter; `gpu.adapterInfo` when absent
   * @param defaults what programs are compiled with where their own options say nothing
   */
  constructor(
    gpu: GPUDevice,
    info: Partial<GPUAdapterInfo> = gpu.adapterInfo,
    private readonly defaults: Pick<CompileOptions, "submitMilliseconds"> = {},
  ) {
    this.#device = new Device(gpu, shaderSources);
    this.profile = profileOf(info, gpu.limits, gpu.features);
    // Browsers give empty words for what they do not tell.
    const words = [info.description, info.device, info.architecture].find((word) => word !== undefined && word !== "");
    this.name = `webgpu: ${words ?? this.profile.name}`;
  }

  /** The device, for tests that break it. */
  get device(): GPUDevice {
    return this.#device.gpu;
  }

  variables(): Variables {
    return new WebGpuVariables(this.#device);
  }

  plan(graph: Graph, options: CompileOptions = {}): { readonly report: MemoryReport } {
    return plan(graph, this.profile, options);
  }

  async compile(graph: Graph, variables: Variables, options: CompileOptions = {}): Promise<Program> {
    this.#device.check();
    const planned = plan(graph, this.profile, options);
    return WebGpuProgram.record(this.#device, graph, planned, variables as WebGpuVariables, this.profile, {
      ...this.defaults,
      ...options,
    });
  }

  dispose(): void {
    this.#device.destroy();
  }
}
