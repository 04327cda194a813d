import type { StepId } from "../route.ts";
import { linkTo, steps } from "../state.ts";
import { t } from "../strings.ts";

/** A step's name, and the way to it where the lesson has it. */
export const StepLink = ({ to }: { readonly to: StepId }) =>
  steps.value.includes(to) ? <a href={linkTo(to)}>{t(`step.${to}`)}</a> : <>{t(`step.${to}`)}</>;
