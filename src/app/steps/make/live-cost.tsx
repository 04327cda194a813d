import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { bytesText, durationText, numberText } from "../../format.ts";
import { expectedSeconds, presets } from "../../presets.ts";
import { pageAddress } from "../../runs/recorded.ts";
import { gflops } from "../../state.ts";
import { t } from "../../strings.ts";

/** Sampler steps that `Amounts.generated` counts an image with. */
const usualSteps = 20;

/** Pictures of the mini world's whole pool. */
const wholePool = presets.at(-1)!.amounts.pool;

type FileSizes = Readonly<Record<string, { readonly bytes: number }>>;

/** Bytes of a resolution's networks and pool, as they are served; null until they are known. */
const sizes = signal<{ readonly networks: number; readonly pool: number } | null>(null);

async function readSizes(resolution: number): Promise<void> {
  const name = resolution === 32 ? "mini" : `mini-${resolution}`;
  const read = async (path: string): Promise<FileSizes> =>
    ((await (await fetch(`${pageAddress()}${path}`)).json()) as { readonly files: FileSizes }).files;
  const sum = (files: FileSizes, paths: readonly string[]): number =>
    paths.reduce((total, path) => total + (files[path]?.bytes ?? 0), 0);
  try {
    const [networks, world] = [await read(`models/${name}/manifest.json`), await read(`world/${name}/world.json`)];
    sizes.value = { networks: sum(networks, Object.keys(networks)), pool: sum(world, ["pool.jsonl", "pool.rgb"]) };
  } catch {
    // Offline, or served without them: what is not known is not said.
    sizes.value = null;
  }
}

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
      {sizes.value && t("redraw.cost.download", { size: bytesText(sizes.value.networks) })}
    </p>
  );
};

/** What looking up costs on this device. */
export const LookCost = ({ pool }: { readonly pool: number | "all" }) => {
  const pictures = pool === "all" ? wholePool : pool;
  const count = numberText(pictures);
  const time = gflops.value === null ? null : expectedSeconds({ ...nothing, pool: pictures }, gflops.value);
  return (
    <p class="quiet">
      {time === null
        ? t("look.cost.unknown", { count })
        : t("look.cost", { count, low: durationText(time.low), high: durationText(time.high) })}{" "}
      {sizes.value && t("redraw.cost.download", { size: bytesText(sizes.value.networks + sizes.value.pool) })}
    </p>
  );
};
