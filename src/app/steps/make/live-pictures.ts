/** Pictures of the run that goes on, as far as the page has asked for them. */
import { signal } from "@preact/signals";
import type { UnitPictures } from "../../../../workers/lab-api.ts";
import { lab } from "../../state.ts";
import { reasonOf } from "../../reason.ts";

/** As many as a gallery keeps. */
const most = 10;

const received = signal<ReadonlyMap<string, UnitPictures>>(new Map());
const asked = new Set<string>();

/** Why some could not be had; null where all could. */
export const picturesProblem = signal<string | null>(null);

const nameOf = (id: string, condition: string, classKey: string): string => `${id}/${condition}/${classKey}`;

/** A class's pictures from a condition; null as long as they are not here. */
export function livePictures(id: string, condition: string, classKey: string): UnitPictures | null {
  return received.value.get(nameOf(id, condition, classKey)) ?? null;
}

/** Asks the lab for a class's pictures, once. */
export async function askForPictures(id: string, condition: string, classKey: string): Promise<void> {
  const name = nameOf(id, condition, classKey);
  if (asked.has(name)) return;
  asked.add(name);
  try {
    const found = await lab.pictures(id, condition, classKey, most);
    if (found) received.value = new Map(received.value).set(name, found);
    else asked.delete(name);
    picturesProblem.value = null;
  } catch (error) {
    asked.delete(name);
    picturesProblem.value = reasonOf(error);
  }
}
