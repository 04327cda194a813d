import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { recordedEmbeddingsPath } from "../../../experiment/lab-networks.ts";
import { bytesText, durationText, numberText } from "../../format.ts";
import { expectedSeconds, presets } from "../../presets.ts";
import { pageAddress } from "../../runs/recorded.ts";
import { device, gflops } from "../../state.ts";
import { t } from "../../strings.ts";

/** Sampler steps that `Amounts.generated` counts an image with. */
const usualSteps = 20;

/** Pictures of the mini world's whole pool. */
const wholePool = presets.at(-1)!.amounts.pool;

type FileSizes = Readonly<Record<string, { readonly bytes: number }>>;

/** What is only downloaded where there is no device: the pool's embeddings; and then no network but CLIP. */
const embeddings: typeof recordedEmbeddingsPath = "clip/pool.safetensors";
const isClip = (path: string): boolean => /^(clip|tokenizer)\//.test(path);

/** Bytes of a resolution's networks and pool, as they are served; null until they are known. */
const sizes = signal<{
  readonly networks: number;
  readonly pool: number;
  /** CLIP with the pool's embeddings. */
  readonly recorded: number;
} | null>(null);

/** Whose sizes they are, or will be. */
let asked = "";

async function readSizes(resolution: number): Promise<void> {
  const name = resolution === 32 ? "mini" : `mini-${resolution}`;
  if (asked === name) return;
  asked = name;
  const read = async (path: string): Promise<FileSizes> =>
    ((await (await fetch(`${pageAddress()}${path}`)).json()) as { readonly files: FileSizes }).files;
  const sum = (files: FileSizes, isCounted: (path: string) => boolean): number =>
    Object.entries(files).reduce((total, [path, { bytes }]) => total + (isCounted(path) ? bytes : 0), 0);
  try {
    const [networks, world] = [await read(`models/${name}/manifest.json`), await read(`world/${name}/world.json`)];
    sizes.value = {
      networks: sum(networks, (path) => path !== embeddings),
      pool: sum(world, (path) => path === "pool.jsonl" || path === "pool.rgb"),
      recorded: sum(networks, isClip),
    };
  } catch {
    // Offline, or served without them: what is not known is not said.
    sizes.value = null;
    asked = "";
  }
}

/** What is downloaded the first time, where it is known. */
const Downloaded = ({ bytes }: { readonly bytes: number | undefined }) =>
  bytes === undefined ? null : <>{t("redraw.cost.download", { size: bytesText(bytes) })}</>;

const nothing = { pool: 0, generated: 0, trained: 0, adapted: 0 };

/** What drawing costs on this device. */
export const DrawCost = ({
  resolution,
  images,
  steps,
}: {
  readonly resolution: number;
  readonly images: number;
  readonly steps: number;
}) => {
  useEffect(() => void readSizes(resolution), [resolution]);
  const time =
    gflops.value === null
      ? null
      : expectedSeconds({ ...nothing, generated: (images * steps) / usualSteps }, gflops.value);
  return (
    <p class="quiet">
      {time === null
        ? t("redraw.cost.unknown")
        : t("redraw.cost", { low: durationText(time.low), high: durationText(time.high) })}{" "}
      <Downloaded bytes={sizes.value?.networks} />
    </p>
  );
};

/** What looking up costs on this device, or without one. */
export const LookCost = ({ pool, resolution }: { readonly pool: number | "all"; readonly resolution: number }) => {
  useEffect(() => void readSizes(resolution), [resolution]);
  const known = sizes.value;
  if (device.value.kind === "none")
    return (
      <p class="quiet">
        {t("look.cost.processor")} <Downloaded bytes={known ? known.recorded + known.pool : undefined} />
      </p>
    );
  const pictures = pool === "all" ? wholePool : pool;
  const count = numberText(pictures);
  const time = gflops.value === null ? null : expectedSeconds({ ...nothing, pool: pictures }, gflops.value);
  return (
    <p class="quiet">
      {time === null
        ? t("look.cost.unknown", { count })
        : t("look.cost", { count, low: durationText(time.low), high: durationText(time.high) })}{" "}
      <Downloaded bytes={known ? known.networks + known.pool : undefined} />
    </p>
  );
};
