import { describe, expect, test } from "vitest";
import { onTarget } from "../../src/app/own-target.ts";

const target = { hash: "f".repeat(64), name: "pets", classes: ["cat", "dog", "owl"] };
const request = (spec: Parameters<typeof onTarget>[0]["spec"]) => ({ spec, files: "http://localhost/" });

describe("a run on own pictures", () => {
  test("names the target and takes at most as many classes as it has", () => {
    expect(onTarget(request({ name: "page-lesson", classes: 10 }), target)).toEqual({
      ...request({ name: "page-lesson", classes: 3 }),
      target: target.hash,
    });
    expect(onTarget(request({ classes: 2 }), target).spec.classes).toBe(2);
  });

  test("takes all classes where the spec names none, or others", () => {
    expect(onTarget(request({}), target).spec.classes).toBe("all");
    expect(onTarget(request({ classes: ["cat", "bird"] }), target).spec.classes).toBe("all");
    expect(onTarget(request({ classes: ["cat", "owl"] }), target).spec.classes).toEqual(["cat", "owl"]);
  });

  test("that is none, or goes on with the pictures in its name, stays as it is", () => {
    const plain = request({ name: "page-demo", classes: 4 });
    expect(onTarget(plain, null)).toBe(plain);
    const unfinished = request({ name: "page-demo-own-01234567", classes: 4 });
    expect(onTarget(unfinished, target)).toBe(unfinished);
  });
});
