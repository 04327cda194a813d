import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Prints one line about the set-up on stderr; stdout belongs to the verb.
 *
 * @param {string} line
 */
export const say = (line) => void process.stderr.write(`setup: ${line}\n`);

/** The machine cannot be made ready; the message says what was tried. */
export class SetupError extends Error {
  /** @override */
  name = "SetupError";
}

/**
 * Runs a command to its end with its output on stderr.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ timeoutMs?: number, quiet?: boolean }} [options] `quiet` shows the output only when the command fails
 * @returns {boolean} whether it ended with exit code 0
 */
export const runs = (command, args, { timeoutMs = 600_000, quiet = false } = {}) => {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", quiet ? "pipe" : 2, quiet ? "pipe" : 2],
    timeout: timeoutMs,
    shell: process.platform === "win32",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  const ok = done.status === 0;
  if (!ok && quiet) {
    const last = `${String(done.stdout)}\n${String(done.stderr)}`.trim().split("\n").slice(-3).join(" / ");
    say(`${command} ${args.slice(0, 3).join(" ")} failed: ${done.error?.message ?? last}`);
  }
  return ok;
};
