import { expect, test } from "vitest";
import type { RunNetworks } from "../../src/experiment/run-networks.ts";
import { tinySpec } from "../experiment/tiny-world.ts";
import { withSmallerBatches } from "../../workers/smaller-batches.ts";

const { generator } = tinySpec("generator={steps: 2, guidance: 2, batch: 12}");

async function batchAfter(losses: number): Promise<number> {
  const asked: number[] = [];
  const networks = {
    generator: ({ batch }: typeof generator) => {
      asked.push(batch);
      return Promise.reject(new Error("not needed"));
    },
  } as Partial<RunNetworks> as RunNetworks;
  await withSmallerBatches(networks, losses)
    .generator(generator)
    .catch(() => undefined);
  return asked[0]!;
}

test.each([
  [0, 12],
  [1, 6],
  [2, 3],
  [3, 1],
  [9, 1],
])("after %s losses of the device %s of 12 images are sampled at once", async (losses, batch) => {
  expect(await batchAfter(losses)).toBe(batch);
});
