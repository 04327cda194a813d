/**
 * Every command of package.json starts here: it makes the machine ready, bundles the TypeScript entry and runs it.
 * Nothing outside Node is needed before the packages are installed.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages } from "./setup/packages.mjs";
import { root, SetupError } from "./setup/say.mjs";

const [command = "", ...given] = process.argv.slice(2);
const fresh = given.includes("--fresh-setup");
const args = given.filter((arg) => arg !== "--fresh-setup");
const inBrowser = args.includes("--browser");

/** Verbs of `rog` that answer without a device. */
const withoutDevice = [
  ...["", "help", "--help", "-h", "--version", "schema", "status", "compare", "export", "import", "record"],
  ...["data", "pool", "model", "index-models"],
];

/** Verbs of `rog` that run a spec. */
const withWorld = [
  ...["run", "resume", "demo", "sweep", "bench"],
  ...["adapt", "produce", "audit", "sets", "train", "evaluate", "analyze", "report"],
];

/** Whether the world is said to be elsewhere: then the mini world is not needed. */
const namesWorld = args.some((arg) => arg === "--world" || arg.startsWith("--world="));

/**
 * What a command needs and runs. A `.ts` entry is bundled first; `world` has the mini world built where it is not there.
 *
 * @typedef {{ browser?: boolean, world?: boolean, driver?: "needed" | "wished" | "no", entry: string, args: string[],
 *   variables?: Record<string, string> }} Command
 * @type {Record<string, () => Command>}
 */
const commands = {
  demo: () => ({ browser: inBrowser, world: !namesWorld, entry: "src/cli/main.ts", args: ["demo", ...args] }),
  page: () => ({
    ...{ driver: "no", world: true, entry: "node_modules/vite/bin/vite.js" },
    // To other computers by https, without which their browsers keep the GPU from a page.
    args: args.map((arg) => (arg === "--https" ? "--host" : arg)),
    variables: args.includes("--https") ? { ROG_HTTPS: "1" } : {},
  }),
  test: () => ({ browser: true, entry: "scripts/test.mjs", args }),
  rog: () => ({
    browser: inBrowser,
    driver: driverForVerb(args[0] ?? ""),
    world: withWorld.includes(args[0] ?? "") && !namesWorld && !args.includes("--help"),
    entry: "src/cli/main.ts",
    args,
  }),
  world: () => ({ driver: "no", entry: "scripts/world/main.ts", args }),
  bench: () => ({ browser: true, entry: "tests/bench/main.ts", args }),
  "bench-adaptation": () => ({ entry: "tests/bench/adaptation.ts", args }),
  "verify-sd14": () => ({ entry: "scripts/verify-sd14.ts", args }),
  "verify-kills": () => ({ driver: "no", entry: "scripts/kill-runs.ts", args }),
  screenshots: () => ({ browser: true, driver: "no", world: true, entry: "scripts/screenshots.ts", args }),
  "fit-latent-preview": () => ({ world: true, entry: "scripts/fit-latent-preview.ts", args }),
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
 * @param {"inherit" | 2} stdout 2 where its data is not what the command was asked for
 * @returns {Promise<number>} the exit code
 */
const execute = (file, fileArgs, environment, stdout = "inherit") =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ["--enable-source-maps", file, ...fileArgs], {
      stdio: ["inherit", stdout, "inherit"],
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

/**
 * The file that Node runs for an entry.
 *
 * @param {string} entry
 */
const fileOf = async (entry) =>
  entry.endsWith(".ts") ? (await import("./setup/bundle.mjs")).bundleForNode(entry) : join(root, entry);

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
  if (plan.world && !existsSync(join(root, "world", "mini", "world.json"))) {
    const code = await execute(await fileOf("scripts/world/main.ts"), [], environment, 2);
    if (code !== 0) return code;
  }
  return execute(await fileOf(plan.entry), plan.args, { ...environment, ...plan.variables });
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
