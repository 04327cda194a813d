import { expose } from "comlink";
import { checkDevice } from "./device-check.ts";
import type { LabApi } from "./lab-api.ts";

const lab: LabApi = {
  checkDevice: () => checkDevice("gpu" in navigator ? navigator.gpu : undefined, isSecureContext),
};

expose(lab);
