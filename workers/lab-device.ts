/** The lab's device and the networks on it: opened when they are needed, kept until they are released or lost. */
import type { Backend } from "../src/backends/backend.ts";
import type { RunNetworks } from "../src/experiment/run-networks.ts";
import { openAgain } from "./device-losses.ts";

/** One device at a time. */
export class LabDevice {
  #backend: Promise<Backend> | undefined;
  /** The networks that were loaded last, by what decides them. */
  #networks: { readonly key: string; readonly loaded: Promise<RunNetworks> } | undefined;
  #adapter = "unknown";
  #isLost = false;

  /** @param open called anew after a release or a loss */
  constructor(private readonly open: () => Promise<Backend>) {}

  /** The name of the adapter that was opened last. */
  get adapter(): string {
    return this.#adapter;
  }

  /** The device. @throws AdapterError */
  async backend(): Promise<Backend> {
    const opening = (this.#backend ??= this.#isLost ? openAgain(this.open) : this.open());
    try {
      const backend = await opening;
      this.#isLost = false;
      this.#adapter = backend.name;
      return backend;
    } catch (error) {
      if (this.#backend === opening) this.#backend = undefined;
      throw error;
    }
  }

  /**
   * Networks on the device; those that were loaded last are there still.
   *
   * @param key of what decides them
   * @throws what `load` throws; the device is released then
   */
  async networks(key: string, load: (backend: Backend) => Promise<RunNetworks>): Promise<RunNetworks> {
    if (this.#networks?.key !== key) this.#networks = { key, loaded: this.backend().then(load) };
    try {
      return await this.#networks.loaded;
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  /** Lets go of a device that is lost; the next one is asked for with patience. */
  lose(): void {
    this.#backend = undefined;
    this.#networks = undefined;
    this.#isLost = true;
  }

  /** Frees the device and all that is on it. */
  async release(): Promise<void> {
    const opened = this.#backend;
    this.#backend = undefined;
    this.#networks = undefined;
    const backend = await opened?.catch(() => undefined);
    backend?.dispose();
  }
}
