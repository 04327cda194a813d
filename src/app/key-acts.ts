/** What single keys mean. */
import type { StepId } from "./route.ts";

/** What a key asks for. */
export type KeyAct = { readonly step: StepId } | "help";

/** What of a keyboard event decides. */
export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/**
 * What a key asks for; null where it asks for nothing.
 *
 * @param story the steps that the lesson shows: the digit is the number in the rail
 */
export function actOf({ key, ctrlKey, metaKey, altKey }: Pressed, story: readonly StepId[]): KeyAct | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (key === "?") return "help";
  const step = /^\d$/.test(key) ? story[Number(key)] : undefined;
  return step === undefined ? null : { step };
}
