import type { ComponentChildren } from "preact";
import { isRunGoing } from "../../job.ts";
import { device } from "../../state.ts";
import { t } from "../../strings.ts";
import { isLiveGoing, type LiveWork } from "./live-work.ts";

/** The buttons of a form: begin and, while it goes on, stop. */
export const LiveButtons = ({
  act,
  isGoing,
  stop,
  children,
}: {
  readonly act: "redraw" | "look";
  readonly isGoing: boolean;
  readonly stop: () => void;
  readonly children?: ComponentChildren;
}) => (
  <p class="buttons">
    <button
      type="submit"
      class={device.value.kind === "software" ? "" : "primary"}
      disabled={isLiveGoing.value || isRunGoing.value}
    >
      {t(device.value.kind === "software" ? `${act}.go.anyway` : `${act}.go`)}
    </button>
    {isGoing && (
      <button type="button" onClick={stop}>
        {t("redraw.stop")}
      </button>
    )}
    {children}
  </p>
);

/** What it does, or how it ended. @param took a number of seconds in words */
export const LiveNote = ({
  work,
  took,
}: {
  readonly work: LiveWork<unknown, unknown> | null;
  readonly took: (seconds: number) => string;
}) => {
  if (work?.phase === "failed")
    return (
      <p class="problem" role="alert">
        {t("redraw.failed", { reason: work.note })}
      </p>
    );
  const words = {
    going: work?.note,
    done: t("redraw.took", { time: took(work?.seconds ?? 0) }),
    stopped: t("redraw.stopped"),
  };
  return (
    <p role="status" class="redraw-note" data-phase={work?.phase ?? "none"}>
      {work && words[work.phase]}
    </p>
  );
};
