/** Single keys that act anywhere on the page. */
import { signal } from "@preact/signals";
import { actOf } from "./key-acts.ts";
import { singleKeys } from "./settings.ts";
import { goTo, steps } from "./state.ts";

/** Whether the list of keys is shown. */
export const keysShown = signal(false);

/** Where keys are letters, or choose among options. */
const fields = "input, textarea, select, [contenteditable]";

/** Listens for the keys, but not while someone types, a dialog is open, or the settings have them off. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.closest(fields) !== null;
    if (!singleKeys.value || isTyping || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const act = actOf(event, steps.value);
    if (act === null) return;
    event.preventDefault();
    if (act === "help") keysShown.value = true;
    else goTo(act.step);
  });
}
