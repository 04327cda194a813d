import { expose } from "comlink";
import { openBrowserBackend } from "../src/backends/webgpu/request-device.ts";
import { idbMedium } from "../src/storage/idb.ts";
import { lastingMedium } from "../src/storage/lasting.ts";
import { Store } from "../src/storage/store.ts";
import { checkDevice } from "./device-check.ts";
import { carryErrors } from "./error-transfer.ts";
import { Lab } from "./lab.ts";
import { openImages } from "./open-images.ts";

const startImages = (): Worker =>
  new Worker(new URL("./images.worker.ts", import.meta.url), { type: "module", name: "images" });
const runs = lastingMedium(() => idbMedium("retrieve-or-generate-runs"));
const gpu = "gpu" in navigator ? navigator.gpu : undefined;

carryErrors();
expose(
  new Lab({
    checkDevice: () => checkDevice(gpu, isSecureContext),
    openBackend: () => openBrowserBackend(gpu),
    store: new Store(lastingMedium(idbMedium)),
    runs,
    keepsRuns: runs.lasts,
    openImages: () => openImages(startImages),
  }),
);
