import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { addSuite, canUseApt, debianCodename, installByApt } from "./apt.mjs";
import { ensureBrowser, findBrowser } from "./browser.mjs";
import { recall, remember } from "./remembered.mjs";
import { root, say, SetupError } from "./say.mjs";

/**
 * @typedef {{ vendor: string, architecture: string, device: string, description: string, software: boolean }} Adapter
 * @typedef {{ environment: Record<string, string>, adapter: Adapter, why: string }} Driver
 */

/** Settings that lavapipe runs our kernels best with. */
const lavapipeEnvironment = {};

const icdFolders = ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/**
 * What Dawn finds in a child process, which survives a driver that crashes.
 *
 * @param {Record<string, string>} environment
 * @returns {{ adapter: Adapter | null, reason: string }}
 */
const probe = (environment) => {
  const script = fileURLToPath(new URL("probe-adapter.mjs", import.meta.url));
  const child = spawnSync(process.execPath, [script], {
    env: { ...process.env, ...environment },
    encoding: "utf8",
    timeout: 60_000,
  });
  const line = child.stdout.trim().split("\n").at(-1) ?? "";
  if (line.startsWith('{"vendor"') && child.status === 0) return { adapter: JSON.parse(line), reason: "" };
  if (line.startsWith('{"reason"')) return { adapter: null, reason: JSON.parse(line).reason };
  const complaint = child.stderr.trim().split("\n").at(-1) ?? "";
  return { adapter: null, reason: child.signal ? `the probe ended by ${child.signal}` : complaint || "no adapter" };
};

/** The description of lavapipe's driver that the Vulkan loader reads; null where Mesa is not installed. */
const lavapipeFile = () =>
  icdFolders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .find((path) => /lvp_icd[^/]*\.json$/.test(path)) ?? null;

/**
 * The SwiftShader that a Chromium brings.
 *
 * @param {string | null} browser
 */
const swiftShaderFile = (browser) => {
  const folders = ["/usr/lib/chromium", "/opt/google/chrome", "/opt/microsoft/msedge"];
  if (browser) folders.unshift(dirname(browser));
  return folders.map((folder) => join(folder, "vk_swiftshader_icd.json")).find((path) => existsSync(path)) ?? null;
};

/**
 * NVIDIA's headless Vulkan driver: in containers its library is often there without the file that names it.
 *
 * @returns {string | null}
 */
const nvidiaFile = () => {
  if (!existsSync("/dev/nvidiactl")) return null;
  const path = join(root, ".cache", "nvidia_egl_icd.json");
  mkdirSync(dirname(path), { recursive: true });
  const icd = { file_format_version: "1.0.0", ICD: { library_path: "libEGL_nvidia.so.0", api_version: "1.3.0" } };
  writeFileSync(path, JSON.stringify(icd));
  return path;
};

/**
 * Chromium's Vulkan loader, for machines without one of their own.
 *
 * @param {string | null} browser
 * @returns {Record<string, string>}
 */
const loaderEnvironment = (browser) => {
  const folder = browser && process.platform === "linux" ? dirname(swiftShaderFile(browser) ?? "") : "";
  if (!folder || !existsSync(join(folder, "libvulkan.so.1"))) return {};
  return { LD_LIBRARY_PATH: [process.env["LD_LIBRARY_PATH"], folder].filter(Boolean).join(delimiter) };
};

/**
 * Everything that may change which driver is the right one.
 *
 * @param {string | null} browser
 */
const circumstances = (browser) => {
  const files = icdFolders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]));
  const devices = ["/dev", "/dev/dri"]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).filter((name) => /^(nvidia|dxg|card|render|kfd)/.test(name)));
  const wishes = ["ROG_VK_DRIVER", "ROG_ADAPTER", "VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_ADD_DRIVER_FILES"].map(
    (key) => process.env[key] ?? null,
  );
  return { version: 1, files, devices, wishes, browser, node: process.version, platform: process.platform };
};

/**
 * Candidates on this machine as it is, best first. SwiftShader stays within reach of each, for `--adapter swiftshader`.
 *
 * @param {string | null} browser
 * @returns {{ why: string, mayBeSoftware: boolean, environment: Record<string, string> }[]}
 */
const candidates = (browser) => {
  const swiftShader = swiftShaderFile(browser);
  const wish = process.env["ROG_VK_DRIVER"];
  if (wish) {
    return [{ why: "ROG_VK_DRIVER names it", mayBeSoftware: true, environment: { VK_DRIVER_FILES: wish } }];
  }
  /** @type {ReturnType<typeof candidates>} */
  const found = [
    {
      why: "a GPU that Dawn accepts",
      mayBeSoftware: false,
      environment: swiftShader ? { VK_ADD_DRIVER_FILES: swiftShader } : {},
    },
  ];
  const nvidia = nvidiaFile();
  if (nvidia) {
    found.push({
      why: "a GPU through NVIDIA's EGL library",
      mayBeSoftware: false,
      environment: { VK_DRIVER_FILES: nvidia },
    });
  }
  if (process.env["VK_DRIVER_FILES"] ?? process.env["VK_ICD_FILENAMES"]) {
    found.push({ why: "VK_DRIVER_FILES names it", mayBeSoftware: true, environment: {} });
  }
  const lavapipe = lavapipeFile();
  if (lavapipe) {
    const files = [lavapipe, swiftShader].filter((path) => path !== null).join(delimiter);
    const name = process.env["ROG_ADAPTER"] ?? "llvmpipe";
    const environment = { VK_DRIVER_FILES: files, ROG_ADAPTER: name, ...lavapipeEnvironment };
    found.push({ why: "no GPU; lavapipe is installed", mayBeSoftware: true, environment });
  }
  return found;
};

/**
 * The first candidate that gives an adapter of the kind that it should.
 *
 * @param {ReturnType<typeof candidates>} list
 * @param {string[]} refusals is appended to
 * @returns {Driver | null}
 */
const firstThatWorks = (list, refusals) => {
  for (const { why, mayBeSoftware, environment } of list) {
    const { adapter, reason } = probe(environment);
    if (adapter && (mayBeSoftware || !adapter.software)) return { environment, adapter, why };
    refusals.push(`${why}: ${adapter ? `only ${adapter.description}` : reason}`);
  }
  return null;
};

/** Whether a package manager brought a lavapipe that may be new enough for Dawn (Mesa 23.1). */
const installLavapipe = () => {
  if (process.platform !== "linux" || !canUseApt()) return false;
  const packages = ["mesa-vulkan-drivers", "libvulkan1"];
  // Mesa 22.3 of bookworm is refused by Dawn.
  if (debianCodename() !== "bookworm") return installByApt(packages);
  addSuite("bookworm-backports");
  return installByApt(packages, "bookworm-backports");
};

/**
 * A driver that Dawn accepts: a real GPU first, else lavapipe (installed by apt where that is possible), else the
 * SwiftShader of a Chromium.
 *
 * @param {{ fresh?: boolean }} [options] `fresh` probes again
 * @returns {Promise<Driver>}
 * @throws SetupError when nothing works; the message lists what was tried
 */
export const ensureDriver = async ({ fresh = false } = {}) => {
  const browser = await findBrowser({ fresh });
  const known = fresh ? null : /** @type {Driver | null} */ (recall("driver", circumstances(browser)));
  if (known) {
    sayChoice(known);
    return known;
  }
  /** @type {string[]} */
  const refusals = [];
  let driver = firstThatWorks(candidates(browser), refusals);
  if (!driver && !process.env["ROG_VK_DRIVER"]) {
    if (installLavapipe()) driver = firstThatWorks(candidates(browser).slice(-1), refusals);
    driver ??= firstThatWorks(await swiftShaderCandidate(), refusals);
  }
  if (!driver) throw new SetupError(`no WebGPU adapter: ${refusals.join("; ")}`);
  sayChoice(driver);
  remember("driver", circumstances(await findBrowser()), driver);
  return driver;
};

/** @param {Driver} driver */
const sayChoice = ({ adapter, why }) => say(`adapter: ${adapter.description || adapter.device} (${why})`);

/** The last resort, for which a Chromium may have to be installed. */
const swiftShaderCandidate = async () => {
  const browser = await ensureBrowser();
  const file = swiftShaderFile(browser);
  if (!file) return [];
  const environment = { VK_DRIVER_FILES: file, ROG_ADAPTER: "SwiftShader", ...loaderEnvironment(browser) };
  return [{ why: "no GPU and no lavapipe; Chromium's SwiftShader", mayBeSoftware: true, environment }];
};
