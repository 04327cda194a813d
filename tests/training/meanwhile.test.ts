import { expect, test } from "vitest";
import { meanwhile } from "../../src/training/meanwhile.ts";

test("makes the next inputs while the work is under way, and waits for both", async () => {
  const events: string[] = [];
  const work = new Promise<void>((resolve) => {
    setTimeout(() => {
      events.push("worked");
      resolve();
    }, 30);
  });
  expect(await meanwhile(work, () => events.push("made"))).toBe(1);
  expect(events).toEqual(["made", "worked"]);
});

test("fails with what the work or the making throws", async () => {
  const lost = (): Promise<void> => Promise.reject(new Error("lost"));
  await expect(meanwhile(lost(), () => 1)).rejects.toThrow("lost");
  await expect(
    meanwhile(Promise.resolve(), () => {
      throw new Error("no such picture");
    }),
  ).rejects.toThrow("no such picture");
});
