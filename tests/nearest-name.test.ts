import { expect, test } from "vitest";
import { nearestName } from "../src/nearest-name.ts";

test("a swapped, lost or doubled letter still finds its name", () => {
  const names = ["train", "retrieve", "generate"];
  expect(nearestName("trian", names)).toBe("train");
  expect(nearestName("retreive", names)).toBe("retrieve");
  expect(nearestName("genrate", names)).toBe("generate");
});

test("a name that resembles nothing finds nothing", () => {
  expect(nearestName("zebra", ["generate", "retrieve"])).toBeNull();
  expect(nearestName("x", [])).toBeNull();
});
