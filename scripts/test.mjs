/**
 * `npm test`: the static check, then every test. With arguments it runs only what vitest selects by them.
 * The last line on stdout is `N passed, N failed`; the check counts as one test.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup/say.mjs";

const selection = process.argv.slice(2);
const resultsFile = join(root, ".cache", "test-results.json");
const summaryFile = join(root, ".cache", "test-summary.txt");

/**
 * @param {string} script relative to the root
 * @param {string[]} args
 */
const runNode = (script, args) =>
  spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: "inherit" }).status === 0;

/** Types, lint, format and layers: the steps of `npm run check`. */
const check = () => {
  const steps = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts.check.split(" && ");
  const bins = { tsc: "typescript/bin/tsc", eslint: "eslint/bin/eslint.js" };
  Object.assign(bins, {
    prettier: "prettier/bin/prettier.cjs",
    depcruise: "dependency-cruiser/bin/dependency-cruise.mjs",
  });
  let ok = true;
  for (const step of steps) {
    const [name, ...args] = step.split(" ");
    const startedAt = performance.now();
    const passed = runNode(`node_modules/${/** @type {Record<string, string>} */ (bins)[name]}`, args);
    console.log(
      `check: ${name} ${passed ? "passed" : "FAILED"} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
    );
    ok &&= passed;
  }
  return ok;
};

/**
 * What vitest reported; a file that did not load counts as one failed test.
 *
 * @param {boolean} exitedWell
 */
const tally = (exitedWell) => {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} */
  let results;
  try {
    results = JSON.parse(readFileSync(resultsFile, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const unloaded = results.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = results.numFailedTests + unloaded.length;
  return {
    passed: results.numPassedTests,
    // An error outside every test fails the run too.
    failed: failed === 0 && !exitedWell ? 1 : failed,
    skipped: results.numPendingTests,
  };
};

mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(resultsFile, { force: true });
rmSync(summaryFile, { force: true });

const checked = selection.length === 0 ? check() : null;
if (checked === null) console.log("check: not run, because tests were selected by arguments");
const exitedWell = runNode("node_modules/vitest/vitest.mjs", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${resultsFile}`,
  ...selection,
]);
const { passed, failed, skipped } = tally(exitedWell);
const allPassed = passed + (checked === true ? 1 : 0);
const allFailed = failed + (checked === false ? 1 : 0);
if (skipped > 0) console.log(`${skipped} skipped`);
const summary = `${allPassed} passed, ${allFailed} failed`;
writeFileSync(summaryFile, `${summary}\n`);
console.log(summary);
process.exitCode = allFailed > 0 || allPassed === 0 ? 1 : 0;
