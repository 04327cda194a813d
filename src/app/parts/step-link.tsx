import type { ComponentChildren } from "preact";
import type { StepId } from "../route.ts";
import { linkTo, steps } from "../state.ts";
import { t } from "../strings.ts";

/**
 * The way to a step where the lesson has it. Where it has not: the step's name without a link, or nothing in place of a link with words
 * of its own.
 */
export const StepLink = ({ to, children = null }: { readonly to: StepId; readonly children?: ComponentChildren }) => {
  const name = t(`step.${to}`);
  if (steps.value.includes(to)) return <a href={linkTo(to)}>{children ?? name}</a>;
  return children === null ? <>{name}</> : null;
};
