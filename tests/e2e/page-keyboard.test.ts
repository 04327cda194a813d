import { readFile } from "node:fs/promises";
import type { Locator } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Automation } from "../../src/app/automation.ts";
import type { Results } from "../../src/experiment/record.ts";
import { openBuiltPage, type BuiltPage } from "./built-page.ts";
import { differences } from "./exported.ts";
import { linkOf, phase, smallSpec } from "./small-run.ts";

let built: BuiltPage;
let results: Results;

beforeAll(async () => {
  built = await openBuiltPage();
});
afterAll(() => built.close());

/** With some epochs to watch. */
const spec = { ...smallSpec, name: "page-keys", train: { ...smallSpec.train, maxEpochs: 30, stop: 30 } };

const mostTabs = 300;

/** Presses Tab until an element has the focus. @throws Error when it never gets it */
async function tabTo(wanted: Locator, tab: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await wanted.waitFor();
  for (let i = 0; i < mostTabs; i++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await built.page.keyboard.press(tab);
  }
  throw new Error(`${mostTabs} times ${tab} do not reach ${String(wanted)}`);
}

/** Moves the focus to a control and presses Enter. */
async function use(wanted: Locator, tab?: "Tab" | "Shift+Tab"): Promise<void> {
  await tabTo(wanted, tab);
  const outline = await wanted.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline, `the focus on ${String(wanted)} is seen`).not.toBe("none");
  await built.page.keyboard.press("Enter");
}

const place = (id: string): Locator => built.page.locator(`.rail a[href*="step=${id}"]`);

const focused = (): Promise<string> => built.page.evaluate(() => document.activeElement!.id);

/** Goes to a place by the rail, which lies before it, and comes to its beginning. */
async function goTo(id: string): Promise<void> {
  await use(place(id), "Shift+Tab");
  await built.page.locator(`.rail a[aria-current=step][href*="step=${id}"]`).waitFor();
  await expect.poll(focused).toBe("page-step");
}

describe("by keyboard alone", () => {
  test("a link's run is started, and its training watched epoch by epoch", async () => {
    const { page } = built;
    await page.goto(built.address(linkOf(spec), "?automation=1"));
    const run = page.getByRole("button", { name: "Run This link's run" });
    await run.waitFor();
    // The page opens at its beginning, wherever the link leads.
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    await use(run);
    await phase(page, "running");
    await goTo("train");
    const training = page.locator("[data-training]");
    await training.waitFor({ timeout: 240_000 });
    const unit = await training.getAttribute("data-training");
    expect(unit).toMatch(/^(real-10|clip-prompts|retrieval)\/set-[01]$/);
    const counts = await training
      .locator("[data-count]")
      .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset["count"])));
    expect(counts).toHaveLength(4);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    const end = training.getByRole("button", { name: "End this training" });
    await tabTo(end);
    // One that has many epochs left, so that it has not ended by itself before it is told to.
    const epoch = async (): Promise<number> => Number(await training.getAttribute("data-epoch"));
    await expect.poll(epoch, { timeout: 60_000 }).toBeLessThan(spec.train.maxEpochs / 2);
    const ended = await training.getAttribute("data-training");
    await use(end);
    await expect.poll(() => training.getAttribute("data-training"), { timeout: 60_000 }).not.toBe(ended);
  }, 300_000);

  test("a run whose tab is frozen is suspended, and goes on when the tab does", async () => {
    const { page } = built;
    await page.evaluate(() => document.dispatchEvent(new Event("freeze")));
    await phase(page, "suspended");
    expect(await page.textContent(".job")).toContain("froze this tab");
    await page.evaluate(() => document.dispatchEvent(new Event("resume")));
    await phase(page, "done");
    const runs = await page.evaluate(() => (globalThis as unknown as { rog: Automation }).rog.results());
    results = runs.find((run) => run.results?.name === spec.name)!.results!;
    expect(results.deviations.join(" ")).toMatch(/ended by hand.*: [a-z0-9-]+\/set-[01]\./);
  }, 300_000);

  test("sources are ordered and the order is kept", async () => {
    const { page } = built;
    await goTo("sources");
    const rows = page.locator(".order-list [data-place]");
    await rows.first().waitFor();
    const [first] = await rows.evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset["condition"]));
    await use(page.locator(`[data-move="${first}/down"]`));
    expect(await page.locator(`.order-list [data-condition="${first}"]`).getAttribute("data-place")).toBe("2");
    await use(page.locator(".prediction button.primary"));
    await page.locator("[data-kept=true]").waitFor();
  }, 60_000);

  test("the focus and the picture that is looked at stay in their lane and column when the class changes", async () => {
    const { page } = built;
    await goTo("make");
    const place = (): Promise<string> =>
      page.evaluate(() => {
        const cell = document.activeElement?.closest(".lane-cells > li");
        const lane = cell?.closest<HTMLElement>("[data-lane]")?.dataset["lane"];
        const column = [...(cell?.parentElement?.children ?? [])].indexOf(cell!);
        return `${lane} ${column}, looked at: ${document.activeElement?.getAttribute("aria-pressed")}`;
      });
    const classShown = (): Promise<string | null> => page.locator("[data-class]").getAttribute("data-class");
    for (const lane of ["target", "retrieved", "nearest"]) {
      await tabTo(page.locator(`[data-lane=${lane}] .lane-cells button`).nth(1));
      const before = await classShown();
      await page.keyboard.press("ArrowRight");
      await expect.poll(classShown).not.toBe(before);
      expect(await place()).toBe(`${lane} 1, looked at: true`);
    }
  }, 60_000);

  test.each(["target", "make", "train", "result", "why", "report"])("%s is reached", async (id) => {
    await goTo(id);
    await built.page.locator("h1").waitFor();
  });

  test.each(["conditions.csv", "results.tex", "results.md", "accuracy-dots.svg", "results.json", "bundle"])(
    "%s is saved with the numbers of the run",
    async (name) => {
      const { page } = built;
      const button =
        name === "bundle"
          ? page.locator(".exports .buttons").last().getByRole("button")
          : page.getByRole("button", { name: `Save ${name}`, exact: true });
      const saved = page.waitForEvent("download");
      await use(button);
      const download = await saved;
      const bytes = await readFile(await download.path());
      expect(await differences(download.suggestedFilename(), bytes, results)).toEqual([]);
    },
    60_000,
  );
});

test("the keyboard stays where it was when a run is removed", async () => {
  const { page } = built;
  await goTo("runs");
  const row = page.locator("tr[data-run]", { hasText: spec.name });
  await use(row.getByRole("button", { name: `Remove ${spec.name}` }));
  await use(row.getByRole("button", { name: "Yes, remove it" }), "Shift+Tab");
  await row.waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.matches("tr[data-run]"))).toBe(true);
}, 60_000);

test("a changed number in an exported file would be seen", async () => {
  const [condition] = results.conditions;
  const text = JSON.stringify(results).replace(String(condition!.mean), String(condition!.mean + 1e-3));
  expect(await differences("results.json", new TextEncoder().encode(text), results)).toHaveLength(1);
});

test("nothing went wrong on the console, and no policy was broken", () => {
  expect(built.problems).toEqual([]);
});
