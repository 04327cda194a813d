import { expect, test } from "vitest";
import { damagedByKind, withoutRun } from "../../src/app/beside/storage/damaged.ts";

const damaged = ["download 0a1b", "2026_a_1/produce/retrieval/cat.bin", "2026_a_12/train/real-10/set-0.bin"];

test("damaged downloads are told apart from damaged files of runs", () => {
  expect(damagedByKind(damaged)).toEqual({ downloads: damaged.slice(0, 1), runs: damaged.slice(1) });
});

test("a removed run has no damaged files", () => {
  expect(withoutRun({ checked: 9, damaged }, "2026_a_1").damaged).toEqual([damaged[0], damaged[2]]);
});
