import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { StorageCheck, StorageState } from "../../../workers/lab-api.ts";
import { bytesText, numberText, percentText } from "../format.ts";
import { isRunGoing } from "../job.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { keepsRuns, lab, linkTo } from "../state.ts";
import { t } from "../strings.ts";
import "./beside.css";
import { readEntries, removeEntry } from "./runs/load.ts";
import { reasonOf } from "../reason.ts";
import { damagedByKind, withoutRun } from "./storage/damaged.ts";
import { SizesTable } from "./storage/sizes-table.tsx";

const state = signal<StorageState | null>(null);
/** Names of imported targets by their hashes. */
const targetNames = signal<ReadonlyMap<string, string>>(new Map());
/** What the last check found; null before one. */
const check = signal<StorageCheck | null>(null);
const busy = signal<"no" | "verify" | "clear">("no");
const said = signal("");
const problem = signal<string | null>(null);

/** Does something with what is kept, says what came of it, and looks again. */
async function act(what: "no" | "verify" | "clear", work: () => Promise<string>): Promise<void> {
  busy.value = what;
  problem.value = null;
  said.value = "";
  try {
    said.value = await work();
    targetNames.value = new Map((await lab.targets()).map(({ hash, name }) => [hash, name]));
    state.value = await lab.storage();
  } catch (error) {
    problem.value = reasonOf(error);
  } finally {
    busy.value = "no";
  }
}

const look = (): Promise<void> => act("no", () => Promise.resolve(""));

/** Asks the browser to clear this page's data only when someone tells it to. */
const askToPersist = async (): Promise<string> => {
  const manager = navigator.storage as StorageManager | undefined; // a page of plain http has none
  return t((await manager?.persist()) ? "storage.persist.granted" : "storage.persist.refused");
};

const verify = async (): Promise<string> => {
  check.value = await lab.verifyStorage();
  const { checked, damaged } = check.value;
  if (checked === 0) return t("storage.nothing");
  const values = { checked: numberText(checked), damaged: numberText(damaged.length) };
  return t(damaged.length === 0 ? "storage.verified" : "storage.damaged", values);
};

const clear = async (): Promise<string> => {
  await lab.clearDownloads();
  check.value = null;
  return t("storage.cleared");
};

const remove = async (id: string): Promise<string> => {
  await removeEntry({ id });
  if (check.value) check.value = withoutRun(check.value, id);
  return t("storage.removed", { id });
};

const Used = ({ usedBytes, quotaBytes, files, runs }: StorageState) => (
  <>
    <p data-used={usedBytes} data-quota={quotaBytes ?? ""}>
      {quotaBytes === null
        ? t("storage.used", { used: bytesText(usedBytes) })
        : t("storage.used-of", {
            used: bytesText(usedBytes),
            quota: bytesText(quotaBytes),
            share: percentText(usedBytes / quotaBytes),
          })}
    </p>
    {quotaBytes !== null && (
      <meter class="quota" min={0} max={quotaBytes} value={usedBytes} aria-label={t("storage.meter")} />
    )}
    <ul>
      <li>{t("storage.files", { count: numberText(files) })}</li>
      <li>
        {t("storage.runs", { count: numberText(runs) })} <a href={linkTo("runs")}>{t("step.runs")}</a>
      </li>
    </ul>
  </>
);

const Persistence = ({ persistent }: StorageState) => (
  <>
    <h2>{t("storage.persistence")}</h2>
    <p data-persistent={persistent}>
      {t(!keepsRuns.value ? "start.fleeting" : persistent ? "storage.persistent" : "storage.fleeting")}
    </p>
    {!persistent && keepsRuns.value && (
      <button type="button" onClick={() => void act("no", askToPersist)}>
        {t("storage.persist")}
      </button>
    )}
  </>
);

const Downloads = ({ files }: StorageState) => (
  <>
    <h2>{t("storage.downloads")}</h2>
    <p>{t("storage.downloads.lead")}</p>
    <div class="buttons">
      <button type="button" disabled={busy.value !== "no"} onClick={() => void act("verify", verify)}>
        {t(busy.value === "verify" ? "storage.verifying" : "storage.verify")}
      </button>
      <AskFirst
        label={t("storage.clear")}
        question={t("storage.clear.question", { count: numberText(files) })}
        yes={t("storage.clear.yes")}
        disabled={files === 0 || isRunGoing.value || busy.value !== "no"}
        act={() => void act("clear", clear)}
      />
    </div>
  </>
);

const Damaged = ({ damaged }: StorageCheck) => {
  const names = damagedByKind(damaged);
  return (
    <>
      {(["downloads", "runs"] as const).map(
        (kind) =>
          names[kind].length > 0 && (
            <div key={kind} data-damaged={kind}>
              <p>{t(`storage.damaged.${kind}`)}</p>
              <ul>
                {names[kind].map((name) => (
                  <li class="run-id" key={name}>
                    {name}
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
    </>
  );
};

/** What this browser keeps for the page, and how to be rid of it. */
export const Storage = () => {
  useEffect(() => {
    void look();
    void readEntries();
  }, []);
  return (
    <>
      <h1>{t("storage.question")}</h1>
      <p class="lead">{t("storage.lead")}</p>
      <p role="status">{said.value}</p>
      {problem.value !== null && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      {check.value !== null && <Damaged {...check.value} />}
      {state.value === null ? (
        <p class="quiet">{t("storage.reading")}</p>
      ) : (
        <>
          <Used {...state.value} />
          <SizesTable
            sizes={state.value.sizes}
            targetNames={targetNames.value}
            remove={(id) => void act("no", () => remove(id))}
          />
          <Persistence {...state.value} />
          <Downloads {...state.value} />
        </>
      )}
    </>
  );
};
