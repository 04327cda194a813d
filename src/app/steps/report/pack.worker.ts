/** Packs bundles beside the page, which stays awake meanwhile. */
import { expose, transfer } from "comlink";
import { bundle } from "../../../experiment/bundle.ts";

/** What the worker does. */
export interface Packing {
  /** @returns a zip file */
  pack(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array>;
}

const packing: Packing = {
  pack: async (files) => {
    const bytes = await bundle(files);
    return transfer(bytes, [bytes.buffer]);
  },
};

expose(packing);
