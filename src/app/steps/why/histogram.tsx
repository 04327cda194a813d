import { useRef } from "preact/hooks";
import { listText, numberText, pointsText, withMinus } from "../../format.ts";
import { WithTable, type TableText } from "../../parts/with-table.tsx";
import { chosenClass } from "../../state.ts";
import { t } from "../../strings.ts";
import { lookOf } from "../../condition-look.ts";
import { brushBetween, wholeBrush, type Bin, type Brush } from "./histogram-bins.ts";

interface HistogramProps {
  readonly id: string;
  readonly bins: readonly Bin[];
  /** Names of the classes. */
  readonly names: readonly string[];
  readonly gains: readonly number[];
  readonly brush: Brush;
  readonly setBrush: (brush: Brush) => void;
  /** What it shows, in a sentence. */
  readonly caption: string;
}

/** Pixels that a pointer moves before it is a drag and not a click. */
const slack = 4;

const percent = (value: number): string => `${value}%`;

const edge = (share: number): string => withMinus(numberText(Math.round(100 * share)));

const countText = (count: number): string =>
  count === 1 ? t("why.bin.one") : t("why.bin.many", { count: numberText(count) });

function binText({ low, high, classes }: Bin, names: readonly string[]): string {
  const values = { low: edge(low), high: edge(high), count: countText(classes.length) };
  return t("why.bin", { ...values, names: listText(classes.map((index) => names[index]!)) });
}

function tableOf({ bins, names }: HistogramProps): TableText {
  return {
    head: [t("why.histogram.bin"), t("why.histogram.count"), t("why.histogram.names")],
    rows: bins.map(({ low, high, classes }) => [
      t("why.bin.range", { low: edge(low), high: edge(high) }),
      numberText(classes.length),
      classes.length === 0 ? t("why.none") : listText(classes.map((index) => names[index]!)),
    ]),
  };
}

/** A bin's classes as boxes one on the other: one thing to focus. */
const Boxes = ({
  props: { id, bins, names, gains, brush, setBrush },
  bin,
  x,
}: {
  readonly props: HistogramProps;
  readonly bin: Bin;
  readonly x: (share: number) => number;
}) => {
  const most = Math.max(...bins.map(({ classes }) => classes.length));
  const words = binText(bin, names);
  const [left, width, height] = [x(bin.low), x(bin.high) - x(bin.low), 100 / most];
  const choose = (): void => setBrush({ low: bin.low, high: bin.high });
  return (
    <g
      tabindex={0}
      role="button"
      aria-label={words}
      class="bin"
      data-count={bin.classes.length}
      // A pointer's click counts its presses, and the plot follows pointers itself; assistive technology clicks with none.
      onClick={({ detail }) => detail === 0 && choose()}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose();
      }}
    >
      <title>{words}</title>
      {bin.classes.map((index, place) => {
        const isHeld = gains[index]! >= brush.low - 1e-9 && gains[index]! <= brush.high + 1e-9;
        const state = `${isHeld ? "held" : ""} ${index === chosenClass.value ? "chosen" : ""}`;
        return (
          <rect
            key={index}
            class={state}
            data-class={names[index]}
            {...{ x: percent(left + 0.4), width: percent(Math.max(0.5, width - 0.8)) }}
            {...{ y: percent(100 - (place + 1) * height + 0.75), height: percent(height - 1.5) }}
            fill={lookOf(id).fill}
          />
        );
      })}
    </g>
  );
};

/** Ticks of the axis: every edge, or every second where there are many. */
const Ticks = ({ bins, x }: { readonly bins: readonly Bin[]; readonly x: (share: number) => number }) => {
  const edges = [...bins.map(({ low }) => low), bins.at(-1)!.high];
  const skip = edges.length > 9 ? 2 : 1;
  const zero = edges.findIndex((value) => Math.abs(value) < 1e-9);
  return (
    <svg class="histogram-axis" aria-hidden="true">
      {edges.map(
        (value, i) =>
          (i - zero) % skip === 0 && (
            <text key={value} x={percent(x(value))} y="1.1em" text-anchor="middle">
              {edge(value)}
            </text>
          ),
      )}
    </svg>
  );
};

/** A histogram that one brushes: by dragging across it, or by choosing a bin. */
export const Histogram = (props: HistogramProps) => {
  const { bins, brush, setBrush, caption } = props;
  const start = useRef<{ readonly share: number; readonly clientX: number } | null>(null);
  const { low, high } = wholeBrush(bins);
  const x = (share: number): number => (100 * (share - low)) / (high - low);
  const shareAt = (event: PointerEvent): number => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    return low + ((event.clientX - left) / width) * (high - low);
  };
  const drag = {
    onPointerDown: (event: PointerEvent) => {
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      start.current = { share: shareAt(event), clientX: event.clientX };
    },
    onPointerMove: (event: PointerEvent) => {
      if (start.current && Math.abs(event.clientX - start.current.clientX) > slack)
        setBrush(brushBetween(start.current.share, shareAt(event), bins));
    },
    onPointerUp: (event: PointerEvent) => {
      const from = start.current;
      start.current = null;
      if (!from || Math.abs(event.clientX - from.clientX) > slack) return;
      const bin = bins.find((one) => from.share >= one.low && from.share < one.high);
      if (bin) setBrush({ low: bin.low, high: bin.high });
    },
    onPointerCancel: () => (start.current = null),
  };
  return (
    <WithTable caption={caption} table={tableOf(props)}>
      <div class="histogram">
        <div class="histogram-ends quiet" aria-hidden="true">
          {low < -1e-9 && <span style={{ inlineSize: percent(x(0)) }}>{t("why.loses")}</span>}
          <span>{t("why.gains")}</span>
        </div>
        <svg class="histogram-plot" role="group" aria-label={caption} {...drag}>
          <rect class="brush" x={percent(x(brush.low))} width={percent(x(brush.high) - x(brush.low))} height="100%" />
          {bins.map((bin) => bin.classes.length > 0 && <Boxes key={bin.low} props={props} bin={bin} x={x} />)}
          <line class="zero" x1={percent(x(0))} x2={percent(x(0))} y1="0" y2="100%" />
        </svg>
        <Ticks bins={bins} x={x} />
        <p class="quiet histogram-label">{t("why.axis")}</p>
      </div>
    </WithTable>
  );
};

/** The brush's ends as two sliders, at whole points. */
export const BrushEnds = ({ bins, brush, setBrush }: Pick<HistogramProps, "bins" | "brush" | "setBrush">) => {
  const whole = wholeBrush(bins);
  const end = (name: "low" | "high") => (
    <label>
      <span>{t(`why.brush.${name}`)}</span>{" "}
      <input
        type="range"
        min={Math.round(100 * whole.low)}
        max={Math.round(100 * whole.high)}
        step={1}
        value={Math.round(100 * brush[name])}
        aria-valuetext={t("why.brush.points", { points: pointsText(brush[name]) })}
        onInput={(event) => {
          const value = Number(event.currentTarget.value) / 100;
          // An end that is pushed past the other takes it along.
          const low = name === "low" ? value : Math.min(value, brush.low);
          setBrush(brushBetween(low, name === "high" ? value : Math.max(value, brush.high), bins));
        }}
      />{" "}
      <output>{edge(brush[name])}</output>
    </label>
  );
  return (
    <fieldset class="brush-ends" data-low={brush.low} data-high={brush.high}>
      <legend class="for-ears">{t("why.brush")}</legend>
      <span class="quiet">{t("why.brush.how")}</span>
      {end("low")}
      {end("high")}
      <button type="button" onClick={() => setBrush(whole)}>
        {t("why.brush.all")}
      </button>
    </fieldset>
  );
};
