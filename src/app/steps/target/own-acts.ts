/** What the page does with a user's own pictures, and what it says of it. */
import { signal } from "@preact/signals";
import { proxy } from "comlink";
import type { ImportedTarget, PictureFile } from "../../../../workers/lab-api.ts";
import { numberText } from "../../format.ts";
import { chooseTarget, chosenTarget } from "../../own-target.ts";
import { lab } from "../../state.ts";
import { t } from "../../strings.ts";
import { reasonOf } from "../../reason.ts";

/** What the lab keeps of them. */
export const ownTargets = signal<readonly ImportedTarget[]>([]);

/** How the last act goes, or went; empty before one. */
export const said = signal("");
export const problem = signal<string | null>(null);
export const isReading = signal(false);

/** Asks the lab what it keeps; a choice that is gone is no choice any more. */
export async function refreshTargets(): Promise<void> {
  ownTargets.value = await lab.targets();
  if (!ownTargets.value.some(({ hash }) => hash === chosenTarget.value?.hash)) chosenTarget.value = null;
}

/** What was dropped or chosen: files with their paths, and a name for them all. */
export interface Given {
  readonly name: string;
  readonly files: readonly PictureFile[];
}

/** Imports what was given and chooses it; says how it goes and what came of it. */
export async function importGiven(give: () => Given | Promise<Given>): Promise<void> {
  if (isReading.value) return;
  isReading.value = true;
  problem.value = null;
  said.value = t("own.looking");
  try {
    const { name, files } = await give();
    const target = await lab.importTarget(files, name, proxy(reporter(name, files.length)));
    chooseTarget(target);
    await refreshTargets();
    const [classes, images] = [target.classes.length, target.classes.reduce((sum, one) => sum + one.images, 0)];
    said.value = t("own.read", { name: target.name, classes: numberText(classes), images: numberText(images) });
  } catch (error) {
    said.value = "";
    problem.value = reasonOf(error);
  } finally {
    isReading.value = false;
  }
}

/** Says how far an import is; how many files an archive holds is known only at its end. */
function reporter(name: string, total: number): (count: number) => void {
  return (count) => {
    const done = numberText(count);
    // A message that was on its way when the import ended says nothing any more.
    if (!isReading.value) return;
    said.value =
      total > 1 ? t("own.reading-of", { name, done, total: numberText(total) }) : t("own.reading", { name, done });
  };
}

/** Forgets a target. */
export async function removeOwn({ hash, name }: ImportedTarget): Promise<void> {
  await lab.removeTarget(hash);
  await refreshTargets();
  problem.value = null;
  said.value = t("own.removed", { name });
}
