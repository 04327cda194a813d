import { signal } from "@preact/signals";
import { glossaryEntries, termAnchor, type GlossaryEntry } from "../content/glossary.ts";
import { numberText } from "../format.ts";
import { t } from "../strings.ts";
import "./beside.css";

const search = signal("");

const idOf = (term: string): string => `term-${termAnchor(term)}`;

/** Goes to a word of the list; a search that hides it ends. */
function goToTerm(term: string): void {
  search.value = "";
  requestAnimationFrame(() => {
    const entry = document.getElementById(idOf(term));
    entry?.scrollIntoView({ block: "center" });
    entry?.focus();
  });
}

const Entry = ({ entry: { term, text, related } }: { readonly entry: GlossaryEntry }) => (
  <div>
    <dt id={idOf(term)} tabIndex={-1}>
      {term}
    </dt>
    <dd>
      {text}
      {related.length > 0 && (
        <>
          <br />
          <span class="quiet">
            {t("glossary.related")}{" "}
            {related.map((other, i) => (
              <>
                {i > 0 && " · "}
                <a
                  href={`#${idOf(other)}`}
                  onClick={(event) => {
                    event.preventDefault();
                    goToTerm(other);
                  }}
                >
                  {other}
                </a>
              </>
            ))}
          </span>
        </>
      )}
    </dd>
  </div>
);

/** Words that the page uses, explained. */
export const GlossaryPage = () => {
  const wanted = search.value.trim().toLowerCase();
  const found = glossaryEntries.filter(({ term, text }) => `${term} ${text}`.toLowerCase().includes(wanted));
  return (
    <>
      <h1>{t("glossary.question")}</h1>
      <p class="lead">{t("glossary.lead")}</p>
      <label>
        {t("glossary.search")}{" "}
        <input
          type="search"
          value={search.value}
          onInput={({ currentTarget }) => (search.value = currentTarget.value)}
        />
      </label>
      <p role="status" class="quiet">
        {t("glossary.found", { found: numberText(found.length), all: numberText(glossaryEntries.length) })}
      </p>
      <dl>
        {found.map((entry) => (
          <Entry entry={entry} key={entry.term} />
        ))}
      </dl>
    </>
  );
};
