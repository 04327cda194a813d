import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { t } from "../strings.ts";

/** A table's text. */
export interface TableText {
  readonly head: readonly string[];
  /** [rows][columns]; the first column names the row. */
  readonly rows: readonly (readonly string[])[];
}

/** A plain table with a caption. */
export const DataTable = ({ caption, head, rows }: TableText & { readonly caption: string }) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {head.map((cell) => (
            <th scope="col" key={cell}>
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row[0]}>{row.map((cell, i) => (i === 0 ? <th scope="row">{cell}</th> : <td>{cell}</td>))}</tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** A chart with the table of its numbers one key away. */
export const WithTable = ({
  caption,
  table,
  children,
}: {
  /** The chart's message in a sentence: shown above it, and the table's caption. */
  readonly caption: string;
  readonly table: TableText;
  readonly children: ComponentChildren;
}) => {
  const asTable = useSignal(false);
  return (
    <figure class="chart">
      <figcaption>{caption}</figcaption>
      {asTable.value ? <DataTable caption={caption} {...table} /> : children}
      <button type="button" class="quiet" onClick={() => (asTable.value = !asTable.value)}>
        {t(asTable.value ? "chart" : "table")}
      </button>
    </figure>
  );
};
