import { expect, test } from "vitest";
import { ExampleOrder } from "../../src/training/order.ts";

const count = 10;
const order = (batch: number, seed = 1, stream = "order"): ExampleOrder => new ExampleOrder(count, batch, seed, stream);

/** The indices of the first steps, one after another. */
const seen = (of: ExampleOrder, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => [...of.at(step)]).flat();

const sorted = (indices: readonly number[]): number[] => [...indices].sort((a, b) => a - b);
const all = Array.from({ length: count }, (_, i) => i);

test.each([1, 4, 10, 25])("every epoch sees every example once, in batches of %i", (batch) => {
  const indices = seen(order(batch), Math.ceil((4 * count) / batch));
  const epochs = Math.floor(indices.length / count);
  expect(epochs).toBeGreaterThanOrEqual(4);
  for (let epoch = 0; epoch < epochs; epoch++)
    expect(sorted(indices.slice(epoch * count, (epoch + 1) * count))).toEqual(all);
});

test("every batch is full, and an epoch's rest begins the next epoch's first batch", () => {
  const whole = seen(order(1), 2 * count);
  const batches = Array.from({ length: 5 }, (_, step) => order(4).at(step));
  expect(batches.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4]);
  // The third batch: the last two of the first epoch, then the first two of the second.
  expect([...batches[2]!]).toEqual(whole.slice(8, 12));
  expect(batches.flatMap((batch) => [...batch])).toEqual(whole);
});

test("another epoch has another order", () => {
  const indices = seen(order(count), 4);
  const epochs = [0, 1, 2, 3].map((epoch) => indices.slice(epoch * count, (epoch + 1) * count).join());
  expect(new Set([...epochs, all.join()]).size).toBe(5);
});

test("a step is the same whichever was asked before it", () => {
  const [forward, backward] = [order(4), order(4)];
  const expected = Array.from({ length: 9 }, (_, step) => forward.at(step));
  for (const step of [8, 2, 7, 2, 0, 5]) expect(backward.at(step)).toEqual(expected[step]);
});

test("seed and stream decide the order, and nothing else does", () => {
  const first = seen(order(4), 5);
  expect(seen(order(4), 5)).toEqual(first);
  expect(seen(order(4, 2), 5)).not.toEqual(first);
  expect(seen(order(4, 1, "another"), 5)).not.toEqual(first);
});
