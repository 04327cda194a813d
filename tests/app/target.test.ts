import { describe, expect, test } from "vitest";
import type { RunView } from "../../src/app/runs/run-view.ts";
import { bySize, imbalanceOf, targetClasses } from "../../src/app/steps/target/real-pictures.ts";

const classOf = (name: string, total: number) => ({ name, total, pictures: [] });

const view = (gallery: RunView["gallery"]): Pick<RunView, "results" | "gallery"> => ({
  results: { classes: ["bird", "fish, sea animal"] } as unknown as RunView["results"],
  gallery,
});

describe("the target's classes", () => {
  test("are not known of a run that kept no pictures", () => {
    expect(targetClasses(view(null))).toBeNull();
  });
  test("have the results' names and the gallery's totals, in the results' order", () => {
    const pictures = [{ id: "noto/bird", provenance: {} }];
    const classes = [
      { key: "bird", total: 20, pictures },
      { key: "fish", total: 9, pictures: [] },
    ];
    const gallery = {
      ...({ version: 1, tile: 32, columns: 10 } as const),
      sets: [{ id: "target", atlas: "gallery/target.png", nearestAtlas: null, classes }],
    } as const;
    expect(targetClasses(view(gallery))).toEqual([
      { name: "bird", total: 20, pictures },
      { name: "fish, sea animal", total: 9, pictures: [] },
    ]);
  });
});

describe("the imbalance", () => {
  const classes = [classOf("a", 10), classOf("b", 30), classOf("c", 10), classOf("d", 30)];
  test("is between the largest and the smallest class, the first of several", () => {
    expect(imbalanceOf(classes)).toMatchObject({ largest: { name: "b" }, smallest: { name: "a" }, ratio: 3 });
  });
  test("is none without classes", () => {
    expect(imbalanceOf([])).toBeNull();
  });
  test("leaves the classes in their order where they are drawn by size", () => {
    expect(bySize(classes).map(({ name }) => name)).toEqual(["b", "d", "a", "c"]);
    expect(classes[0]!.name).toBe("a");
  });
});
