/** Variables on a device: one buffer each, shared by programs by name. */
import { MissingError, OutOfMemoryError, ShapeError } from "../../errors.ts";
import { aligned } from "../../graph/passes/arena.ts";
import type { DType, Shape } from "../../graph/tensor.ts";
import { elementBytes, elementCount, sameShape } from "../../graph/tensor.ts";
import type { Values, VariableSpec, Variables } from "../backend.ts";
import { checkValues } from "../values.ts";
import { f16ToFloat32, float32ToF16 } from "../../half.ts";
import type { Device } from "./device.ts";
import { storageUsage } from "./device.ts";

interface Variable {
  readonly spec: VariableSpec;
  readonly buffer: GPUBuffer;
}

/** @see Variables. Programs keep using the buffers: variables are deleted after them. */
export class WebGpuVariables implements Variables {
  readonly #device: Device;
  readonly #variables = new Map<string, Variable>();
  /** How often each was written. */
  readonly #writes = new Map<string, number>();
  /** Creations that the device has not answered yet. */
  readonly #creations = new Set<Promise<void>>();
  /** Variables that it had no room for, until that is told; they are no longer among the others. */
  readonly #failures = new Map<string, OutOfMemoryError>();

  constructor(device: Device) {
    this.#device = device;
  }

  names(): string[] {
    return [...this.#variables.keys()];
  }

  spec(name: string): VariableSpec | undefined {
    return this.#variables.get(name)?.spec;
  }

  set(name: string, spec: VariableSpec, values: Values): void {
    this.#device.check();
    checkValues(`variable ${name}`, spec, values);
    const known = this.#variables.get(name);
    if (known && !(sameShape(known.spec.shape, spec.shape) && known.spec.dtype === spec.dtype)) {
      throw new ShapeError(`variable ${name}`, typeText(known.spec), typeText(spec));
    }
    const buffer = known?.buffer ?? this.#create(name, spec);
    const bytes = spec.dtype === "f16" ? float32ToF16(values as Float32Array) : values;
    // Writes are whole words; an odd count of halves is padded with a zero.
    const whole = bytes.byteLength % 4 === 0 ? bytes : padded(bytes as Uint16Array);
    if (!this.#device.isBusy) {
      this.#write(name, buffer, whole);
      return;
    }
    // Runs and reads that were asked for before still see the old values, whatever the caller writes into these.
    const copy = whole === values ? whole.slice() : whole;
    void this.#device.inTurn(() => {
      this.#write(name, buffer, copy);
      return Promise.resolve();
    });
  }

  #write(name: string, buffer: GPUBuffer, bytes: Values | Uint16Array): void {
    if (!this.holds(name, buffer)) return; // deleted before its turn
    this.written(name);
    this.#device.gpu.queue.writeBuffer(buffer, 0, bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async get(name: string): Promise<Values> {
    const variable = this.#variables.get(name);
    if (!variable) throw this.#absence(name);
    return this.#device.inTurn(async () => {
      this.#device.check();
      // Deleted before its turn: its buffer is gone, whatever has the name now.
      if (this.#variables.get(name) !== variable) throw this.#absence(name);
      const staging = stagingFor(this.#device, variable.spec);
      try {
        return await readThrough(this.#device, staging, variable.buffer, variable.spec);
      } finally {
        staging.destroy();
      }
    });
  }

  /** Waits until the device has answered for all buffers: what it had no room for is then absent. @throws DeviceLostError */
  async settled(): Promise<void> {
    while (this.#creations.size > 0) await this.#device.orLost(Promise.all(this.#creations));
  }

  /** The buffer of a variable of this type; wait for `settled` before. @throws OutOfMemoryError, MissingError, ShapeError */
  buffer(name: string, shape: Shape, dtype: DType): GPUBuffer {
    const variable = this.#variables.get(name);
    if (!variable) throw this.#absence(name, "the graph asks for it; set it before compiling");
    if (!sameShape(variable.spec.shape, shape)) throw new ShapeError(`variable ${name}`, shape, variable.spec.shape);
    if (variable.spec.dtype !== dtype)
      throw new ShapeError(`variable ${name}: element type`, dtype, variable.spec.dtype);
    return variable.buffer;
  }

  /** A number that grows whenever the variable is written, by the host or by a program. */
  version(name: string): number {
    return this.#writes.get(name) ?? 0;
  }

  /** Told by a program that is about to write a variable. */
  written(name: string): void {
    this.#writes.set(name, this.version(name) + 1);
  }

  /** Whether a variable is still the one that has this buffer. */
  holds(name: string, buffer: GPUBuffer): boolean {
    return this.#variables.get(name)?.buffer === buffer;
  }

  delete(name: string): void {
    this.#variables.get(name)?.buffer.destroy();
    this.#variables.delete(name);
    this.#failures.delete(name);
  }

  dispose(): void {
    for (const { buffer } of this.#variables.values()) buffer.destroy();
    this.#variables.clear();
    this.#failures.clear();
  }

  /** Why a variable is not there. That there was no room for it is told once. */
  #absence(name: string, hint?: string): Error {
    const failure = this.#failures.get(name);
    this.#failures.delete(name);
    return failure ?? new MissingError("variables", name, hint);
  }

  #create(name: string, spec: VariableSpec): GPUBuffer {
    const { shape, dtype } = spec;
    const { gpu } = this.#device;
    const size = aligned(elementCount(shape) * elementBytes(dtype));
    const limit = gpu.limits.maxBufferSize;
    if (size > limit) throw new OutOfMemoryError(`variable ${name}`, size, limit);
    gpu.pushErrorScope("out-of-memory");
    const buffer = gpu.createBuffer({ label: name, size, usage: storageUsage() });
    this.#failures.delete(name);
    this.#variables.set(name, { spec, buffer });
    const creation = gpu.popErrorScope().then((error) => {
      this.#creations.delete(creation);
      if (!error || this.#variables.get(name)?.buffer !== buffer) return;
      this.delete(name);
      this.#failures.set(name, new OutOfMemoryError(`variable ${name}: ${error.message}`, size, limit));
    });
    creation.catch(() => undefined); // the device is lost: `settled` tells
    this.#creations.add(creation);
    return buffer;
  }
}

const typeText = ({ shape, dtype }: VariableSpec): string => `${dtype} [${shape.join(", ")}]`;

function padded(values: Uint16Array): Uint16Array {
  const whole = new Uint16Array(values.length + 1);
  whole.set(values);
  return whole;
}

/** Whole words that hold a value. */
const wordBytes = ({ shape, dtype }: VariableSpec): number =>
  Math.ceil((elementCount(shape) * elementBytes(dtype)) / 4) * 4;

/** A buffer through which a value of this type reaches the host. */
export function stagingFor(device: Device, spec: VariableSpec): GPUBuffer {
  device.check();
  return device.gpu.createBuffer({
    label: "staging",
    size: wordBytes(spec),
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
}

/** Copies a buffer's first values to the host. @throws DeviceLostError */
export async function readThrough(
  device: Device,
  staging: GPUBuffer,
  buffer: GPUBuffer,
  spec: VariableSpec,
): Promise<Values> {
  device.check();
  const encoder = device.gpu.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, wordBytes(spec));
  device.gpu.queue.submit([encoder.finish()]);
  await device.orLost(staging.mapAsync(GPUMapMode.READ));
  const bytes = staging.getMappedRange().slice(0);
  staging.unmap();
  if (spec.dtype === "f16") return f16ToFloat32(new Uint16Array(bytes, 0, elementCount(spec.shape)));
  return spec.dtype === "u32" ? new Uint32Array(bytes) : new Float32Array(bytes);
}
