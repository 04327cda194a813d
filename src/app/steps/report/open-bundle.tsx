import { signal } from "@preact/signals";
import { openedIds } from "../../runs/opened.ts";
import { lab, refreshKept, showKept } from "../../state.ts";
import { t } from "../../strings.ts";
import { reasonOf } from "../../reason.ts";

const state = signal<"idle" | "reading" | "opened">("idle");
const problem = signal<string | null>(null);

/** Keeps the bundle's run in this browser, once all of it was checked, and shows it. */
async function openBundle(file: File): Promise<void> {
  state.value = "reading";
  problem.value = null;
  try {
    const id = await lab.importRun(file);
    openedIds.value = [...new Set([...openedIds.value, id])];
    await refreshKept();
    await showKept(id, "opened");
    state.value = "opened";
  } catch (error) {
    problem.value = t("report.open.failed", {
      name: file.name,
      reason: reasonOf(error),
    });
    state.value = "idle";
  }
}

/** Takes a run that someone else made, or that was saved before. */
export const OpenBundle = () => (
  <section class="open-bundle">
    <h2>{t("report.open")}</h2>
    <p>{t("report.open.lead")}</p>
    <label>
      {t("report.open.file")}{" "}
      <input
        type="file"
        accept=".zip,application/zip"
        disabled={state.value === "reading"}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void openBundle(file);
          // The same file can be chosen again after it was mended.
          currentTarget.value = "";
        }}
      />
    </label>
    <p role="status">{state.value !== "idle" && t(`report.open.${state.value}`)}</p>
    {problem.value !== null && (
      <p class="problem" role="alert">
        {problem.value}
      </p>
    )}
  </section>
);
