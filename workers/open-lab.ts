import { wrap, type Remote } from "comlink";
import { carryErrors } from "./error-transfer.ts";
import type { LabApi } from "./lab-api.ts";

/** The lab of a worker that runs `lab.worker.ts`; its errors arrive as what they are. */
export function openLab(worker: Worker): Remote<LabApi> {
  carryErrors();
  return wrap<LabApi>(worker);
}
