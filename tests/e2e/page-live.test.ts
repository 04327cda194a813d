import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright";
import type { Automation } from "../../src/app/automation.ts";
import type { Results } from "../../src/experiment/record.ts";
import { openBuiltPage, type BuiltPage } from "./built-page.ts";
import { linkOf, phase, smallSpec } from "./small-run.ts";

let built: BuiltPage;

beforeAll(async () => {
  built = await openBuiltPage();
});
afterAll(() => built.close());

const onPage = <T>(page: Page, work: (rog: Automation) => Promise<T>): Promise<T> =>
  page.evaluate(`(${work.toString()})(globalThis.rog)`);
const resultsOf = async (page: Page, name: string): Promise<Results> => {
  const runs = await onPage(page, (rog) => rog.results());
  return runs.find(({ results }) => results?.name === name)!.results!;
};

describe("a run in the page", () => {
  test("starts from a link, shows itself as live, and its numbers are those of its results", async () => {
    const { page } = built;
    await page.goto(built.address(linkOf(smallSpec), "?automation=1"));
    await page.getByRole("button", { name: "Run This link's run" }).click();
    await phase(page, "done");
    expect(await page.textContent(".shown .tag")).toContain("this run");
    await page.getByRole("link", { name: "Result" }).click();
    const results = await resultsOf(page, "page-test");
    for (const { id, mean } of results.conditions) {
      const shown = await page.getAttribute(`[data-condition="${id}"][data-mean]`, "data-mean");
      expect(Number(shown)).toBeCloseTo(mean, 12);
    }
    // Read back from the device by the run: every classifier's weights gave these predictions.
    expect(results.conditions.map(({ n }) => n)).toEqual([2, 2, 2]);
  }, 300_000);

  test("reloaded at random moments, it goes on and ends like one that was left alone", async () => {
    const { page } = built;
    const again = { ...smallSpec, name: "page-reload" };
    await page.goto(built.address(linkOf(again), "?automation=1"));
    const kept = (): Promise<number> => onPage(page, async (rog) => (await rog.results()).length);
    const before = await kept();
    const reloads = Number(process.env["ROG_RELOADS"] ?? 20);
    for (let i = 0; i < reloads; i++) {
      const button = page.getByRole("button", { name: i === 0 ? "Run This link's run" : "Go on with page-reload" });
      await button.click();
      await phase(page, "running");
      // As long as it prepares, nothing is kept that could be gone on with.
      await expect.poll(kept, { timeout: 60_000 }).toBe(before + 1);
      await page.waitForTimeout((i * 977) % 3000);
      if ((await page.$(".job[data-phase=done]")) !== null) break;
      await page.goto("about:blank");
      await page.goto(built.address("#step=start", "?automation=1"));
    }
    const goOn = page.getByRole("button", { name: "Go on with page-reload" });
    await goOn.or(page.locator(".job[data-phase=done]")).first().waitFor();
    if (await goOn.isVisible()) await goOn.click();
    await phase(page, "done");
    const [whole, resumed] = [await resultsOf(page, "page-test"), await resultsOf(page, "page-reload")];
    const same = ({ conditions, perClass, production }: Results): unknown => ({ conditions, perClass, production });
    expect(same(resumed)).toEqual(same(whole));
  }, 900_000);

  test("a double click on Pause pauses, and does not go on at once", async () => {
    const { page } = built;
    const long = { ...smallSpec.train, maxEpochs: 30, stop: 30 };
    await page.goto(built.address(linkOf({ ...smallSpec, name: "page-pause", seed: 6, train: long }), "?automation=1"));
    await page.getByRole("button", { name: "Run This link's run" }).click();
    await phase(page, "running");
    await page.getByRole("button", { name: "Pause" }).dblclick();
    await page.waitForTimeout(1000);
    expect(await page.getAttribute(".job", "data-phase")).toBe("paused");
    const goOn = page.getByRole("button", { name: "Go on", exact: true });
    expect(await goOn.evaluate((button) => button === document.activeElement)).toBe(true);
    await goOn.click();
    await phase(page, "running");
    await page.getByRole("button", { name: "Stop" }).click();
    await phase(page, "cancelled");
  }, 300_000);

  test("whoever looks at its lanes as it ends stays at their class and picture", async () => {
    const { page } = built;
    const long = { ...smallSpec.train, maxEpochs: 30, stop: 30 };
    // A new visit begins at the recorded run, of other classes.
    await page.goto("about:blank");
    await page.goto(built.address(linkOf({ ...smallSpec, name: "page-lanes", seed: 7, train: long }), "?automation=1"));
    await page.getByRole("button", { name: "Run This link's run" }).click();
    await phase(page, "running");
    await page.locator('.rail a[href*="step=make"]').click();
    await page.getByRole("radio", { name: /The run that you started/ }).waitFor();
    await page.getByRole("button", { name: "Next class" }).click();
    const second = page.locator('[data-class="green"] ~ .lanes [data-lane=generated] .lane-cells button').nth(1);
    await second.focus();
    const picture = await second.getAttribute("id");
    await page.locator(".job[data-phase=running]").waitFor();
    await phase(page, "done");
    await page.getByRole("radio").waitFor({ state: "detached" });
    expect(await page.textContent(".shown .tag")).toContain("this run");
    expect(await second.getAttribute("id")).toBe(picture);
    expect(await second.getAttribute("aria-pressed")).toBe("true");
    expect(await second.evaluate((element) => element === document.activeElement)).toBe(true);
  }, 300_000);

  test("a second tab is told who has the GPU, and may take over; the first keeps what it finished", async () => {
    const { page } = built;
    await page.goto(built.address(linkOf({ ...smallSpec, name: "page-first", seed: 3 }), "?automation=1"));
    await page.getByRole("button", { name: "Run This link's run" }).click();
    await phase(page, "running");
    const second = await built.newTab();
    await second.goto(built.address(linkOf({ ...smallSpec, name: "page-second", seed: 4 }), "?automation=1"));
    await second.getByText("Another tab of this browser").waitFor();
    await second.getByRole("button", { name: /Take over/ }).click();
    await phase(page, "cancelled");
    await second.getByRole("button", { name: "Run This link's run" }).click();
    await phase(second, "done");
    await second.close();
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    await phase(page, "done");
  }, 400_000);

  test("a run that another tab is at is not removed, goes on where it is taken over, and is made once", async () => {
    const { page } = built;
    const name = "page-shared";
    const long = { ...smallSpec.train, maxEpochs: 30, stop: 30 };
    await page.goto(built.address(linkOf({ ...smallSpec, name, seed: 5, train: long }), "?automation=1"));
    await page.getByRole("button", { name: "Run This link's run" }).click();
    await phase(page, "running");
    const isKept = async (): Promise<boolean> => (await onPage(page, (rog) => rog.results())).at(-1)?.results === null;
    await expect.poll(isKept, { timeout: 60_000 }).toBe(true);
    const second = await built.newTab();
    await second.goto(built.address("#step=runs"));
    const row = second.locator("tr[data-run]", { hasText: name });
    await row.getByRole("button", { name: `Remove ${name}` }).click();
    await row.getByRole("button", { name: "Yes, remove it" }).click();
    await second.getByText("expected no other tab").waitFor();
    await row.getByRole("button", { name: `Go on with ${name}` }).click();
    await second
      .locator(".job[data-phase=queued]")
      .getByRole("button", { name: /Take over/ })
      .click();
    await phase(page, "cancelled");
    // The first one waits now, and finds the run finished when its turn comes.
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    await page.locator(".job[data-phase=queued]").getByText("Another tab of this browser").waitFor();
    await Promise.all([phase(second, "done"), phase(page, "done")]);
    expect(await page.textContent(".shown .tag")).toContain("this run");
    const runs = await onPage(page, (rog) => rog.results());
    expect(runs.filter(({ results }) => results?.name === name)).toHaveLength(1);
    await second.close();
  }, 400_000);
});

test("the second visit needs no network", async () => {
  const first = await built.newVisitor();
  const context = first.context();
  await first.goto(built.address("#step=result"));
  await first.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== "activated") await new Promise((resolve) => active?.addEventListener("statechange", resolve));
  });
  await first.waitForSelector("[data-condition][data-mean]");
  await first.close();
  await context.setOffline(true);
  const page = await context.newPage();
  const missed: string[] = [];
  page.on("requestfailed", (request) => missed.push(`${request.url()}: ${request.failure()?.errorText ?? ""}`));
  await page.goto(built.address("#step=result"));
  await page.waitForSelector("[data-condition][data-mean]");
  await page.goto(built.address("#step=make"));
  await page.waitForSelector(".tile, .picture, canvas");
  await page.goto(built.address("#step=credits"));
  await page.getByText("Sources of the world's icons").first().waitFor();
  expect(missed).toEqual([]);
  await context.close();
}, 120_000);

test("nothing went wrong on the console, and no policy was broken", () => {
  expect(built.problems).toEqual([]);
});
