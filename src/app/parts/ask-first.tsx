import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../strings.ts";
import "./ask-first.css";

/** Brings the focus to the entry that takes the place of one that goes, or to the last that stays. */
function focusNeighbour(of: Element): void {
  const entry = of.closest("tr, li");
  const neighbour = entry?.nextElementSibling ?? entry?.previousElementSibling ?? of.closest("main");
  if (!(neighbour instanceof HTMLElement)) return;
  neighbour.tabIndex = -1;
  neighbour.focus();
}

/**
 * A button for what cannot be undone: it asks in its place before it does it.
 *
 * @param question asked in a sentence
 * @param yes what the button says that does it
 */
export const AskFirst = ({
  label,
  question,
  yes,
  act,
  disabled = false,
}: {
  readonly label: string;
  readonly question: string;
  readonly yes: string;
  readonly act: () => void;
  readonly disabled?: boolean;
}) => {
  const asks = useSignal(false);
  const wasAsked = useRef(false);
  const keep = useRef<HTMLButtonElement>(null);
  const begin = useRef<HTMLButtonElement>(null);
  // The focus stays where the question is, and comes back to where it was.
  useEffect(() => {
    if (asks.value) keep.current?.focus();
    else if (wasAsked.current) begin.current?.focus();
    wasAsked.current = asks.value;
  }, [asks.value]);
  // What it does may take away the entry that it stands in, and with it the focus.
  const isDone = useRef(false);
  useLayoutEffect(
    () => () => {
      const { activeElement } = document;
      const hadFocus = activeElement === begin.current || activeElement === document.body;
      if (isDone.current && hadFocus && begin.current) focusNeighbour(begin.current);
    },
    [],
  );
  if (!asks.value)
    return (
      <button type="button" ref={begin} disabled={disabled} onClick={() => (asks.value = true)}>
        {label}
      </button>
    );
  const close = (): void => {
    asks.value = false;
  };
  return (
    <span
      class="ask-first"
      role="group"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <span>{question}</span>
      <button
        type="button"
        onClick={() => {
          isDone.current = true;
          close();
          act();
        }}
      >
        {yes}
      </button>
      <button type="button" ref={keep} onClick={close}>
        {t("settings.keep")}
      </button>
    </span>
  );
};
