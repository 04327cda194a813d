import { useSignal } from "@preact/signals";
import { listText, numberText } from "../../format.ts";
import { t } from "../../strings.ts";
import { Problem } from "./model-files.tsx";
import { answer, ask, dropsDuplicates, isSearching, missing, pictures, type Answer } from "./session.ts";

/** Neighbours that are shown. */
const shownHits = 24;

/** A picture with its words below. */
export const Found = ({ id, words }: { readonly id: number; readonly words: string }) => {
  const picture = pictures.value.get(id);
  if (!picture) return null;
  return (
    <figure>
      <img src={picture.address} alt={picture.path} loading="lazy" />
      <figcaption>
        <strong>{words}</strong> <span class="quiet">{picture.path}</span>
      </figcaption>
    </figure>
  );
};

const Hits = ({ query, hits, among }: Answer) => (
  <>
    <h3>{t("search.found", { query, shown: numberText(hits.length), among: numberText(among) })}</h3>
    <ol class="found" data-query={query}>
      {hits.map(({ id, similarity }, rank) => (
        <li key={id} data-id={id} data-similarity={similarity} data-path={pictures.value.get(id)?.path}>
          <Found
            id={id}
            words={t("search.rank", { rank: numberText(rank + 1), similarity: numberText(similarity, 3) })}
          />
        </li>
      ))}
    </ol>
    <p class="quiet">{t("search.cosine")}</p>
  </>
);

/** The query, and the nearest pictures. */
export const Results = () => {
  const query = useSignal("");
  const needed = missing.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (needed.length === 0 && query.value.trim() !== "") void ask(query.value.trim(), shownHits);
  };
  return (
    <section>
      <h2>{t("search.query")}</h2>
      <form class="fields" onSubmit={submit}>
        <label class="stacked">
          <span>{t("search.query.words")}</span>
          <input
            type="text"
            size={32}
            value={query.value}
            placeholder={t("search.query.example")}
            onInput={({ currentTarget }) => (query.value = currentTarget.value)}
          />
        </label>
        <button class="primary" disabled={needed.length > 0 || isSearching.value || query.value.trim() === ""}>
          {t("search.ask")}
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={dropsDuplicates.value}
            onChange={({ currentTarget }) => {
              dropsDuplicates.value = currentTarget.checked;
              if (answer.value) void ask(answer.value.query, shownHits);
            }}
          />
          {t("search.drop")}
        </label>
      </form>
      <p class="quiet" role="status">
        {needed.length > 0
          ? t("search.needs", { what: listText(needed.map((what) => t(`search.needs.${what}`))) })
          : isSearching.value
            ? t("search.asking")
            : ""}
      </p>
      <Problem at="query" />
      {answer.value && <Hits {...answer.value} />}
    </section>
  );
};
