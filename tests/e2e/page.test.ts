import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sideIds, stepIds } from "../../src/app/route.ts";
import type { Results } from "../../src/experiment/record.ts";
import { openBuiltPage, type BuiltPage } from "./built-page.ts";
import { seriousFindings } from "./serious-findings.ts";

let built: BuiltPage;
let results: Results;

beforeAll(async () => {
  built = await openBuiltPage();
  const { runs } = JSON.parse(await readFile("public/recorded/index.json", "utf8")) as { runs: { path: string }[] };
  results = JSON.parse(await readFile(join("public/recorded", runs[0]!.path, "results.json"), "utf8")) as Results;
});
afterAll(() => built.close());

const open = async (hash: string): Promise<void> => {
  await built.page.goto(built.address(hash));
  await built.page.waitForSelector(".shown");
  await built.page.waitForFunction(() => document.querySelector("h1") !== null);
};

describe.each(["light", "dark"] as const)("in a %s scheme", (colorScheme) => {
  test.each([...stepIds, ...sideIds])("%s has one question, a title and no serious finding of axe", async (id) => {
    await built.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await open(`#step=${id}`);
    await built.page.waitForTimeout(300);
    expect(await built.page.locator("h1").count()).toBe(1);
    expect(await built.page.title()).toContain("Retrieve or generate?");
    expect(await built.page.locator(`nav [aria-current=step]`).count()).toBe(1);
    expect(await built.page.textContent("body")).not.toMatch(/\{\w+\}/);
    expect(await seriousFindings(built.page)).toEqual([]);
  });
});

test("no place is wider than a phone", async () => {
  await built.page.setViewportSize({ width: 320, height: 800 });
  for (const id of [...stepIds, ...sideIds]) {
    await open(`#step=${id}`);
    await built.page.waitForTimeout(200);
    const width = await built.page.evaluate(() => document.documentElement.scrollWidth);
    expect({ id, width }).toEqual({ id, width: 320 });
  }
  await built.page.setViewportSize({ width: 1280, height: 900 });
});

test("every number of the result is that of results.json", async () => {
  await open("#step=result");
  await built.page.waitForSelector("[data-condition][data-mean]");
  const read = await built.page.$$eval("[data-condition][data-mean]", (elements) =>
    elements.map((element) => {
      const { condition, mean, se } = (element as HTMLElement).dataset;
      return { condition, mean: Number(mean), se: Number(se) };
    }),
  );
  const byId = new Map(read.map((row) => [row.condition, row]));
  for (const { id, mean, standardError } of results.conditions) {
    expect(byId.get(id)?.mean).toBeCloseTo(mean, 12);
    expect(byId.get(id)?.se).toBeCloseTo(standardError ?? NaN, 12);
  }
});

test("every mean of the scaling curve is that of sweep.csv", async () => {
  await open("#step=why");
  await built.page.waitForSelector("[data-scaling]");
  const read = await built.page.$$eval("[data-scaling]", (elements) =>
    elements.map((element) => {
      const { scaling, ratio, mean } = element.dataset;
      return [scaling, ratio, mean].join(",");
    }),
  );
  const [, ...lines] = (await readFile("public/recorded/mini-all/sweep.csv", "utf8")).trimEnd().split("\r\n");
  const cells = lines.map((line) => line.split(","));
  expect(read.sort()).toEqual(cells.map(([ratio, condition, , mean]) => [condition, ratio, mean].join(",")).sort());
});

test("a link hides steps, starts where it says, and says what it gets wrong", async () => {
  await built.page.goto("about:blank");
  await open("#lesson=45&hide=why,report&start=sources");
  expect(await built.page.locator("nav [aria-current=step]").textContent()).toContain("Sources");
  expect(await built.page.locator(".rail ol li").count()).toBe(stepIds.length - 2);
  await open("#step=target&lesson=11");
  expect(await built.page.textContent("[role=alert]")).toContain("expected 10, 45 or 90");
});

test("a step that a link leaves out has a heading and leads to the next one, and nothing leads to it", async () => {
  const { page } = built;
  await open("#step=why&hide=start,why,result");
  expect(await page.textContent("main h1")).toBe("Left out");
  expect(await page.title()).toContain("Left out");
  await page.getByRole("link", { name: "Next: Report" }).click();
  for (const id of ["target", "sources", "make", "train", "report", "teacher"]) {
    await open(`#step=${id}&hide=start,why,result`);
    await page.waitForTimeout(200);
    expect(await page.locator('a[href*="step=why"], a[href*="step=result"], a[href*="step=start&"]').count(), id).toBe(
      0,
    );
  }
  await page.goto("about:blank");
  await open("#hide=start,target&start=target");
  expect(await page.locator("nav [aria-current=step]").textContent()).toContain("Sources");
});

test("a teacher learns which number of classes no student's device can run", async () => {
  const { page } = built;
  await open("#step=teacher");
  await page.getByLabel("The run to make").selectOption("demo");
  await page.getByLabel(/^Classes/).fill("99");
  await page.getByText("classes: expected at most 4, got 99").waitFor();
  expect(await page.getByRole("button", { name: "Copy the link" }).isDisabled()).toBe(true);
});

test("another class's pictures keep the keyboard at the same place of their lane", async () => {
  const { page } = built;
  await open("#step=make");
  const third = page.locator("[data-lane=generated] .lane-cells li").nth(2).locator("button");
  await third.focus();
  const before = await third.getAttribute("aria-label");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => third.getAttribute("aria-label")).not.toBe(before);
  expect(await third.evaluate((element) => element === document.activeElement)).toBe(true);
});

test("a lane has an empty square for each picture that its method left out", async () => {
  const { page } = built;
  const { rejected } = results.production.find(({ id }) => id === "retrieval")!;
  const [key, count] = Object.entries(rejected).sort(([, a], [, b]) => b - a)[0]!;
  await open("#step=make");
  const next = page.getByRole("button", { name: "Next class" });
  for (let i = 0; i < results.classes.length; i++) {
    if ((await page.getAttribute(".class-picker", "data-class")) === key) break;
    await next.click();
  }
  const lane = page.locator('[data-lane=retrieved][data-method="retrieval"]');
  await expect.poll(() => lane.locator(".is-rejected").count()).toBe(Math.min(count, 90));
  expect(await lane.textContent()).toContain(`${String(count)} left out`);
});

test("a device on which a result was seen takes a prediction again once it is handed on", async () => {
  const { page } = built;
  await open("#step=result");
  await page.waitForSelector("[data-condition][data-mean]");
  await open("#step=sources");
  await page.getByText("nothing left to predict").waitFor();
  await open("#step=settings");
  await page.getByRole("button", { name: "Start afresh for the next student" }).click();
  await page.getByRole("button", { name: "Yes, forget them" }).click();
  await page.getByText("The next student can begin").waitFor();
  await open("#step=sources");
  await page.getByRole("button", { name: "This is my prediction" }).waitFor();
});

test("the device is named in words, and the page asks nobody else", async () => {
  const outside: string[] = [];
  built.page.on("request", (request) => {
    if (!request.url().startsWith(new URL("/", built.address()).href) && !request.url().startsWith("blob:"))
      outside.push(request.url());
  });
  await open("#step=start");
  await built.page.waitForSelector('[data-device="software"]', { timeout: 30_000 });
  expect(await built.page.textContent("[data-device]")).toContain("emulates a graphics processor");
  expect(outside.filter((url) => !url.startsWith("data:"))).toEqual([]);
});

test("nothing went wrong on the console, and no policy was broken", () => {
  expect(built.problems).toEqual([]);
});
