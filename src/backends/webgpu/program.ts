/** A recorded program: pipelines and bind groups made once, replayed at each run. */
import { MissingError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { CompileOptions, MemoryReport, Program, RunOptions, Values } from "../backend.ts";
import { takeInputs } from "../values.ts";
import type { Device } from "./device.ts";
import type { Dispatch, Operand } from "./lowering.ts";
import type { Plan } from "./plan.ts";
import { boundBytes, sourceName } from "./plan.ts";
import type { Profile } from "./profile.ts";
import { allocate, bindGroup, type Memory } from "./program-memory.ts";
import type { WebGpuVariables } from "./variables.ts";
import { readThrough, stagingFor } from "./variables.ts";

/** How long one submit should keep the device busy when nobody says otherwise. */
const batchMilliseconds = 200;

/** Submits in flight; more would only delay cancelling. */
const submitsInFlight = 2;

interface Command {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
  readonly milliseconds: number;
}

/** A command whose result stays while its parameter does. */
interface Preparing extends Command {
  readonly parameter: string;
  /** Of the parameter when it ran last. */
  version: number | undefined;
}

/** @see Program */
export class WebGpuProgram implements Program {
  readonly #device: Device;
  readonly #graph: Graph;
  readonly #homes: Plan["homes"];
  readonly #residents: ReadonlyMap<Tensor, GPUBuffer>;
  readonly #variables: WebGpuVariables;
  /** The buffers of variables that were recorded, by name. */
  readonly #recorded: readonly (readonly [name: string, buffer: GPUBuffer])[];
  readonly #owned: readonly GPUBuffer[];
  readonly #commands: readonly Command[];
  readonly #preparations: readonly Preparing[];
  readonly #written: ReadonlySet<string>;
  readonly #submitMilliseconds: number;
  #batches: readonly (readonly Command[])[];
  /** Measured milliseconds for each estimated one. */
  #pace = 1;
  #hasRun = false;
  /** One an output that was read, made at the first reading. */
  readonly #staging = new Map<string, GPUBuffer>();
  #isDisposed = false;
  readonly report: MemoryReport;

  private constructor(
    device: Device,
    graph: Graph,
    plan: Plan,
    memory: Memory,
    variables: WebGpuVariables,
    { commands, preparations }: { readonly commands: readonly Command[]; readonly preparations: readonly Preparing[] },
    submitMilliseconds: number,
  ) {
    this.#device = device;
    this.#graph = graph;
    this.#homes = plan.homes;
    this.#residents = memory.residents;
    this.#variables = variables;
    this.#recorded = [...memory.residents]
      .filter(([{ node }]) => node.op === "parameter")
      .map(([tensor, buffer]) => [sourceName(tensor), buffer]);
    this.#owned = memory.owned;
    this.#commands = commands;
    this.#preparations = preparations;
    this.#written = plan.written;
    this.#submitMilliseconds = submitMilliseconds;
    this.#batches = cut(commands, submitMilliseconds);
    this.report = plan.report;
  }

  /** Allocates, compiles and records. @throws OutOfMemoryError, ShaderError, ShapeError, MissingError, DeviceLostError */
  static async record(
    device: Device,
    graph: Graph,
    plan: Plan,
    variables: WebGpuVariables,
    profile: Profile,
    { label = "program", submitMilliseconds = batchMilliseconds }: CompileOptions,
  ): Promise<WebGpuProgram> {
    const memory = await allocate(device, plan, variables, label);
    try {
      const { preparations, dispatches } = plan;
      const all = [...preparations, ...dispatches];
      const pipelines = await device.orLost(Promise.all(all.map((d) => device.pipeline(d))));
      const recorded = await device.validated(label, () =>
        all.map((dispatch, index) => ({
          pipeline: pipelines[index]!,
          bindGroup: bindGroup(device, dispatch, plan, memory),
          workgroups: dispatch.workgroups,
          milliseconds: estimate(dispatch, profile),
        })),
      );
      const commands = {
        commands: recorded.slice(preparations.length),
        preparations: preparations.map(({ parameter }, i) => ({ ...recorded[i]!, parameter, version: undefined })),
      };
      return new WebGpuProgram(device, graph, plan, memory, variables, commands, submitMilliseconds);
    } catch (error) {
      for (const buffer of memory.owned) buffer.destroy();
      throw error;
    }
  }

  async run(
    inputs: Readonly<Record<string, Values | number>> = {},
    options: RunOptions = {},
  ): Promise<"done" | "cancelled"> {
    const taken = takeInputs(this.#graph, inputs);
    return this.#device.inTurn(() => this.#replay(taken, options));
  }

  async #replay(
    inputs: ReadonlyMap<Tensor, Values>,
    { signal, budgetMilliseconds = Infinity, onProgress }: RunOptions,
  ): Promise<"done" | "cancelled"> {
    this.#check();
    this.#checkVariables();
    for (const [tensor, values] of inputs) {
      const buffer = this.#residents.get(tensor);
      if (!buffer) continue; // pruned: nothing reads it
      this.#device.gpu.queue.writeBuffer(buffer, 0, values.buffer, values.byteOffset, values.byteLength);
    }
    const began = performance.now();
    const inFlight: { readonly finished: Promise<undefined>; readonly dispatches: number }[] = [];
    let done = 0;
    const settle = async (atMost: number): Promise<void> => {
      while (inFlight.length > atMost) {
        const { finished, dispatches } = inFlight.shift()!;
        await this.#device.orLost(finished);
        done += dispatches;
        onProgress?.(done, this.report.dispatches);
      }
    };
    const stops = (): boolean =>
      signal?.aborted === true || this.#isDisposed || performance.now() >= began + budgetMilliseconds;
    const submit = async (batch: readonly Command[], dispatches: number): Promise<void> => {
      this.#checkVariables(); // one may be deleted while the run waits, and the device would skip the submit without a word
      this.#submit(batch);
      inFlight.push({ finished: this.#device.gpu.queue.onSubmittedWorkDone(), dispatches });
      await settle(submitsInFlight - 1);
    };
    for (const stale of this.#stale()) {
      if (stops()) break;
      for (const preparing of stale) preparing.version = this.#variables.version(preparing.parameter);
      await submit(stale, 0);
    }
    if (!stops()) for (const name of this.#written) this.#variables.written(name);
    for (const batch of this.#batches) {
      if (stops()) break;
      await submit(batch, batch.length);
    }
    await settle(0);
    this.#device.check();
    if (done < this.report.dispatches) return "cancelled";
    this.#adapt(performance.now() - began);
    return "done";
  }

  /** Cuts the submits anew when a whole run shows that the adapter is much slower or faster than was assumed. */
  #adapt(elapsedMilliseconds: number): void {
    const estimated = this.#commands.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const pace = elapsedMilliseconds / Math.max(estimated, 1e-9);
    // The first run's time is mostly the driver's compilation.
    const isFirst = !this.#hasRun;
    this.#hasRun = true;
    if (isFirst || (pace < 2 * this.#pace && pace > this.#pace / 2)) return;
    this.#pace = pace;
    this.#batches = cut(this.#commands, this.#submitMilliseconds / pace);
  }

  /** Preparations whose parameter was written since, in submits. */
  #stale(): readonly (readonly Preparing[])[] {
    const stale = this.#preparations.filter(({ parameter, version }) => version !== this.#variables.version(parameter));
    return cut(stale, this.#submitMilliseconds / this.#pace);
  }

  #submit(batch: readonly Command[]): void {
    const encoder = this.#device.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { pipeline, bindGroup, workgroups } of batch) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
    this.#device.gpu.queue.submit([encoder.finish()]);
  }

  read(name: string): Promise<Values> {
    return this.#device.inTurn(async () => {
      this.#check();
      const tensor = this.#graph.outputs.get(name);
      if (!tensor)
        throw new MissingError("program", `output ${name}`, `it has ${[...this.#graph.outputs.keys()].join(", ")}`);
      if (!this.#hasRun) throw new MissingError("program", `output ${name}`, "it has not run to its end yet");
      const home = this.#homes.get(tensor);
      if (!home || home.kind === "arena")
        throw new MissingError("program", `output ${name}`, "its graph named it after compiling");
      const buffer = this.#residents.get(home.tensor)!;
      if (home.kind === "parameter") this.#checkVariable(sourceName(home.tensor), buffer);
      let staging = this.#staging.get(name);
      if (!staging) {
        staging = stagingFor(this.#device, tensor);
        this.#staging.set(name, staging);
      }
      try {
        return await readThrough(this.#device, staging, buffer, tensor);
      } catch (error) {
        this.#check(); // disposed of meanwhile
        throw error;
      }
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const buffer of [...this.#owned, ...this.#staging.values()]) buffer.destroy();
    this.#staging.clear();
  }

  #check(): void {
    this.#device.check();
    if (this.#isDisposed) throw new MissingError("program", "its memory", "it was disposed of");
  }

  #checkVariables(): void {
    for (const [name, buffer] of this.#recorded) this.#checkVariable(name, buffer);
  }

  /** Bind groups keep the buffer that a variable had when they were made. */
  #checkVariable(name: string, buffer: GPUBuffer): void {
    if (!this.#variables.holds(name, buffer))
      throw new MissingError("program", `variable ${name}`, "it was deleted after compiling");
  }
}

function estimate({ bindings, flops = 0 }: Dispatch, profile: Profile): number {
  const bytes = bindings.reduce((sum, operand: Operand) => sum + (operand ? boundBytes(operand) : 0), 0);
  return flops / profile.flopsPerMillisecond + bytes / profile.bytesPerMillisecond;
}

/** Cuts commands into submits of at most so many estimated milliseconds; one that takes longer goes alone. */
function cut<C extends Command>(commands: readonly C[], submitMilliseconds: number): C[][] {
  const batches: C[][] = [];
  let milliseconds = Infinity;
  for (const command of commands) {
    if (milliseconds + command.milliseconds > submitMilliseconds) {
      batches.push([]);
      milliseconds = 0;
    }
    batches.at(-1)!.push(command);
    milliseconds += command.milliseconds;
  }
  return batches;
}
