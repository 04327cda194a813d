/** What conditions are called on the page. */
export { labelOf as conditionLabel } from "../experiment/conditions.ts";
