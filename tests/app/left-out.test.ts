import { readdir, readFile } from "node:fs/promises";
import { beforeEach, expect, test } from "vitest";
import { stepIds, type StepId } from "../../src/app/route.ts";
import { openPageWithLab } from "./page-with-lab.ts";

beforeEach(() => {
  openPageWithLab({
    run: () => Promise.resolve({ state: "stopped", id: null, takenOver: false }),
    busy: () => Promise.resolve(false),
    reading: () => Promise.resolve(),
  });
});

const openPage = async (hide: readonly StepId[]) => {
  const [{ StepLink }, { hash }] = await Promise.all([
    import("../../src/app/parts/step-link.tsx"),
    import("../../src/app/state.ts"),
  ]);
  hash.value = { ...hash.value, hide };
  return StepLink;
};

test("a link to a step that the lesson leaves out is the step's name in plain words", async () => {
  const StepLink = await openPage(["why"]);
  expect(StepLink({ to: "result" })).toMatchObject({ type: "a", props: { children: "Result" } });
  const plain = StepLink({ to: "why" });
  expect(plain?.type).not.toBe("a");
  expect(plain).toMatchObject({ props: { children: "Why?" } });
});

test("a link with words of its own is left out with its step", async () => {
  const StepLink = await openPage(["target"]);
  expect(StepLink({ to: "target", children: "Choose other classes" })).toBeNull();
  expect(StepLink({ to: "make", children: "See" })).toMatchObject({ type: "a", props: { children: "See" } });
});

test("no step but those that the lesson has is linked to by its name", async () => {
  const files = (await readdir("src/app", { recursive: true })).filter((path) => path.endsWith(".tsx"));
  const texts = await Promise.all(files.map((path) => readFile(`src/app/${path}`, "utf8")));
  const named = new RegExp(`linkTo\\("(?:${stepIds.join("|")})"\\)`);
  expect(files.filter((_, i) => named.test(texts[i]!))).toEqual([]);
});
