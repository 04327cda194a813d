import { expect, test } from "vitest";
import { sinusoids } from "../../src/nn/time-embedding.ts";

test("sinusoids of an odd width are refused", () => {
  const options = { cosinesFirst: true, frequencyShift: 0 };
  expect(() => sinusoids(2, { ...options, channels: 5 })).toThrow(
    "sinusoids: channels: expected an even number, got 5",
  );
  expect(sinusoids(2, { ...options, channels: 4 })).toHaveLength(8);
});
