/** Which of the served files this browser keeps already. */
import { signal } from "@preact/signals";
import { lab } from "../../state.ts";

/** Their names, as `ServedFile` has them; none before the lab was asked. */
export const keptFiles = signal<ReadonlySet<string>>(new Set());

/** Asks the lab. */
export async function readKeptFiles(): Promise<void> {
  const { sizes } = await lab.storage();
  keptFiles.value = new Set(sizes.map(({ kind, name }) => `${kind} ${name}`));
}
