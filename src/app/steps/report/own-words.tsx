import { t } from "../../strings.ts";
import { notesOf, writeNotes } from "./notes.ts";

/** The student's title and notes to a run. */
export const OwnWords = ({ id, byDefault }: { readonly id: string; readonly byDefault: string }) => {
  const { title, notes } = notesOf(id);
  return (
    <div class="own-words">
      <label>
        {t("report.title")}
        <input
          type="text"
          value={title}
          placeholder={byDefault}
          onInput={({ currentTarget }) => writeNotes(id, { title: currentTarget.value })}
        />
      </label>
      <label>
        {t("report.notes")}
        <textarea
          rows={6}
          value={notes}
          placeholder={t("report.notes.hint")}
          onInput={({ currentTarget }) => writeNotes(id, { notes: currentTarget.value })}
        />
      </label>
      <p class="quiet">{t("report.notes.kept")}</p>
    </div>
  );
};
