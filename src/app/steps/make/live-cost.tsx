import { bytesText, durationText, numberText } from "../../format.ts";
import { expectedSeconds, presets } from "../../presets.ts";
import { device, gflops } from "../../state.ts";
import { t } from "../../strings.ts";
import { keptFiles } from "./kept-files.ts";
import { bytesToDownload, served, type LiveAct } from "../../served.ts";

/** Sampler steps that `Amounts.generated` counts an image with. */
const usualSteps = 20;

/** Pictures of the mini world's whole pool. */
const wholePool = presets.at(-1)!.amounts.pool;

/** What is downloaded first, where that is known and something is. */
const Downloaded = ({ act }: { readonly act: LiveAct }) => {
  const bytes = served.value === null ? 0 : bytesToDownload(served.value, act, keptFiles.value);
  return bytes === 0 ? null : <>{t("redraw.cost.download", { size: bytesText(bytes) })}</>;
};

const nothing = { pool: 0, generated: 0, trained: 0, adapted: 0 };

/** What drawing costs on this device. */
export const DrawCost = ({ images, steps }: { readonly images: number; readonly steps: number }) => {
  const time =
    gflops.value === null
      ? null
      : expectedSeconds({ ...nothing, generated: (images * steps) / usualSteps }, gflops.value);
  return (
    <p class="quiet">
      {time === null
        ? t("redraw.cost.unknown")
        : t("redraw.cost", { low: durationText(time.low), high: durationText(time.high) })}{" "}
      <Downloaded act="draw" />
    </p>
  );
};

/** What looking up costs on this device, or without one. */
export const LookCost = ({ pool }: { readonly pool: number | "all" }) => {
  if (device.value.kind === "none")
    return (
      <p class="quiet">
        {t("look.cost.processor")} <Downloaded act="look-cpu" />
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
      <Downloaded act="look" />
    </p>
  );
};
