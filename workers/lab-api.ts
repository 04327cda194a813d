/** What a page, the command line and the tests may ask of the engine; types only. */

/** What this browser offers the experiment. */
export type DeviceCheck =
  { readonly kind: "gpu" | "software"; readonly name: string } | { readonly kind: "none"; readonly reason: string };

/** The engine in its worker. Values are copied unless they are moved by name. */
export interface LabApi {
  /** Asks the browser for a WebGPU adapter, as the worker sees it. */
  checkDevice(): Promise<DeviceCheck>;
}
