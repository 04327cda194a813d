/** Keeps the page for visits without a network, where the browser can and the page was built. */
import { pageAddress } from "./runs/recorded.ts";

/** The script that this is part of carries a hash in its name, so it says which build the page is of. */
const build = new URL(import.meta.url).pathname.split("/").at(-1) ?? "";

/**
 * Registers the service worker of a built page; `npm start` serves the page without one. Each build asks for it by another
 * address, so that it is installed anew and keeps what that build wrote.
 */
export async function keepForOffline(): Promise<void> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  try {
    await navigator.serviceWorker.register(new URL(`offline.js?${build}`, pageAddress()), { type: "module" });
  } catch {
    // A frame of another site, or a browser that forbids it: the page then needs its network.
  }
}
