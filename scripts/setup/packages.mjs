import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, runs, say, SetupError } from "./say.mjs";

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} LockedPackage
 * @param {string} path
 * @returns {Record<string, LockedPackage> | null}
 */
const packagesOf = (path) => {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
  } catch {
    return null;
  }
};

/** How the installed packages differ from the lock file, in words; null when they do not. */
const difference = () => {
  const locked = packagesOf(join(root, "package-lock.json"));
  if (!locked) throw new SetupError("package-lock.json: expected npm's lock file, got none that can be read");
  // npm writes this file last, so that an installation that was cut short has none.
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (!installed) return "no packages are installed";
  for (const [path, { version, optional }] of Object.entries(locked)) {
    if (path === "" || optional) continue;
    if (installed[path]?.version !== version)
      return `${path.replace("node_modules/", "")} is not at ${String(version)}`;
  }
  return null;
};

/**
 * Installs exactly what the lock file names, unless it is already there.
 *
 * @throws SetupError when npm cannot
 */
export const ensurePackages = () => {
  const reason = difference();
  if (!reason) return;
  say(`installing packages, because ${reason}`);
  const npm = process.env["npm_execpath"];
  const args = ["ci", "--no-audit", "--no-fund"];
  const ok = npm?.endsWith(".js") ? runs(process.execPath, [npm, ...args]) : runs("npm", args);
  if (!ok) throw new SetupError("npm ci failed: a network, or a filled npm cache, is needed once");
};
