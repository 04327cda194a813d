import { defineConfig } from "vitest/config";
import { prepareEnvironment } from "./scripts/setup/environment.mjs";
import { textFiles } from "./vite.config.ts";

// So that `npx vitest run FILE` finds the same adapter and browser as `npm test`.
Object.assign(process.env, await prepareEnvironment({ driver: "wished" }));

const shared = {
  environment: "node",
  // A driver that crashes takes its own process with it, not the others' results.
  pool: "forks",
  testTimeout: 120_000,
  hookTimeout: 120_000,
} as const;

export default defineConfig({
  plugins: [textFiles()],
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: "node",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/browser/**", "tests/e2e/**"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "browser",
          include: ["tests/browser/**/*.test.ts", "tests/e2e/**/*.test.ts"],
          // One Chromium at a time.
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
