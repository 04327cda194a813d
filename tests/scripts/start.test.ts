import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Runs a command as package.json does, as if nothing had been found before. */
const start = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const found = /^(ROG_|VK_)/;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !found.test(name)));
  const child = spawnSync(process.execPath, [join(root, "scripts/start.mjs"), ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...inherited, ...environment },
  });
  return { code: child.status, stdout: child.stdout, stderr: child.stderr };
};

describe("start", () => {
  test("a verb's data stands alone on stdout, and the choice of adapter on stderr", () => {
    const { code, stdout, stderr } = start(["rog", "doctor", "--json"]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { adapter: { vendor: string }; limits: Record<string, number> };
    expect(report.limits["maxStorageBufferBindingSize"]).toBeGreaterThanOrEqual(2 ** 27);
    expect(stderr).toMatch(/^setup: adapter: .+ \(.+\)$/m);
  });

  test("help names every verb and needs no device", () => {
    const { code, stdout, stderr } = start(["rog", "help"], { ROG_VK_DRIVER: "/no/such/driver.json" });
    expect(code).toBe(0);
    expect(stdout).toContain("doctor");
    expect(stderr).toBe("");
  });

  test("an unknown verb ends with 2 and names the nearest", () => {
    const { code, stdout, stderr } = start(["rog", "docter"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("such as doctor, got docter");
  });

  test("a driver that does not work ends a verb that computes with 4, and with the reason", () => {
    const { code, stdout, stderr } = start(["demo"], { ROG_VK_DRIVER: "/no/such/driver.json" });
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain("setup: no WebGPU adapter: ROG_VK_DRIVER names it: ");
  });

  test("a browser that does not start is refused by its path", () => {
    const { code, stderr } = start(["rog", "doctor"], { ROG_CHROMIUM: "/no/such/browser" });
    expect(code).toBe(4);
    expect(stderr).toContain("/no/such/browser");
  });

  test("a command that does not exist ends with 2", () => {
    expect(start(["dance"])).toMatchObject({ code: 2, stdout: "" });
  });
});
