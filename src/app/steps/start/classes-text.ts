import type { SpecInput } from "../../../experiment/spec.ts";
import { numberText } from "../../format.ts";
import { t } from "../../strings.ts";

/** How many classes a spec asks for, in words. */
export function classesText(classes: SpecInput["classes"]): string {
  if (classes === undefined || classes === "all") return t("start.classes.all");
  return t("start.classes", { count: numberText(typeof classes === "number" ? classes : classes.length) });
}
