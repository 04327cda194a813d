/**
 * Every command of package.json starts here: it makes the machine ready, bundles the TypeScript entry and runs it.
 * Nothing outside Node is needed before the packages are installed.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensurePackages } from "./setup/packages.mjs";
import { root, SetupError } from "./setup/say.mjs";

const [command = "", ...given] = process.argv.slice(2);
const fresh = given.includes("--fresh-setup");
const args = given.filter((arg) => arg !== "--fresh-setup");
const inBrowser = args.includes("--browser");

/** Verbs of `rog` that answer without a device. */
const withoutDevice = ["", "help", "--help", "-h", "--version", "schema"];

/**
 * What a command needs and runs. A `.ts` entry is bundled first.
 *
 * @typedef {{ browser?: boolean, driver?: "needed" | "wished" | "no", entry: string, args: string[] }} Command
 * @type {Record<string, () => Command>}
 */
const commands = {
  demo: () => ({ browser: inBrowser, entry: "src/cli/main.ts", args: ["demo", ...args] }),
  page: () => ({ driver: "no", entry: "node_modules/vite/bin/vite.js", args }),
  test: () => ({ browser: true, entry: "scripts/test.mjs", args }),
  rog: () => ({ browser: inBrowser, driver: driverForVerb(args[0] ?? ""), entry: "src/cli/main.ts", args }),
  world: () => ({ driver: "no", entry: "scripts/world/main.ts", args }),
  bench: () => ({ browser: true, entry: "tests/bench/main.ts", args }),
  "verify-sd14": () => ({ entry: "scripts/verify-sd14.ts", args }),
};

/** @param {string} verb */
const driverForVerb = (verb) => {
  if (withoutDevice.includes(verb) || args.includes("--help")) return "no";
  return verb === "doctor" ? "wished" : "needed";
};

/**
 * Runs Node on a file to its end, handing signals on.
 *
 * @param {string} file
 * @param {string[]} fileArgs
 * @param {Record<string, string>} environment
 * @returns {Promise<number>} the exit code
 */
const execute = (file, fileArgs, environment) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ["--enable-source-maps", file, ...fileArgs], {
      stdio: "inherit",
      env: { ...process.env, ...environment },
    });
    // A terminal sends Ctrl-C to the child too; handing it on would count as the second one.
    process.on("SIGINT", () => void (process.stdin.isTTY || child.kill("SIGINT")));
    process.on("SIGTERM", () => void child.kill("SIGTERM"));
    child.on("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.on("exit", (code, signal) => {
      if (signal && signal !== "SIGINT" && signal !== "SIGTERM") process.stderr.write(`ended by ${signal}\n`);
      resolve(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 1));
    });
  });

const main = async () => {
  const plan = commands[command]?.();
  if (!plan) {
    process.stderr.write(`start: expected one of ${Object.keys(commands).join(", ")}, got ${command || "nothing"}\n`);
    return 2;
  }
  ensurePackages();
  const { prepareEnvironment } = await import("./setup/environment.mjs");
  const environment = await prepareEnvironment({
    browser: plan.browser ?? false,
    driver: plan.driver ?? "needed",
    fresh,
  });
  const isTypeScript = plan.entry.endsWith(".ts");
  const file = isTypeScript
    ? await (await import("./setup/bundle.mjs")).bundleForNode(plan.entry)
    : join(root, plan.entry);
  return execute(file, plan.args, environment);
};

try {
  process.exitCode = await main();
} catch (error) {
  // Without packages, a browser or a driver nothing can run here: 4, "no usable device", unless it is our own fault.
  const isSetup = error instanceof SetupError;
  process.stderr.write(
    `${isSetup ? `setup: ${error.message}` : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = isSetup ? 4 : 1;
}
