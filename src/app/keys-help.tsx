import { useEffect, useRef } from "preact/hooks";
import "./keys-help.css";
import { keysShown } from "./keys.ts";
import { linkTo, steps } from "./state.ts";
import { t } from "./strings.ts";

/** The list of keys, in a dialog that Esc closes. */
export const KeysHelp = () => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (keysShown.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [keysShown.value]);
  const close = (): void => {
    keysShown.value = false;
  };
  return (
    <dialog class="keys" ref={dialog} aria-labelledby="keys-title" onClose={close}>
      <h2 id="keys-title">{t("keys.title")}</h2>
      <dl>
        {steps.value.map((id, i) => (
          <div key={id}>
            <dt>
              <kbd>{i}</kbd>
            </dt>
            <dd>{t("keys.step", { step: t(`step.${id}`) })}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>{t("keys.help")}</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{t("keys.escape")}</dd>
        </div>
        <div>
          <dt>
            <kbd>Tab</kbd>
          </dt>
          <dd>{t("keys.tab")}</dd>
        </div>
      </dl>
      <p class="quiet">
        {t("keys.off")}{" "}
        <a href={linkTo("settings")} onClick={close}>
          {t("step.settings")}
        </a>
      </p>
      <button type="button" class="primary" onClick={close}>
        {t("keys.close")}
      </button>
    </dialog>
  );
};
