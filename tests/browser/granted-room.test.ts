import { join } from "node:path";
import { expect, test } from "vitest";
import { openBrowserLab } from "./harness.ts";

const mebibyte = 2 ** 20;

test("room is told as the browser grants it, not as it estimates", async () => {
  const lab = await openBrowserLab();
  const ask = (wanted: number) =>
    lab.runInWorker<{ estimated: number; granted: number; left: number }>(
      join(import.meta.dirname, "granted-room.worker.ts"),
      "askRoom",
      [wanted],
    );
  try {
    const session = await lab.page.context().newCDPSession(lab.page);
    const { origin } = new URL(lab.url);
    expect(await ask(40 * mebibyte)).toMatchObject({ granted: 40 * mebibyte, left: 0 });
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 30 * mebibyte });
    const { estimated, granted, left } = await ask(40 * mebibyte);
    // If this fails, the browser has become honest, and nothing need be asked for any more.
    expect(estimated).toBeGreaterThan(1000 * mebibyte);
    expect(granted).toBeGreaterThanOrEqual(20 * mebibyte);
    expect(granted).toBeLessThanOrEqual(30 * mebibyte);
    expect(left).toBe(0);
    expect((await ask(10 * mebibyte)).granted).toBe(10 * mebibyte);
  } finally {
    await lab.close();
  }
}, 120_000);
