/** `npm run bench`: this engine against three libraries in one Chromium, on one adapter. */
import { writeFileSync } from "node:fs";
import { openBenchBrowser, type BenchBrowser } from "./browser.ts";
import type { Growth } from "./engine-costs.ts";
import { libraries, measureRow } from "./measure.ts";
import { readOptions, usage } from "./options.ts";
import { costsText, resultRow, table, type BenchResults, type EngineCosts, type ResultRow } from "./results.ts";

const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

const main = async (): Promise<void> => {
  const { rounds, rows, out, software, engine, help } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(usage);
    return;
  }
  const browser = await openOnAdapter(software);
  try {
    const adapter = await browser.ask<string>("ours", { kind: "call", name: "adapter" });
    say(`Chromium ${browser.version()}, ${adapter}`);
    if (rows.length > 0) for (const library of libraries.slice(1)) await browser.start(library);
    const costs = engine ? await engineCosts(browser) : null;
    const results: ResultRow[] = [];
    for (const row of rows) {
      say(row.name);
      results.push(resultRow(row, await measureRow(browser, row, rounds, say)));
    }
    const summary: BenchResults = { adapter, browser: browser.version(), rounds, rows: results, engine: costs };
    writeFileSync(out, `${JSON.stringify(summary, null, 2)}\n`);
    if (results.length > 0) console.log(table(results));
    if (costs) console.log(costsText(costs));
    console.log(`written to ${out}`);
  } finally {
    await browser.close();
  }
};

/** A browser on its best adapter: a GPU where there is one, else the software adapter. */
const openOnAdapter = async (software: boolean): Promise<BenchBrowser> => {
  const browser = await openBenchBrowser(software);
  await browser.start("ours");
  if (software) return browser;
  try {
    await browser.ask<string>("ours", { kind: "call", name: "adapter" });
    return browser;
  } catch (error) {
    say(
      `no GPU for the browser (${error instanceof Error ? error.message.split("\n")[0]! : String(error)}); its software adapter`,
    );
    await browser.close();
    return openOnAdapter(true);
  }
};

const engineCosts = async (browser: BenchBrowser): Promise<EngineCosts> => {
  say("the engine's own costs");
  const microsecondsADispatch = await browser.ask<number>("ours", { kind: "call", name: "dispatchMicroseconds" });
  return { microsecondsADispatch, growth: await browser.callInPage<Growth>("engine-page", "growth") };
};

await main();
