/** Keeps the page for visits without a network, where the browser can and the page was built. */
import { pageAddress } from "./runs/recorded.ts";

/** Registers the service worker of a built page; `npm start` serves the page without one. */
export async function keepForOffline(): Promise<void> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  try {
    await navigator.serviceWorker.register(new URL("offline.js", pageAddress()), { type: "module" });
  } catch {
    // A frame of another site, or a browser that forbids it: the page then needs its network.
  }
}
