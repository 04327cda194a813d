import { expect, test } from "vitest";
import { run as pretrain } from "../../src/cli/pretrain.ts";

test.each([
  ["vae --steps 0", /--steps with a whole number from 1 up, got 0/],
  ["vae --batch 2.5", /--batch with a whole number from 1 up, got 2.5/],
  ["vae --seed 1.5", /--seed with a whole number from 0 up, got 1.5/],
  ["vae --rate=-1", /--rate above 0, got -1/],
  ["vae --time-budget 0", /--time-budget above 0, got 0/],
  ["vae --freeze-text", /--freeze-text with clip, got vae/],
  ["clip vae", /expected clip, vae or unet, got clip vae/],
])("pretrain %s is refused before anything is read or written", async (line, message) => {
  await expect(pretrain([...line.split(" "), "--world", "/nowhere", "--models", "/nowhere"])).rejects.toThrow(message);
});
