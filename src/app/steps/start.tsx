import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { chosenConditions, withChosen } from "../choices.ts";
import { askElsewhere, isBusyElsewhere } from "../elsewhere.ts";
import { bytesText, durationText, numberText } from "../format.ts";
import { isRunGoing, startJob } from "../job.ts";
import { BusyElsewhere } from "../parts/busy-elsewhere.tsx";
import { RunTag } from "../parts/source-tag.tsx";
import { expectedSeconds, presets, type Preset } from "../presets.ts";
import { softwareAllowed } from "../settings.ts";
import { device, gflops, hash, keepsRuns, lab, linkTo, shown, steps } from "../state.ts";
import { t } from "../strings.ts";
import { LinkCard } from "./start/link-card.tsx";
import { Unfinished } from "./start/unfinished.tsx";
import { OwnNote } from "./target/own-note.tsx";
import { reasonOf } from "../reason.ts";

/** Billions of operations a second that a laptop's GPU is taken to do in the product that is measured: an assumption. */
const laptopGflops = 1000;

/** World and networks together, in bytes, as they are served. */
const downloadBytes = 84e6;

const measuring = signal(false);
const speedProblem = signal<string | null>(null);

async function measure(): Promise<void> {
  measuring.value = true;
  try {
    gflops.value = (await lab.measureSpeed()).gflops;
  } catch (error) {
    speedProblem.value = reasonOf(error);
  } finally {
    measuring.value = false;
  }
}

const Speed = () => {
  if (gflops.value === null)
    return (
      <p>
        <button type="button" disabled={measuring.value} onClick={() => void measure()}>
          {t(measuring.value ? "start.measuring" : "start.measure")}
        </button>
        {speedProblem.value !== null && <span class="problem">{speedProblem.value}</span>}
      </p>
    );
  const times = laptopGflops / gflops.value;
  return (
    <p role="status" data-gflops={gflops.value}>
      {t("start.speed", { gflops: numberText(gflops.value, gflops.value < 10 ? 1 : 0) })}{" "}
      {times > 3 && t("start.slower", { assumed: numberText(laptopGflops), times: numberText(Math.round(times)) })}
    </p>
  );
};

const Device = () => {
  const found = device.value;
  if (found.kind === "checking") return <p role="status">{t("start.checking")}</p>;
  if (found.kind === "none")
    return (
      <p class="device" data-device="none" role="status">
        {t("start.none", { reason: found.reason })} {t("start.browsers")}
      </p>
    );
  return (
    <>
      <p class="device" data-device={found.kind} role="status">
        {t(found.kind === "gpu" ? "start.gpu" : "start.software", { name: found.name })}
      </p>
      <Speed />
    </>
  );
};

const Time = ({ preset }: { readonly preset: Pick<Preset, "amounts"> }) => {
  if (gflops.value === null) return <p class="quiet">{t("start.time.unknown")}</p>;
  const { low, high } = expectedSeconds(preset.amounts, gflops.value);
  return <p class="quiet">{t("start.time", { low: durationText(low), high: durationText(high) })}</p>;
};

async function go(spec: Preset["spec"]): Promise<void> {
  if (!(await askElsewhere())) await startJob(spec);
}

const PresetCard = ({ preset }: { readonly preset: Preset }) => {
  const name = t(`start.preset.${preset.id}`);
  return (
    <li class="card">
      <h3>{name}</h3>
      <p>{t(`start.preset.${preset.id}.what`)}</p>
      <Time preset={preset} />
      {chosenConditions.value && !hash.value.lock && (
        <p>{t("start.chosen", { count: numberText(chosenConditions.value.length) })}</p>
      )}
      <p class="quiet">{t("start.download", { size: bytesText(downloadBytes) })}</p>
      <button
        type="button"
        class={device.value.kind === "gpu" ? "primary" : ""}
        disabled={isRunGoing.value}
        onClick={() => void go(hash.value.lock ? preset.spec : withChosen(preset.spec))}
      >
        {t(device.value.kind === "software" && !softwareAllowed.value ? "start.anyway" : "start.go", { name })}
      </button>
    </li>
  );
};

const Fleeting = () => (
  <p data-keeps="no">
    {t("start.fleeting")}{" "}
    <a href={location.href} target="_blank" rel="noopener">
      {t("start.own-tab")}
    </a>
  </p>
);

/** The question, what this device can do, and the runs to choose from. */
export const StartStep = () => {
  const { config, lock } = hash.value;
  const after = steps.value.find((id) => id !== "start");
  useEffect(() => void askElsewhere(), []);
  return (
    <>
      <h1>{t("start.question")}</h1>
      <p class="lead">{t("start.lead")}</p>
      <p>{t("start.how")}</p>
      <p>
        {after && <a href={linkTo(after)}>{t("start.look")}</a>} {shown.value && <RunTag view={shown.value} />}
      </p>
      <h2>{t("start.device")}</h2>
      <Device />
      {device.value.kind !== "none" && (
        <>
          <h2>{t("start.run")}</h2>
          <p>{t("start.run.lead")}</p>
          {!keepsRuns.value && <Fleeting />}
          <OwnNote />
          {isBusyElsewhere.value && !isRunGoing.value && <BusyElsewhere />}
          <ul class="cards">
            {config && <LinkCard config={config} go={(spec) => void go(spec)} />}
            {!(config && lock) && presets.map((preset) => <PresetCard preset={preset} key={preset.id} />)}
          </ul>
          <Unfinished />
        </>
      )}
    </>
  );
};
