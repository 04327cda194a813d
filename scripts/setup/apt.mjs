import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runs, say } from "./say.mjs";

const waits = ["-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20", "-o", "Acquire::Retries=1"];
let updated = false;

/** Whether packages of a Debian or Ubuntu can be installed from here. */
export const canUseApt = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/**
 * Installs packages by apt.
 *
 * @param {string[]} packages
 * @param {string} [suite] such as `bookworm-backports`
 * @returns {boolean} whether they are installed now
 */
export const installByApt = (packages, suite) => {
  say(`installing ${packages.join(", ")} by apt${suite ? ` from ${suite}` : ""}`);
  if (!updated) runs("apt-get", ["update", "-qq", ...waits], { quiet: true, timeoutMs: 180_000 });
  updated = true;
  const from = suite ? ["-t", suite] : [];
  return runs("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...waits, ...from, ...packages], {
    quiet: true,
  });
};

/** The release's code name, such as `bookworm`; empty where there is none. */
export const debianCodename = () => {
  if (!existsSync("/etc/os-release")) return "";
  const release = readFileSync("/etc/os-release", "utf8");
  return /^ID=debian$/m.test(release) ? (/^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? "") : "";
};

/**
 * Makes a suite of the machine's own Debian mirror available to apt.
 *
 * @param {string} suite such as `bookworm-backports`
 */
export const addSuite = (suite) => {
  const folder = "/etc/apt/sources.list.d";
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const sources = [...files, "/etc/apt/sources.list"]
    .filter((path) => existsSync(path) && /\.(list|sources)$/.test(path))
    .map((path) => readFileSync(path, "utf8").replaceAll(/^\s*#.*$/gm, ""))
    .join("\n");
  if (new RegExp(`\\b${suite}\\b`).test(sources)) return;
  const mirror =
    /^URIs:\s*(\S+\/debian\/?)\s*$/m.exec(sources)?.[1] ??
    /^deb\s+(?:\[[^\]]*\]\s*)?(\S+\/debian\/?)\s/m.exec(sources)?.[1] ??
    "http://deb.debian.org/debian";
  say(`adding ${suite} of ${mirror} to apt's sources`);
  writeFileSync(join(folder, `${suite}.list`), `deb ${mirror} ${suite} main\n`);
  updated = false;
};
