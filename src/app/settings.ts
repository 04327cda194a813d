/** How the page looks and listens; remembered by this browser. */
import { effect } from "@preact/signals";
import { remembered } from "./remembered.ts";

/** `system`: light or dark as the device has it. */
export type Theme = "system" | "light" | "dark";

export const themes: readonly Theme[] = ["system", "light", "dark"];

export const theme = remembered<Theme>("theme", "system");

/** Whether single keys act: people who speak to their computer, or whose hands shake, can switch them off (WCAG 2.1.4). */
export const singleKeys = remembered("single-keys", true);

/** Whether live runs are offered on an emulated GPU without a word of warning each time. */
export const softwareAllowed = remembered("software-allowed", false);

/** Keeps the page's look as it is set. */
export function followTheme(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    if (theme.value === "system") delete dataset["theme"];
    else dataset["theme"] = theme.value;
  });
}
