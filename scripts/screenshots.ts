/**
 * Draws every step of the built page for docs/page.md, on the recorded runs: light and dark at 1280 px, light on a phone.
 * `screenshots [FOLDER [STEP …]]`; look at each of them.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright";
import sharp from "sharp";
import { build, preview } from "vite";
import { MissingError } from "../src/errors.ts";
import { browserSwitches, softwareAdapter } from "../src/cli/lab-page.ts";
import { stepIds } from "../src/app/route.ts";

/** How a step is looked at. */
interface Look {
  readonly suffix: string;
  readonly colorScheme: "light" | "dark";
  readonly viewport: { readonly width: number; readonly height: number };
}

const wide = { width: 1280, height: 900 };
const looks: readonly Look[] = [
  { suffix: "", colorScheme: "light", viewport: wide },
  { suffix: "-dark", colorScheme: "dark", viewport: wide },
  { suffix: "-phone", colorScheme: "light", viewport: { width: 360, height: 800 } },
];

/** Pixels across of a kept picture; wider ones are made smaller. */
const keptWidth = 860;

const [folder = "docs/images/page", ...asked] = process.argv.slice(2);
const executablePath = process.env["ROG_CHROMIUM"];
if (executablePath === undefined)
  throw new MissingError("screenshots", "ROG_CHROMIUM", "`npm run screenshots` exports it");
await mkdir(folder, { recursive: true });
const built = await mkdtemp(join(tmpdir(), "rog-screenshots-"));
await build({ logLevel: "error", build: { outDir: built, emptyOutDir: true } });
const server = await preview({ logLevel: "error", build: { outDir: built }, preview: { port: 0, host: "127.0.0.1" } });
const browser = await chromium.launch({
  executablePath,
  args: [...browserSwitches, softwareAdapter],
});
try {
  const page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  const address = server.resolvedUrls!.local[0]!;
  for (const step of stepIds) {
    if (asked.length > 0 && !asked.includes(step)) continue;
    for (const look of looks)
      await draw(page, `${address}#step=${step}`, look, join(folder, `${step}${look.suffix}.webp`));
    process.stderr.write(`${step}\n`);
  }
} finally {
  await browser.close();
  await server.close();
  await rm(built, { recursive: true, force: true });
}

async function draw(page: Page, address: string, { colorScheme, viewport }: Look, path: string): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(viewport);
  await page.goto("about:blank"); // another part after # alone would not load the page anew
  await page.goto(address);
  await page.waitForSelector(".shown");
  await page.waitForLoadState("networkidle");
  await scrollThrough(page);
  const png = await page.screenshot({ fullPage: true });
  const webp = sharp(png).resize({ width: keptWidth, withoutEnlargement: true }).webp({ quality: 70, effort: 6 });
  await writeFile(path, await webp.toBuffer());
}

/** Pictures far below are drawn when they come near. */
async function scrollThrough(page: Page): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let at = 0; at < height; at += 600) {
    await page.evaluate((y) => {
      scrollTo(0, y);
    }, at);
    await page.waitForTimeout(50);
  }
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(300);
}
