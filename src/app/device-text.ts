import type { DeviceCheck } from "../../workers/lab-api.ts";

/** What the page shows: nothing is known until the worker has answered. */
export type DeviceState = DeviceCheck | { readonly kind: "checking" };

/**
 * The finding in plain words.
 *
 * @param check as the lab gives it
 */
export const deviceText = (check: DeviceState): string => {
  switch (check.kind) {
    case "checking":
      return "Looking for a graphics processor…";
    case "gpu":
      return `This browser can use a graphics processor: ${check.name}.`;
    case "software":
      return `This browser emulates a graphics processor (${check.name}). Everything works, many times slower.`;
    case "none":
      return `This browser cannot run the experiment: ${check.reason}.`;
  }
};
