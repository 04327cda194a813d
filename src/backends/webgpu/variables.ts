/** Variables on a device: one buffer each, shared by programs by name. */
import { MissingError, OutOfMemoryError, ShapeError } from "../../errors.ts";
import type { DType, Shape } from "../../graph/tensor.ts";
import { elementBytes, elementCount, sameShape } from "../../graph/tensor.ts";
import type { Values, VariableSpec, Variables } from "../backend.ts";
import { f16ToFloat32, float32ToF16 } from "../../half.ts";
import type { Device } from "./device.ts";
import { storageUsage } from "./device.ts";

interface Variable {
  readonly spec: VariableSpec;
  readonly buffer: GPUBuffer;
}

/** @see Variables */
export class WebGpuVariables implements Variables {
  readonly #device: Device;
  readonly #variables = new Map<string, Variable>();

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
    if (values.length !== elementCount(spec.shape))
      throw new ShapeError(`variable ${name}: values`, [elementCount(spec.shape)], [values.length]);
    const known = this.#variables.get(name);
    if (known && !(sameShape(known.spec.shape, spec.shape) && known.spec.dtype === spec.dtype)) {
      throw new ShapeError(`variable ${name}`, known.spec.shape, spec.shape);
    }
    const buffer = known?.buffer ?? this.#create(name, spec);
    if (!known) this.#variables.set(name, { spec, buffer });
    const bytes = spec.dtype === "f16" ? float32ToF16(values as Float32Array) : values;
    // Writes are whole words; an odd count of halves is padded with a zero.
    const whole = bytes.byteLength % 4 === 0 ? bytes : padded(bytes as Uint16Array);
    this.#device.gpu.queue.writeBuffer(buffer, 0, whole.buffer as ArrayBuffer, whole.byteOffset, whole.byteLength);
  }

  async get(name: string): Promise<Values> {
    const variable = this.#variables.get(name);
    if (!variable) throw new MissingError("variables", name);
    const { spec, buffer } = variable;
    return readBuffer(this.#device, buffer, 0, spec.shape, spec.dtype);
  }

  /** The buffer of a variable of this type. @throws MissingError, ShapeError */
  buffer(name: string, shape: Shape, dtype: DType): GPUBuffer {
    const variable = this.#variables.get(name);
    if (!variable) throw new MissingError("variables", name, "the graph asks for it; set it before compiling");
    if (!sameShape(variable.spec.shape, shape)) throw new ShapeError(`variable ${name}`, shape, variable.spec.shape);
    if (variable.spec.dtype !== dtype)
      throw new ShapeError(`variable ${name}: element type`, dtype, variable.spec.dtype);
    return variable.buffer;
  }

  delete(name: string): void {
    this.#variables.get(name)?.buffer.destroy();
    this.#variables.delete(name);
  }

  dispose(): void {
    for (const { buffer } of this.#variables.values()) buffer.destroy();
    this.#variables.clear();
  }

  #create(name: string, { shape, dtype }: VariableSpec): GPUBuffer {
    const size = Math.max(Math.ceil((elementCount(shape) * elementBytes(dtype)) / 16) * 16, 256);
    const limit = this.#device.gpu.limits.maxBufferSize;
    if (size > limit) throw new OutOfMemoryError(`variable ${name}`, size, limit);
    return this.#device.gpu.createBuffer({ label: name, size, usage: storageUsage() });
  }
}

function padded(values: Uint16Array): Uint16Array {
  const whole = new Uint16Array(values.length + 1);
  whole.set(values);
  return whole;
}

/** Copies a buffer's range to the host. */
export async function readBuffer(
  device: Device,
  buffer: GPUBuffer,
  offset: number,
  shape: Shape,
  dtype: DType,
): Promise<Values> {
  device.check();
  const count = elementCount(shape);
  const size = Math.ceil((count * elementBytes(dtype)) / 4) * 4;
  const staging = device.gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.gpu.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
  device.gpu.queue.submit([encoder.finish()]);
  try {
    await device.orLost(staging.mapAsync(GPUMapMode.READ));
    const bytes = staging.getMappedRange().slice(0);
    staging.unmap();
    if (dtype === "f16") return f16ToFloat32(new Uint16Array(bytes, 0, count));
    return dtype === "u32" ? new Uint32Array(bytes) : new Float32Array(bytes);
  } finally {
    staging.destroy();
  }
}
