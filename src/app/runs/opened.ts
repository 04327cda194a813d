/** Which of the runs that this browser keeps came from a bundle. */
import { remembered } from "../remembered.ts";

/** Their ids: such a run is not this device's, and the page says so. */
export const openedIds = remembered<readonly string[]>("opened-runs", []);
