/** The lab as a page without a face: what a program that drives the browser calls, in values that it can carry. */
import { proxy } from "comlink";
import { packError, type PackedError } from "./error-transfer.ts";
import type { DeviceCheck, LabEvent, RunOutcome, RunRequest, StorageState } from "./lab-api.ts";
import { openLab } from "./open-lab.ts";

/** What was asked for, or why not. */
export type Answer<T> = { readonly value: T } | { readonly error: PackedError };

/** What the page's global object holds. */
export interface PageLab {
  readonly lab: {
    checkDevice(): Promise<DeviceCheck>;
    run(request: RunRequest): Promise<Answer<RunOutcome>>;
    cancel(): Promise<void>;
    /** Base64 by path. */
    files(run: string): Promise<Readonly<Record<string, string>>>;
    storage(): Promise<StorageState>;
  };
  /** The driver's ear, where it has one. */
  readonly onLabEvent?: (event: LabEvent) => void;
}

const remote = openLab(new Worker("/lab-worker.js", { type: "module", name: "lab" }));

const lab: PageLab["lab"] = {
  checkDevice: () => remote.checkDevice(),
  run: async (request) => {
    const tell = (event: LabEvent): void => (globalThis as unknown as PageLab).onLabEvent?.(event);
    try {
      return { value: await remote.run(request, proxy(tell)) };
    } catch (error) {
      return { error: packError(error) };
    }
  },
  cancel: () => remote.cancel(),
  files: async (run) => {
    const files = await remote.files(run);
    return Object.fromEntries([...files].map(([path, bytes]) => [path, base64(bytes)]));
  },
  storage: () => remote.storage(),
};

function base64(bytes: Uint8Array): string {
  let text = "";
  // Arguments of a call are limited in number.
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

Object.assign(globalThis, { lab });
