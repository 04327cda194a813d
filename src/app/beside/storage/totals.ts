/** What the things that a browser keeps take together. */
import type { KeptSize } from "../../../../workers/lab-api.ts";

/** What goes together: the downloads are cleared at once. */
export const sizeGroups = ["downloads", "runs", "targets"] as const;
export type SizeGroup = (typeof sizeGroups)[number];

/** Files and bytes. */
export interface Total {
  readonly files: number;
  readonly sizeBytes: number;
}

const groupOf = ({ kind }: KeptSize): SizeGroup =>
  kind === "run" ? "runs" : kind === "target" ? "targets" : "downloads";

function sum(sizes: readonly Total[]): Total {
  return {
    files: sizes.reduce((all, { files }) => all + files, 0),
    sizeBytes: sizes.reduce((all, { sizeBytes }) => all + sizeBytes, 0),
  };
}

/** The totals of those groups that have anything, in the order of the groups, and of all, which is their sum. */
export function totalsOf(
  sizes: readonly KeptSize[],
): readonly { readonly group: SizeGroup | "all"; readonly total: Total }[] {
  const groups = sizeGroups.map((group) => ({ group, of: sizes.filter((size) => groupOf(size) === group) }));
  const totals = groups.flatMap(({ group, of }) => (of.length === 0 ? [] : [{ group, total: sum(of) }]));
  return [...totals, { group: "all", total: sum(totals.map(({ total }) => total)) }];
}
