/** All pictures that a method made of a class, while they are shown. */
import { signal } from "@preact/signals";
import type { UnitPictures } from "../../../../workers/lab-api.ts";
import { reasonOf } from "../../reason.ts";
import { lab } from "../../state.ts";
import { t } from "../../strings.ts";
import { runIdOf, type Lane, type NamedClass } from "./lanes.ts";

/** What is shown, or waited for. */
export interface AllShown {
  /** That of the first pictures. */
  readonly lane: Lane;
  readonly of: NamedClass;
  /** Null until they are here. */
  readonly unit: UnitPictures | null;
  /** Why they cannot be shown, in a sentence; null where nothing is amiss. */
  readonly problem: string | null;
}

/** Null where nobody looks at all of a lane's pictures. */
export const allShown = signal<AllShown | null>(null);

/** The id of the button that opens them, where the focus goes back to. */
export const showAllId = (lane: string): string => `show-all-${lane}`;

/** Opens them, and asks the lab for them. */
export async function openAll(lane: Lane, of: NamedClass): Promise<void> {
  const opened: AllShown = { lane, of, unit: null, problem: null };
  allShown.value = opened;
  const found = await read(lane);
  // Closed in between, or others were opened.
  if (allShown.value === opened) allShown.value = { ...opened, ...found };
}

async function read(lane: Lane): Promise<Pick<AllShown, "unit" | "problem">> {
  try {
    const unit = await lab.pictures(runIdOf(lane), lane.id, lane.classKey, lane.total);
    const isThere = unit !== null && unit.provenance.length > 0;
    return isThere ? { unit, problem: null } : { unit: null, problem: t("make.all.none") };
  } catch (error) {
    return { unit: null, problem: t("make.all.failed", { reason: reasonOf(error) }) };
  }
}

/** Lets go of them. */
export function closeAll(): void {
  allShown.value = null;
}
