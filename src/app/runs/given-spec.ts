/** What an unfinished run was asked for, so that it can go on. */
import type { SpecInput } from "../../experiment/spec.ts";
import { lab } from "../state.ts";

/** The spec that a kept run keeps; null where it keeps none. */
export async function givenSpec(id: string): Promise<SpecInput | null> {
  const bytes = (await lab.files(id)).get("config.resolved.json");
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as SpecInput) : null;
}
