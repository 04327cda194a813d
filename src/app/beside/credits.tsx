import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { pageAddress } from "../runs/recorded.ts";
import { t } from "../strings.ts";
import "./beside.css";
import { blocksOf, type Block, type Inline } from "./credits/markdown.ts";

/** What the world's builder writes beside a world; the page brings it along, since its recorded pictures need it too. */
const path = "credits.md";

const blocks = signal<readonly Block[] | null>(null);
const problem = signal<string | null>(null);

/** A server that answers everything with a page has no such text. */
async function read(): Promise<void> {
  try {
    const response = await fetch(new URL(path, pageAddress()));
    const text = response.ok ? await response.text() : "";
    const isThere = text.startsWith("# ");
    if (isThere) blocks.value = blocksOf(text);
    problem.value = isThere ? null : t("credits.missing", { path });
  } catch {
    problem.value = t("credits.unreachable", { path });
  }
}

const Pieces = ({ inlines }: { readonly inlines: readonly Inline[] }) => (
  <>
    {inlines.map((piece) => {
      if (piece.kind === "strong") return <strong>{piece.text}</strong>;
      if (piece.kind === "text") return piece.text;
      return (
        <a href={piece.href} rel="noreferrer">
          {piece.text}
        </a>
      );
    })}
  </>
);

const Part = ({ block }: { readonly block: Block }) => {
  if (block.kind === "heading") {
    if (block.level === 1) return null;
    return block.level === 2 ? <h2>{block.text}</h2> : <h3>{block.text}</h3>;
  }
  if (block.kind === "paragraph")
    return (
      <p>
        <Pieces inlines={block.inlines} />
      </p>
    );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("credits.table")}>
      <table>
        <caption>{t("credits.table")}</caption>
        <thead>
          <tr>
            {block.head.map((cell) => (
              <th scope="col" key={cell}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={j}>
                  <Pieces inlines={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** Who drew the world's pictures, and under which licences. */
export const Credits = () => {
  useEffect(() => void (blocks.value === null && read()), []);
  return (
    <>
      <h1>{t("credits.question")}</h1>
      <p class="lead">{t("credits.lead")}</p>
      {problem.value !== null && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      {blocks.value === null && problem.value === null && <p class="quiet">{t("loading")}</p>}
      {blocks.value?.map((block, i) => (
        <Part block={block} key={i} />
      ))}
    </>
  );
};
