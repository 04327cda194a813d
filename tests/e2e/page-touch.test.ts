/** The page under a finger, at a phone's width. */
import type { CDPSession } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBuiltPage, type BuiltPage } from "./built-page.ts";

let built: BuiltPage;
let session: CDPSession;
beforeAll(async () => {
  built = await openBuiltPage();
  const { page } = built;
  await page.setViewportSize({ width: 360, height: 700 });
  session = await page.context().newCDPSession(page);
  await session.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await page.goto(built.address("#step=sources"));
  await page.waitForSelector(".order-list li");
});
afterAll(() => built.close());

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A finger comes down, moves in steps, as fingers do, and goes up. */
async function swipe(from: Point, to: Point): Promise<void> {
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [from] });
  const steps = 12;
  for (let i = 1; i <= steps; i++) {
    const [x, y] = [from.x + ((to.x - from.x) * i) / steps, from.y + ((to.y - from.y) * i) / steps];
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x, y }] });
    await built.page.waitForTimeout(16);
  }
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await built.page.waitForTimeout(300);
}

const order = (): Promise<string[]> =>
  built.page.$$eval(".order-list li", (rows) => rows.map((row) => row.getAttribute("data-condition") ?? ""));

async function centreOf(selector: string): Promise<Point> {
  const box = (await built.page.locator(selector).boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("a row is dragged by its grip to another place, and the page stays where it is", async () => {
  const before = await order();
  await built.page.locator('[data-place="3"]').scrollIntoViewIfNeeded();
  const scrolled = await built.page.evaluate(() => scrollY);
  const from = await centreOf('[data-place="3"] .grip');
  await swipe(from, { x: from.x, y: (await centreOf('[data-place="1"]')).y - 10 });
  expect(await order()).toEqual([before[2], before[0], before[1], ...before.slice(3)]);
  expect(await built.page.evaluate(() => scrollY)).toBe(scrolled);
});

test("a swipe on a row's name scrolls the page and moves no row", async () => {
  const before = await order();
  await built.page.locator('[data-place="4"]').scrollIntoViewIfNeeded();
  const scrolled = await built.page.evaluate(() => scrollY);
  const from = await centreOf('[data-place="4"] .order-place');
  await swipe(from, { x: from.x, y: from.y - 200 });
  expect(await order()).toEqual(before);
  expect(await built.page.evaluate(() => scrollY)).toBeGreaterThan(scrolled + 50);
});

test("a swipe along the histogram brushes the classes below it", async () => {
  const { page } = built;
  await page.goto(built.address("#step=why"));
  await page.waitForSelector(".histogram-plot");
  const ends = (): Promise<string[]> => page.$$eval(".brush-ends output", (all) => all.map((one) => one.textContent));
  const listed = (): Promise<number> => page.locator(".class-list button").count();
  const before = { ends: await ends(), listed: await listed() };
  await page.locator(".histogram-plot").first().scrollIntoViewIfNeeded();
  const box = (await page.locator(".histogram-plot").first().boundingBox())!;
  const y = box.y + box.height / 2;
  await swipe({ x: box.x + box.width * 0.55, y }, { x: box.x + box.width * 0.95, y: y + 4 });
  expect(await ends()).not.toEqual(before.ends);
  const after = await listed();
  expect(after).toBeGreaterThan(0);
  expect(after).toBeLessThan(before.listed);
});

test("nothing went wrong on the console, and no policy was broken", () => {
  expect(built.problems).toEqual([]);
});
