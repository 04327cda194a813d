/** The lab with a device that is lost amid a run, over a Comlink connection. */
import { expose, proxy, wrap } from "comlink";
import type { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openBrowserBackend } from "../../src/backends/webgpu/request-device.ts";
import { DeviceLostError } from "../../src/errors.ts";
import type { RunEvent } from "../../src/experiment/stages.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import { carryErrors, packError, type PackedError } from "../../workers/error-transfer.ts";
import type { LabApi, RunRequest } from "../../workers/lab-api.ts";
import { Lab } from "../../workers/lab.ts";

/** What became of a run whose device was lost, and of the lab afterwards. */
export interface Loss {
  readonly error: PackedError | null;
  readonly isDeviceLost: boolean;
  /** Devices opened by the run and by the next one. */
  readonly opened: number;
  /** How far the next run came before it was cancelled. */
  readonly next: string;
}

/** Loses the device when the run's first stage begins; runs again, up to the first finished unit. */
export const loseDevice = async (request: RunRequest): Promise<Loss> => {
  const backends: WebGpuBackend[] = [];
  const lab = new Lab({
    checkDevice: () => Promise.resolve({ kind: "software", name: "test" }),
    openBackend: async () => {
      backends.push(await openBrowserBackend(navigator.gpu));
      return backends.at(-1)!;
    },
    store: new Store(memoryMedium()),
    runs: memoryMedium(),
  });
  carryErrors();
  const { port1, port2 } = new MessageChannel();
  expose(lab, port1);
  const remote = wrap<LabApi>(port2);

  const lose = (event: RunEvent): void => {
    if (event.event === "stage-started") backends[0]!.device.destroy();
  };
  const error: unknown = await remote.run(request, proxy(lose)).then(
    () => null,
    (reason: unknown) => reason,
  );
  const cancel = (event: RunEvent): void => {
    if (event.event === "unit-finished") void remote.cancel();
  };
  const outcome = await remote.run(request, proxy(cancel));
  return {
    error: error === null ? null : packError(error),
    isDeviceLost: error instanceof DeviceLostError,
    opened: backends.length,
    next: outcome.state,
  };
};
