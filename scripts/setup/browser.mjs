import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { canUseApt, installByApt } from "./apt.mjs";
import { recall, remember } from "./remembered.mjs";
import { runs, root, say, SetupError } from "./say.mjs";

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
  "microsoft-edge-stable",
  "brave-browser",
];

/** Chromium-based browsers in the places where their installers put them, best first. */
const usualPlaces = () => {
  const onPath = names.flatMap((name) =>
    (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)),
  );
  if (process.platform === "darwin") {
    const apps = ["Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser"];
    return [...apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`), ...onPath];
  }
  if (process.platform === "win32") {
    const folders = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].map((key) => process.env[key] ?? "");
    const exes = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
    return folders.filter((folder) => folder !== "").flatMap((folder) => exes.map((exe) => join(folder, exe)));
  }
  return onPath;
};

/**
 * Whether a file is there and starts. Ubuntu's `chromium-browser` may be a stub that only asks for a snap.
 *
 * @param {string} path
 */
const works = (path) => {
  if (!existsSync(path)) return false;
  if (process.platform === "win32") return true;
  return spawnSync(path, ["--version"], { timeout: 20_000, stdio: "ignore" }).status === 0;
};

/** Where Playwright keeps its own Chromium, whether or not it was downloaded. */
const playwrightPath = async () => (await import("playwright")).chromium.executablePath();

/**
 * A Chromium-based browser that is on this machine already.
 *
 * @param {{ fresh?: boolean }} [options] `fresh` looks again
 * @returns {Promise<string | null>} its path
 * @throws SetupError when ROG_CHROMIUM names a file that does not start
 */
export const findBrowser = async ({ fresh = false } = {}) => {
  const wish = process.env["ROG_CHROMIUM"];
  const circumstances = [wish ?? null];
  const known = fresh ? null : /** @type {string | null} */ (recall("browser", circumstances));
  if (known && existsSync(known)) return known;
  if (wish && !works(wish)) throw new SetupError(`ROG_CHROMIUM: expected a browser that starts, got ${wish}`);
  const found = wish ?? usualPlaces().find(works) ?? [await playwrightPath()].find(works) ?? null;
  if (found) {
    say(`browser: ${found}${wish ? " (ROG_CHROMIUM)" : ""}`);
    remember("browser", circumstances, found);
  }
  return found;
};

/**
 * A Chromium-based browser, installed if there is none.
 *
 * @param {{ fresh?: boolean }} [options] `fresh` looks again
 * @returns {Promise<string>} its path
 * @throws SetupError when none can be had
 */
export const ensureBrowser = async (options) => {
  const found = await findBrowser(options);
  if (found) return found;
  say("no Chrome, Chromium or Edge is installed; downloading Playwright's Chromium");
  const cli = join(root, "node_modules", "playwright", "cli.js");
  const withSystemLibraries = canUseApt() ? ["--with-deps"] : [];
  runs(process.execPath, [cli, "install", ...withSystemLibraries, "chromium"], { quiet: true });
  if (!works(await playwrightPath()) && canUseApt()) installByApt(["chromium"]);
  const installed = await findBrowser({ fresh: true });
  if (installed) return installed;
  throw new SetupError(
    "no browser: expected Chrome, Chromium or Edge (install one, or give its path as ROG_CHROMIUM); Playwright's download and apt did not bring one",
  );
};
