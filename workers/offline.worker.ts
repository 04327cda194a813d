/** The page without a network: a service worker that keeps the page itself and its recorded runs, never a run's downloads. */
import { ofEarlierBuilds } from "./earlier-builds.ts";
import { recordedFile, recordedIndex, recordOf } from "../src/experiment/recorded-address.ts";

const scope = self as unknown as ServiceWorkerGlobalScope;

/** Names the kept files; the build's list says when they are others. */
const cacheName = "retrieve-or-generate-page-1";

/** The page's own names; not every host has both. */
const pageNames = ["./", "index.html"];

/** What says how much a live run would download; a page may be served without a world. */
const manifests = ["models/mini/manifest.json", "world/mini/world.json"];

/** Who drew the pictures: whoever shows them must be able to say so. */
const credits = "credits.md";

/** What the lab downloads, checks and keeps itself. */
const keptByTheLab = /\.(rgb|safetensors|jsonl)$|merges\.txt$/;

/** What the build wrote: paths below the page's address. */
async function builtFiles(): Promise<readonly string[]> {
  const response = await fetch("page-files.json", { cache: "no-store" });
  return response.ok ? ((await response.json()) as string[]) : [];
}

/** Files of the recorded runs, as their records list them. */
async function recordedFiles(): Promise<readonly string[]> {
  const index = await fetch(recordedIndex, { cache: "no-cache" });
  if (!index.ok || !(index.headers.get("content-type") ?? "").includes("json")) return [];
  const { runs } = (await index.json()) as { readonly runs: readonly { readonly path: string }[] };
  const lists = runs.map(async ({ path }) => {
    const record = await fetch(recordOf(path), { cache: "no-cache" });
    const { files } = (await record.json()) as {
      readonly files: Readonly<Record<string, { readonly sha256: string }>>;
    };
    return [recordOf(path), ...Object.entries(files).map(([file, { sha256 }]) => recordedFile(path, file, sha256))];
  });
  return [recordedIndex, ...(await Promise.all(lists)).flat()];
}

/** Keeps everything that the steps need; a file that fails is asked for again at the next visit. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName);
  const files = [...pageNames, credits, ...manifests, ...(await builtFiles()), ...(await recordedFiles())];
  await Promise.allSettled(files.map((path) => cache.add(new Request(path, { cache: "no-cache" }))));
}

/** Lets go of what earlier builds of the page wrote, and of earlier recorded runs; `keepAll` has kept the present ones. */
async function forgetEarlierBuilds(): Promise<void> {
  const cache = await caches.open(cacheName);
  const addresses = (paths: readonly string[]): string[] => paths.map((path) => new URL(path, location.href).href);
  const earlier = ofEarlierBuilds(
    (await cache.keys()).map(({ url }) => url),
    addresses(await builtFiles()),
    addresses(await recordedFiles()),
  );
  // A page that could not be kept anew needs its own scripts, and so does another tab that still shows an earlier build.
  const pages = await Promise.all(pageNames.map(async (name) => (await cache.match(name))?.text() ?? ""));
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const isNeeded = (url: string): boolean => pages.some((text) => text.includes(url.slice(url.lastIndexOf("/"))));
  if (windows.length > 1 || earlier.some(isNeeded)) return;
  await Promise.all(earlier.map((url) => cache.delete(url)));
}

/** From the network, and kept; from what is kept where there is no network. */
async function freshOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    const kept = await keptFor(request, cache);
    if (kept) return kept;
    throw error;
  }
  // The page is one file, whatever its address asks for. A browser without room for it has the answer all the same.
  const key = request.mode === "navigate" ? request.url.replace(/[?#].*$/, "") : request;
  if (response.ok) await cache.put(key, response.clone()).catch(() => undefined);
  return response;
}

async function keptFor(request: Request, cache: Cache): Promise<Response | undefined> {
  const names = request.mode === "navigate" ? pageNames : [];
  for (const wanted of [request, ...names]) {
    const kept = await cache.match(wanted, { ignoreSearch: request.mode === "navigate" });
    if (kept) return kept;
  }
  return undefined;
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
  event.waitUntil(Promise.allSettled([scope.clients.claim(), forgetEarlierBuilds()]));
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (keptByTheLab.test(pathname) && !pathname.includes("/recorded/")) return;
  event.respondWith(pathname.includes("/assets/") ? keptOrFresh(request) : freshOrKept(request));
});
