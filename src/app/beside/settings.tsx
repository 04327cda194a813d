import { useSignal, type Signal } from "@preact/signals";
import { keysShown } from "../keys.ts";
import { startAfresh } from "../next-student.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { singleKeys, softwareAllowed, theme, themes } from "../settings.ts";
import { t } from "../strings.ts";

const Switch = ({
  label,
  note,
  value,
}: {
  readonly label: string;
  readonly note: string;
  readonly value: Signal<boolean>;
}) => (
  <p>
    <label>
      <input type="checkbox" checked={value.value} onChange={() => (value.value = !value.value)} /> {label}
    </label>
    <br />
    <span class="quiet">{note}</span>
  </p>
);

/** Hands the device on. */
const Afresh = () => {
  const isDone = useSignal(false);
  const act = (): void => {
    startAfresh();
    isDone.value = true;
  };
  return (
    <>
      <h2>{t("settings.afresh")}</h2>
      <p>{t("settings.afresh.what")}</p>
      <AskFirst
        label={t("settings.afresh.go")}
        question={t("settings.afresh.question")}
        yes={t("settings.afresh.yes")}
        act={act}
      />
      <p role="status">{isDone.value && t("settings.afresh.done")}</p>
    </>
  );
};

/** Look, keys, permissions, and a device's next student. */
export const SettingsPage = () => (
  <>
    <h1>{t("settings.question")}</h1>
    <p class="lead">{t("settings.lead")}</p>
    <fieldset>
      <legend>{t("settings.theme")}</legend>
      {themes.map((id) => (
        <p key={id}>
          <label>
            <input type="radio" name="theme" checked={theme.value === id} onChange={() => (theme.value = id)} />{" "}
            {t(`settings.theme.${id}`)}
          </label>
        </p>
      ))}
    </fieldset>
    <h2>{t("settings.keys")}</h2>
    <Switch label={t("settings.keys.on")} note={t("settings.keys.note")} value={singleKeys} />
    <p>
      <button type="button" onClick={() => (keysShown.value = true)}>
        {t("settings.keys.list")}
      </button>
    </p>
    <h2>{t("settings.live")}</h2>
    <Switch label={t("settings.software")} note={t("settings.software.note")} value={softwareAllowed} />
    <Afresh />
  </>
);
