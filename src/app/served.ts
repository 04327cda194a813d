/** World and networks that the page serves for what it does live: how large they are, and whether a run was made with them. */
import { signal } from "@preact/signals";
import type { modelFiles, recordedEmbeddingsPath } from "../experiment/lab-networks.ts";
import { hashOfNetworkFiles } from "../experiment/networks-hash.ts";
import { hasOwnTarget } from "./own-target.ts";
import { pageAddress } from "./runs/recorded.ts";
import type { RunView } from "./runs/run-view.ts";

/** Sizes and hashes of served files, by path. */
export type ServedFiles = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;

/** What is served for pictures of a size. */
export interface Served {
  readonly resolution: number;
  /** Of the world's pictures. */
  readonly world: { readonly name: string; readonly hash: string; readonly classes: number };
  /** As runs record it; null where a file is missing. */
  readonly networksHash: string | null;
  /** What each act reads; a run reads more. */
  readonly files: Readonly<Record<LiveAct, readonly ServedFile[]>>;
}

/** What is done live: drawing, looking up, and looking up without a device. */
export type LiveAct = "draw" | "look" | "look-cpu";

/** A file as the storage names it: `networks mini/clip/model.safetensors`. */
export interface ServedFile {
  readonly name: string;
  readonly bytes: number;
}

/** What is read of a world's list. */
interface ServedWorld {
  readonly name: string;
  readonly hash: string;
  readonly classes: readonly unknown[];
  readonly files: ServedFiles;
}

/** What is served for the size that was asked for last; null until it is known. */
export const served = signal<Served | null>(null);

let asked: number | null = null;
let reading = Promise.resolve();

/** Reads the lists of what is served for pictures of a size, once. */
export function readServed(resolution: number): Promise<void> {
  if (asked !== resolution) reading = read(resolution);
  return reading;
}

async function read(resolution: number): Promise<void> {
  asked = resolution;
  served.value = null;
  const name = resolution === 32 ? "mini" : `mini-${resolution}`;
  // As the lab reads them.
  const listed = async (path: string): Promise<unknown> =>
    (await fetch(`${pageAddress()}${path}`, { cache: "no-cache" })).json();
  try {
    const networks = (await listed(`models/${name}/manifest.json`)) as { readonly files: ServedFiles };
    const world = (await listed(`world/${name}/world.json`)) as ServedWorld;
    const networksHash = await hashOfNetworks(networks.files);
    const drawn = filesThat(`networks ${name}`, networks.files, (path) => path !== embeddings);
    const pool = filesThat(`world ${name}`, world.files, (path) => path === "pool.jsonl" || path === "pool.rgb");
    if (asked !== resolution) return;
    served.value = {
      resolution,
      world: { name: world.name, hash: world.hash, classes: world.classes.length },
      networksHash,
      files: {
        draw: drawn,
        look: [...drawn, ...pool],
        "look-cpu": [...filesThat(`networks ${name}`, networks.files, isClip), ...pool],
      },
    };
  } catch {
    // Offline, or served without them: what is not known is not said.
    if (asked === resolution) asked = null;
  }
}

/** Only downloaded where there is no device. */
const embeddings: typeof recordedEmbeddingsPath = "clip/pool.safetensors";

/** All that a look-up without a device reads of the networks. */
const isClip = (path: string): boolean => /^(clip|tokenizer)\//.test(path);

const filesThat = (folder: string, files: ServedFiles, isRead: (path: string) => boolean): ServedFile[] =>
  Object.entries(files).flatMap(([path, { bytes }]) => (isRead(path) ? [{ name: `${folder}/${path}`, bytes }] : []));

/** Bytes that an act downloads first. @param kept names of files that are here already */
export function bytesToDownload({ files }: Served, act: LiveAct, kept: ReadonlySet<string>): number {
  return files[act].reduce((total, { name, bytes }) => total + (kept.has(name) ? 0 : bytes), 0);
}

type ModelPath = (typeof modelFiles)[keyof typeof modelFiles];

/** In the order in which they are loaded, which their hash is over. */
const loaded: readonly ModelPath[] = [
  ...(["tokenizer/merges.txt", "clip/config.json", "vae/config.json", "unet/config.json"] as const),
  "clip/model.safetensors",
  "vae/diffusion_pytorch_model.safetensors",
  "unet/diffusion_pytorch_model.safetensors",
];

/** The networks' hash, as `env.json` of a run has it; null where a file is missing. */
export async function hashOfNetworks(files: ServedFiles): Promise<string | null> {
  if (loaded.some((path) => files[path] === undefined)) return null;
  return hashOfNetworkFiles(loaded.map((path) => [path, files[path]!.sha256]));
}

/**
 * Whether the pool that is served is the one that a run searched; null where that is not known: the hash of a world with own pictures
 * is of both.
 */
export function isPoolOf({ results: { name, world } }: Pick<RunView, "results">, now: Served | null): boolean | null {
  // A run on a part of the pool says of how much after the hash; a look-up for it searches the same part.
  return now === null || hasOwnTarget(name) ? null : now.world.hash === world.hash.split(" ")[0];
}

/** Whether the networks that are served are those of a run; null where that is not known. @param run their hash there */
export function areNetworksOf(run: string | null, now: Served | null): boolean | null {
  const here = now?.networksHash ?? null;
  return run === null || here === null ? null : run === here;
}

/** The hash of the networks that a run was made with; null where it does not say, or cannot be read. */
export async function networksOfRun({ paths, bytes }: Pick<RunView, "paths" | "bytes">): Promise<string | null> {
  if (!paths.includes("env.json")) return null;
  try {
    const text = new TextDecoder().decode(await bytes("env.json"));
    return (JSON.parse(text) as { readonly networks?: string }).networks ?? null;
  } catch {
    return null;
  }
}
