import { dateText } from "../format.ts";
import type { RunView } from "../runs/run-view.ts";
import { t } from "../strings.ts";

/** A mark for where something comes from, for beside its word. */
export const sourceMarks = { live: "●", recorded: "■", opened: "▲", paper: "○" } as const;

/** Where a number or a picture comes from: a mark, a word and, for a run, the details. */
export const SourceTag = ({ kind, title }: { readonly kind: keyof typeof sourceMarks; readonly title?: string }) => (
  <span class={`tag tag-${kind}`} title={title}>
    <span aria-hidden="true">{sourceMarks[kind]}</span> {t(`tag.${kind}`)}
  </span>
);

/** The tag of a run. */
export const RunTag = ({ view }: { readonly view: RunView }) => {
  const { id, kind } = view.source;
  const { startedAt, adapter } = view.results;
  return <SourceTag kind={kind} title={t("tag.source", { id, date: dateText(startedAt), adapter })} />;
};
