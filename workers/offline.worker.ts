/** The page without a network: a service worker that keeps the page itself and its recorded runs, never a run's downloads. */

const scope = self as unknown as ServiceWorkerGlobalScope;

/** Names the kept files; the build's list says when they are others. */
const cacheName = "retrieve-or-generate-page-1";

/** The page's own names; not every host has both. */
const pageNames = ["./", "index.html"];

/** What says how much a live run would download; a page may be served without a world. */
const manifests = ["models/mini/manifest.json", "world/mini/world.json"];

/** What the lab downloads, checks and keeps itself. */
const keptByTheLab = /\.(rgb|safetensors|jsonl)$|merges\.txt$/;

/** What the build wrote: paths below the page's address. */
async function builtFiles(): Promise<readonly string[]> {
  const response = await fetch("page-files.json", { cache: "no-store" });
  return response.ok ? ((await response.json()) as string[]) : [];
}

/** Files of the recorded runs, as their records list them. */
async function recordedFiles(): Promise<readonly string[]> {
  const index = await fetch("recorded/index.json");
  if (!index.ok || !(index.headers.get("content-type") ?? "").includes("json")) return [];
  const { runs } = (await index.json()) as { readonly runs: readonly { readonly path: string }[] };
  const lists = runs.map(async ({ path }) => {
    const record = await fetch(`recorded/${path}/record.json`);
    const { files } = (await record.json()) as { readonly files: Readonly<Record<string, unknown>> };
    const shown = Object.keys(files).filter((file) => /\.(json|jsonl|png|svg)$/.test(file));
    return [`recorded/${path}/record.json`, ...shown.map((file) => `recorded/${path}/${file}`)];
  });
  return ["recorded/index.json", ...(await Promise.all(lists)).flat()];
}

/** Keeps everything that the steps need; a file that fails is asked for again at the next visit. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName);
  const files = [...pageNames, ...manifests, ...(await builtFiles()), ...(await recordedFiles())];
  await Promise.allSettled(files.map((path) => cache.add(new Request(path, { cache: "no-cache" }))));
}

/** From the network, and kept; from what is kept where there is no network. */
async function freshOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const names = request.mode === "navigate" ? pageNames : [];
    for (const wanted of [request, ...names]) {
      const kept = await cache.match(wanted, { ignoreSearch: request.mode === "navigate" });
      if (kept) return kept;
    }
    throw error;
  }
}

/** Built scripts and styles carry a hash in their names, so what is kept of them is right. */
async function keptOrFresh(request: Request): Promise<Response> {
  const kept = await (await caches.open(cacheName)).match(request);
  return kept ?? freshOrKept(request);
}

scope.addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => scope.skipWaiting()));
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(scope.clients.claim());
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (keptByTheLab.test(pathname) && !pathname.includes("/recorded/")) return;
  event.respondWith(pathname.includes("/assets/") ? keptOrFresh(request) : freshOrKept(request));
});
