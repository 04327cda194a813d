/** Networks that ask less of a device at once. */
import type { RunNetworks } from "../src/experiment/run-networks.ts";

/**
 * The same networks with half as many images sampled at once for each loss, at least one: a device that ran out of memory or
 * time may last with fewer. Images change by no more than rounding; a classifier's batch decides what it learns and stays.
 *
 * @param losses of the device in this run
 */
export function withSmallerBatches(networks: RunNetworks, losses: number): RunNetworks {
  if (losses === 0) return networks;
  return {
    ...networks,
    generator: (settings) =>
      networks.generator({ ...settings, batch: Math.max(1, Math.floor(settings.batch / 2 ** losses)) }),
  };
}
