import { useEffect } from "preact/hooks";
import { numberText } from "../../format.ts";
import { singleKeys } from "../../settings.ts";
import { t } from "../../strings.ts";
import type { NamedClass } from "./lanes.ts";

/** Where the arrows have a meaning of their own. */
const taken = "input, textarea, select, [contenteditable], .scroll";

/** How many classes on a key goes; 0 where it is not for this. */
function stepOf(event: KeyboardEvent): -1 | 0 | 1 {
  const { key, target, ctrlKey, metaKey, altKey, shiftKey, defaultPrevented } = event;
  if (!singleKeys.value || defaultPrevented || ctrlKey || metaKey || altKey || shiftKey) return 0;
  if (target instanceof Element && target.closest(taken) !== null) return 0;
  if (document.querySelector("dialog[open]")) return 0;
  return key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
}

/** A class to look at: by name, or one on and one back, which go round. */
export const ClassPicker = ({
  classes,
  chosen,
  choose,
  isOpen,
}: {
  readonly classes: readonly NamedClass[];
  readonly chosen: number;
  readonly choose: (index: number) => void;
  /** Whether more classes may come. */
  readonly isOpen: boolean;
}) => {
  const go = (step: number): void => choose((chosen + step + classes.length) % classes.length);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const step = stepOf(event);
      if (step === 0) return;
      event.preventDefault();
      go(step);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
  const place = { place: numberText(chosen + 1), count: numberText(classes.length) };
  return (
    <div class="class-picker" data-class={classes[chosen]?.key}>
      <label>
        {t("make.class")}{" "}
        <select value={chosen} onChange={({ currentTarget }) => choose(currentTarget.selectedIndex)}>
          {classes.map(({ key, name }, index) => (
            <option value={index} key={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span class="buttons">
        <button type="button" aria-label={t("make.class.before")} onClick={() => go(-1)}>
          ←
        </button>
        <button type="button" aria-label={t("make.class.next")} onClick={() => go(1)}>
          →
        </button>
      </span>
      <span class="quiet">{t(isOpen ? "make.class.place.open" : "make.class.place", place)}</span>
      <span class="for-ears" aria-live="polite">
        {t("make.class.said", { class: classes[chosen]?.name ?? "", ...place })}
      </span>
    </div>
  );
};
