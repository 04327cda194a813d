import type { ComponentChildren } from "preact";
import { expect, test } from "vitest";
import type { RunView } from "../../src/app/runs/run-view.ts";
import type { Lane, LanePicture } from "../../src/app/steps/make/lanes.ts";
import { nearestColumn, pictureAt } from "../../src/app/steps/make/same-place.ts";
import { openPageWithLab } from "./page-with-lab.ts";

const lane = (classKey: string, count: number): Lane => ({
  ...({ id: "retrieval", source: {} as RunView, classKey, state: "there", total: count, rejected: 0 } as const),
  pictures: Array.from({ length: count }, (_, i): LanePicture => {
    const look = { kind: "pixels", width: 1, height: 1, pixels: new Uint8Array(3) } as const;
    return { key: `${classKey}-${i}`, provenance: {}, look, nearest: { id: "x", similarity: 0.5 } };
  }),
});

/** Keys of the list's items, in order. */
function itemKeys(node: ComponentChildren): unknown[] {
  if (Array.isArray(node)) return node.flatMap(itemKeys);
  if (typeof node !== "object" || node === null || !("props" in node)) return [];
  return node.type === "li" ? [node.key] : itemKeys((node.props as { children?: ComponentChildren }).children);
}

test("where another class is chosen, the nearest pictures change in their places, so that the focus stays", async () => {
  openPageWithLab({
    run: () => Promise.resolve({ state: "stopped", id: null, takenOver: false }),
    busy: () => Promise.resolve(false),
    reading: () => Promise.resolve(),
  });
  const { NearestLane } = await import("../../src/app/steps/make/nearest-lane.tsx");
  const keysOf = (of: Lane) => itemKeys(NearestLane({ lane: of, picture: of.pictures[0]! }));
  expect(keysOf(lane("bird", 3))).toHaveLength(3);
  expect(keysOf(lane("cat", 3))).toEqual(keysOf(lane("bird", 3)));
});

test("where another class is chosen, the picture in the same column is looked at, or the last of a shorter lane", () => {
  const cats = lane("cat", 3);
  expect(pictureAt(cats, 1)).toBe(cats.pictures[1]);
  expect(pictureAt(cats, 7)).toBe(cats.pictures[2]);
  expect(pictureAt(lane("cat", 0), 1)).toBeNull();
});

test("where a focused picture goes, the focus goes to the nearest column that has one", () => {
  expect([nearestColumn([0, 1, 2, 3], 2), nearestColumn([0, 1], 7), nearestColumn([0, 4, 6], 5)]).toEqual([2, 1, 4]);
  expect(nearestColumn([], 2)).toBeNull();
});
