import { expect, test } from "vitest";
import { goesOnFrom } from "../../src/training/training-state.ts";
import { bytesSource } from "../../src/weights/byte-source.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";
import { writeSafetensors } from "../../src/weights/safetensors-writer.ts";

const stateOf = (progress: Readonly<Record<string, string>>) =>
  openSafetensors(bytesSource("vae.safetensors", writeSafetensors(new Map(), new Map(Object.entries(progress)))));

test("a training goes on from its own state, finished or not", async () => {
  for (const step of ["500", "1600"])
    expect(goesOnFrom(await stateOf({ step, steps: "1600", key: "a" }), "a")).toBe(true);
});

test("a training begins where another one is finished, and is refused where it is not", async () => {
  expect(goesOnFrom(await stateOf({ step: "1600", steps: "1600", key: "a" }), "b")).toBe(false);
  const unfinished = await stateOf({ step: "500", steps: "1600", key: "a" });
  expect(() => goesOnFrom(unfinished, "b")).toThrow(
    /^vae.safetensors: expected the state of this training, .*, got another one's after 500 of 1600 steps/,
  );
});
