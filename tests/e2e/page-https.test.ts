/** `npm start -- --https`: a class's laptops open the page of the teacher's computer, and may use their own GPUs. */
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowserLab, type BrowserLab } from "../browser/harness.ts";

/** A name that the browser looks up as this computer, and does not trust as such. */
const otherHost = "teacher.test";

let server: ViteDevServer;
let lab: BrowserLab;
beforeAll(async () => {
  process.env["ROG_HTTPS"] = "1";
  server = await createServer({ logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
  delete process.env["ROG_HTTPS"];
  await server.listen();
  lab = await openBrowserLab({
    // Those who open it are asked to take the certificate.
    switches: [`--host-resolver-rules=MAP ${otherHost} 127.0.0.1`, "--ignore-certificate-errors"],
  });
}, 60_000);
afterAll(async () => {
  await lab.close();
  await server.close();
});

test("another computer's browser gets WebGPU from it", async () => {
  const address = server.resolvedUrls!.local[0]!.replace(/127\.0\.0\.1|localhost/, otherHost);
  expect(address).toMatch(/^https:\/\/teacher\.test:\d+\/$/);
  await lab.page.goto(`${address}#step=start`);
  const device = await lab.page.waitForSelector("[data-device]");
  expect(await device.getAttribute("data-device")).toBe("software");
  expect(await lab.page.evaluate(() => isSecureContext)).toBe(true);
}, 120_000);
