import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureBrowser, findBrowser } from "./browser.mjs";
import { ensureDriver } from "./driver.mjs";
import { root, say, SetupError } from "./say.mjs";

/**
 * The environment variables under which Node finds a WebGPU adapter and tests find a browser.
 *
 * @param {{ browser?: boolean, driver?: "needed" | "wished" | "no", fresh?: boolean }} needs `browser`: install one
 *   if there is none; `wished`: a missing driver is said, not thrown
 * @returns {Promise<Record<string, string>>} ROG_CHROMIUM, VK_DRIVER_FILES, ROG_ADAPTER and the shader cache
 * @throws SetupError when something needed cannot be had
 */
export const prepareEnvironment = async ({ browser = false, driver = "needed", fresh = false }) => {
  // A command that runs another one hands its findings on.
  if (process.env["ROG_READY"] && !fresh) return {};
  const mesaCache = join(root, ".cache", "mesa");
  mkdirSync(mesaCache, { recursive: true });
  const chromium = await (browser ? ensureBrowser({ fresh }) : findBrowser({ fresh }));
  return {
    ROG_READY: "1",
    MESA_SHADER_CACHE_DIR: mesaCache,
    ...(chromium ? { ROG_CHROMIUM: chromium } : {}),
    ...(driver === "no" ? {} : await driverEnvironment(driver, fresh)),
  };
};

/**
 * @param {"needed" | "wished"} driver
 * @param {boolean} fresh
 */
const driverEnvironment = async (driver, fresh) => {
  try {
    return (await ensureDriver({ fresh })).environment;
  } catch (error) {
    if (driver === "needed" || !(error instanceof SetupError)) throw error;
    say(error.message);
    return {};
  }
};
