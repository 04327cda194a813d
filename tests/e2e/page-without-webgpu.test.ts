import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sideIds, stepIds } from "../../src/app/route.ts";
import { openBuiltPage, type BuiltPage } from "./built-page.ts";

describe.each([
  { visit: "a browser without WebGPU", meeting: { webgpu: false }, reason: "this browser has no WebGPU" },
  { visit: "a page of plain http", meeting: { secure: false }, reason: "only offered to pages from https" },
])("$visit", ({ meeting, reason }) => {
  let built: BuiltPage;

  beforeAll(async () => {
    built = await openBuiltPage(meeting);
  });
  afterAll(() => built.close());

  const open = async (hash: string): Promise<void> => {
    await built.page.goto(built.address(hash));
    await built.page.waitForSelector(".shown");
  };

  test("the page says why there is no device, and every place is reached", async () => {
    await open("#step=start");
    await built.page.waitForSelector('[data-device="none"]');
    expect(await built.page.textContent("[data-device]")).toContain(reason);
    for (const id of [...stepIds, ...sideIds]) {
      await open(`#step=${id}`);
      await built.page.waitForTimeout(200);
      expect(await built.page.locator("h1").count(), id).toBe(1);
      expect(await built.page.textContent("body"), id).not.toMatch(/\{\w+\}/);
    }
  });

  test("a class is looked up on the processor", async () => {
    const { page } = built;
    await open("#step=make");
    await page.waitForSelector('.redraw[data-device="none"]');
    expect(await page.textContent(".redraw")).toContain("Drawing live needs WebGPU");
    expect(await page.getByRole("button", { name: "Draw again" }).count()).toBe(0);
    for (const visit of ["downloads", "again, from what is kept"]) {
      await page.getByRole("button", { name: "Look up" }).click();
      const found = await page.waitForSelector("[data-found]", { timeout: 30_000 });
      expect(await found.getAttribute("data-found"), visit).toBe("10");
      expect(await found.getAttribute("data-computed-on"), visit).toBe("cpu");
      expect(await page.locator("[data-found] .tiles li canvas").count(), visit).toBe(10);
      expect(await page.textContent("[data-found] figcaption"), visit).toContain("this computer's processor");
      // The recorded run searched the mini world, and the tiny one is served here.
      expect(await page.textContent('[data-same-pool="false"]'), visit).toContain("“tiny”");
      expect(await page.locator(".look-results figure").count(), visit).toBe(1);
      await page.reload();
      await page.waitForSelector('.redraw[data-device="none"]');
    }
  }, 120_000);

  test("nothing went wrong on the console, and no policy was broken", () => {
    expect(built.problems).toEqual([]);
  });
});
