/** The page inside another site's: a course's, for instance, which browsers let keep nothing. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sideIds, stepIds } from "../../src/app/route.ts";
import { openBuiltPage, type BuiltPage } from "./built-page.ts";
import { linkOf, phase, smallSpec } from "./small-run.ts";

let built: BuiltPage;
beforeAll(async () => {
  built = await openBuiltPage();
});
afterAll(() => built.close());

/** A course's page, with ours in a frame. */
async function openInCourse(hash: string): Promise<Frame> {
  const { page, folder } = built;
  const frame = `<iframe title="lesson" width="1200" height="800" src="${built.address(hash)}"></iframe>`;
  await writeFile(
    join(folder, "course.html"),
    `<!doctype html><title>Course</title><link rel="icon" href="data:,">${frame}`,
  );
  // The same server under another name is another site.
  await page.goto("about:blank");
  await page.goto(new URL("course.html", built.address()).href.replace("127.0.0.1", "localhost"));
  const shown = await (await page.waitForSelector("iframe")).contentFrame();
  await shown!.waitForSelector(".shown");
  return shown!;
}

test("every place is reached, and what is kept only for the visit is called so", async () => {
  for (const id of [...stepIds, ...sideIds]) {
    const frame = await openInCourse(`#step=${id}`);
    await frame.waitForTimeout(200);
    expect(await frame.locator("h1").count(), id).toBe(1);
    if (id !== "start") continue;
    expect(await (await frame.waitForSelector("[data-device]")).getAttribute("data-device")).toBe("software");
    const note = await frame.waitForSelector('[data-keeps="no"]');
    expect(await note.textContent()).toContain("as long as the page is open");
    expect(await note.$eval("a", (link) => link.href)).toBe(built.address("#step=start"));
  }
}, 120_000);

test("a run comes to its end, and its downloads are held for the next one of the visit", async () => {
  const frame = await openInCourse(linkOf(smallSpec));
  await frame.getByRole("button", { name: "Run This link's run" }).click();
  await phase(frame, "done");
  expect(await frame.textContent(".shown .tag")).toContain("this run");
  await frame.getByRole("link", { name: "Storage" }).click();
  await frame.waitForSelector("[data-persistent]");
  expect(await frame.textContent("[data-persistent]")).toContain("keeps nothing for the page here");
  expect(await frame.textContent("main")).toMatch(/Runs: 1\b/);
}, 300_000);

test("nothing went wrong on the console, and no policy was broken", () => {
  expect(built.problems).toEqual([]);
});
