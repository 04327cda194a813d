import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./say.mjs";

const folder = join(root, ".cache");
const file = join(folder, "setup.json");

/** @returns {Record<string, { key: string, value: unknown }>} */
const readAll = () => {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
};

/**
 * What an earlier call found, if nothing that decides it has changed since.
 *
 * @template T
 * @param {string} name
 * @param {unknown} circumstances everything that the answer depends on
 * @returns {T | null}
 */
export const recall = (name, circumstances) => {
  const entry = readAll()[name];
  return entry?.key === keyOf(circumstances) ? /** @type {T} */ (entry.value) : null;
};

/**
 * Keeps a finding for the next call.
 *
 * @param {string} name
 * @param {unknown} circumstances as given to `recall`
 * @param {unknown} value JSON
 */
export const remember = (name, circumstances, value) => {
  mkdirSync(folder, { recursive: true });
  const all = { ...readAll(), [name]: { key: keyOf(circumstances), value } };
  const temporary = `${file}.${String(process.pid)}`;
  writeFileSync(temporary, JSON.stringify(all, null, 2));
  renameSync(temporary, file);
};

/** @param {unknown} circumstances */
const keyOf = (circumstances) => createHash("sha256").update(JSON.stringify(circumstances)).digest("hex");
