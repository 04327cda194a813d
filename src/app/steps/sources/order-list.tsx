import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { ConditionName } from "../../parts/mark.tsx";
import { t } from "../../strings.ts";
import { placeAt } from "./order.ts";

/** A row on its way: from where, and where it would come to lie. */
interface Drag {
  readonly from: number;
  readonly to: number;
}

interface OrderListProps {
  readonly order: readonly string[];
  /** Puts the condition at `from` to `to`; null where the order is fixed. */
  readonly move: ((from: number, to: number) => void) | null;
}

/** Where the row at `from` would come to lie if it were dropped at the pointer. */
function dropPlace(list: HTMLElement, from: number, y: number): number {
  const middles = Array.from(list.children, (row) => row.getBoundingClientRect()).map(
    ({ top, height }) => top + height / 2,
  );
  return placeAt(
    y,
    middles.filter((_, place) => place !== from),
  );
}

/** The row's state while another, or it, is dragged. */
function dragClass(drag: Drag | null, place: number): string {
  if (drag === null) return "";
  if (place === drag.from) return "dragged";
  if (place !== drag.to) return "";
  return drag.to < drag.from ? "drop-above" : "drop-below";
}

/** Conditions from the best to the worst, to be moved by dragging or by the buttons of each row. */
export const OrderList = ({ order, move }: OrderListProps) => {
  const list = useRef<HTMLOListElement>(null);
  const focused = useRef<string | null>(null);
  const drag = useSignal<Drag | null>(null);
  const said = useSignal("");
  const moveTo = (from: number, to: number): void => {
    if (move === null || from === to || to < 0 || to >= order.length) return;
    move(from, to);
    const place = { place: numberText(to + 1), count: numberText(order.length) };
    said.value = t("sources.predict.moved", { condition: conditionLabel(order[from]!), ...place });
  };
  // A row that moves in the document loses the focus of its button.
  useLayoutEffect(() => {
    if (focused.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-move="${focused.current}"]`)?.focus();
    focused.current = null;
  });
  const step = (id: string, place: number, direction: "up" | "down"): void => {
    focused.current = `${id}/${direction}`;
    moveTo(place, direction === "up" ? place - 1 : place + 1);
  };
  const handle = (from: number) => ({
    onPointerDown: (event: PointerEvent) => {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      drag.value = { from, to: from };
    },
    onPointerMove: ({ clientY }: PointerEvent) => {
      if (drag.value && list.current) drag.value = { from, to: dropPlace(list.current, from, clientY) };
    },
    onPointerUp: () => {
      if (drag.value) moveTo(from, drag.value.to);
      drag.value = null;
    },
    onPointerCancel: () => (drag.value = null),
  });
  return (
    <>
      <ol class="order-list" ref={list} aria-label={t("sources.predict.list")}>
        {order.map((id, place) => (
          <li key={id} class={dragClass(drag.value, place)} data-condition={id} data-place={place + 1}>
            <span class="order-grip" {...(move ? handle(place) : {})}>
              {move && <Grip />}
              <span class="order-place">{numberText(place + 1)}</span>
              <ConditionName id={id} />
              {(place === 0 || place === order.length - 1) && (
                <span class="quiet">{t(place === 0 ? "sources.predict.best" : "sources.predict.worst")}</span>
              )}
            </span>
            {move && <Arrows id={id} place={place} last={order.length - 1} step={step} />}
          </li>
        ))}
      </ol>
      <p class="for-ears" role="status">
        {said.value}
      </p>
    </>
  );
};

const Grip = () => (
  <svg class="grip" viewBox="0 0 10 16" width="10" height="16" aria-hidden="true">
    {[3, 8, 13].flatMap((y) =>
      [2.5, 7.5].map((x) => <circle key={`${x},${y}`} cx={x} cy={y} r="1.4" fill="currentColor" />),
    )}
  </svg>
);

interface ArrowsProps {
  readonly id: string;
  readonly place: number;
  readonly last: number;
  readonly step: (id: string, place: number, direction: "up" | "down") => void;
}

/** Two buttons; at the list's ends one does nothing, but stays where the focus may be. */
const Arrows = ({ id, place, last, step }: ArrowsProps) => (
  <span class="order-arrows">
    {(["up", "down"] as const).map((direction) => (
      <button
        key={direction}
        type="button"
        data-move={`${id}/${direction}`}
        aria-label={t(`sources.predict.${direction}`, { condition: conditionLabel(id) })}
        aria-disabled={place === (direction === "up" ? 0 : last)}
        onClick={() => step(id, place, direction)}
      >
        <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
          <path
            d={direction === "up" ? "M1 9L6 3L11 9" : "M1 3L6 9L11 3"}
            fill="none"
            stroke="currentColor"
            stroke-width="2"
          />
        </svg>
      </button>
    ))}
  </span>
);
