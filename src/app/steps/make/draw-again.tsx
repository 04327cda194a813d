import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { methodLabel } from "../../condition-label.ts";
import { durationText, listText, numberText } from "../../format.ts";
import { PixelCanvas } from "../../parts/pixel-canvas.tsx";
import { SourceTag } from "../../parts/source-tag.tsx";
import { pageAddress } from "../../runs/recorded.ts";
import { t } from "../../strings.ts";
import { provenanceWords } from "../sources/provenance-words.ts";
import { DrawCost } from "./live-cost.tsx";
import { LiveButtons, LiveNote } from "./live-parts.tsx";
import { drawing, isLiveGoing, startDrawing, stopLive } from "./live-work.ts";
import { Picture } from "./picture.tsx";
import { changedSettings, type DrawSettings, type DrawSource } from "./redraw-source.ts";
import { Strip } from "./strip.tsx";

/** Pictures that can be drawn at once. */
const counts = [1, 2, 4] as const;

/** Pixels a side of a drawn picture on the page. */
const pictureSize = 128;

/** Pixels a side of the run's picture above the form. */
const sourceSize = 64;

/** A setting by a number: a slider with its value beside it, or a field. */
const NumberSetting = ({
  name,
  type,
  value,
  limits: [min, max, step],
  set,
}: {
  readonly name: "guidance" | "seed" | "steps";
  readonly type: "range" | "number";
  readonly value: number;
  readonly limits: readonly [number, number, number];
  readonly set: (value: number) => void;
}) => (
  <div class="setting">
    <label for={`redraw-${name}`}>{t(`redraw.${name}`)}</label>
    <span class="setting-value">
      <input
        id={`redraw-${name}`}
        aria-describedby={`redraw-${name}-what`}
        required
        {...{ type, value, min, max, step }}
        onInput={({ currentTarget }) => {
          if (currentTarget.validity.valid) set(currentTarget.valueAsNumber);
        }}
      />
      {type === "range" && <output for={`redraw-${name}`}>{numberText(value, 1)}</output>}
    </span>
    <span class="quiet" id={`redraw-${name}-what`}>
      {t(`redraw.${name}.what`)}
    </span>
  </div>
);

/** Which of the run's pictures the settings are of. */
const Begins = ({ source, tag }: { readonly source: DrawSource; readonly tag: ComponentChildren }) => {
  const { recorded, which } = source;
  if (!recorded) return <p class="quiet">{t("redraw.unmatched")}</p>;
  const { lane, picture } = recorded;
  const values = { method: methodLabel(lane.id), detail: provenanceWords(picture.provenance) };
  return (
    <p class="redraw-source" data-which={which} data-method={lane.id}>
      <Picture {...recorded} size={sourceSize} />
      <span>
        {t(`redraw.source.${which}`, values)} {tag}
      </span>
    </p>
  );
};

/** What the form's picture differs in from the run's. */
const Compared = ({
  now,
  source,
  isSameModel,
}: {
  readonly now: DrawSettings;
  readonly source: DrawSource;
  readonly isSameModel: boolean | null;
}) => {
  if (!source.recorded) return null;
  const changed = changedSettings(now, source.settings);
  const what = listText(changed.map((name) => t(`redraw.${name}`)));
  return (
    <p class="quiet">
      {isSameModel === false && `${t("redraw.other-model")} `}
      {isSameModel !== false && changed.length > 0 && t("redraw.changed", { what })}
      {isSameModel === true && changed.length === 0 && t("redraw.same")}
    </p>
  );
};

const words = ({ prompt, seed, guidance, steps }: DrawSettings, sample: number) => ({
  ...{ prompt, seed: String(seed), sample: String(sample) },
  ...{ guidance: numberText(guidance, 1), steps: numberText(steps) },
});

/** The pictures that were drawn, and the run's. */
const Drawn = ({ source, tag }: { readonly source: DrawSource; readonly tag: ComponentChildren }) => {
  const { asked, found, seconds } = drawing.value!;
  if (!found) return null;
  const { width, height, images } = found;
  const bytes = width * height * 3;
  return (
    <div class="redraw-results">
      <figure data-redrawn={asked.count} data-seconds={seconds}>
        <figcaption>
          {t("redraw.live.title")} <SourceTag kind="live" />
        </figcaption>
        <ul class="tiles">
          {Array.from({ length: asked.count }, (_, i) => (
            <li key={i}>
              <PixelCanvas
                {...{ width, height, size: pictureSize }}
                pixels={images.subarray(i * bytes, (i + 1) * bytes)}
                label={t("redraw.drawn", words(asked, source.sample + i))}
              />
            </li>
          ))}
        </ul>
      </figure>
      {source.recorded && (
        <figure>
          <figcaption>
            {t("redraw.recorded.title")} {tag}
          </figcaption>
          <span role="img" aria-label={t("redraw.recorded", words(source.settings, source.sample))}>
            <Picture {...source.recorded} size={pictureSize} />
          </span>
        </figure>
      )}
    </div>
  );
};

/** A form with a class's prompt and settings, and what the model draws by them. */
export const DrawAgain = ({
  place,
  source,
  isSameModel,
  tag,
}: {
  readonly place: string;
  readonly source: DrawSource;
  /** Whether the page serves the networks that the run's picture was drawn by; null where that is not known. */
  readonly isSameModel: boolean | null;
  /** Of the run that the settings come from. */
  readonly tag: ComponentChildren;
}) => {
  const now = useSignal<DrawSettings>(source.settings);
  const count = useSignal<number>(1);
  const set = (change: Partial<DrawSettings>): void => void (now.value = { ...now.value, ...change });
  // What goes on would be of another picture, and in the way of a run.
  useEffect(() => () => void stopLive(drawing, place), []);
  const draw = (event: Event): void => {
    event.preventDefault();
    const { stream, sampler, resolution, sample: first } = source;
    void startDrawing(
      { ...now.value, files: pageAddress(), resolution, stream, sampler, first, count: count.value },
      place,
    );
  };
  const { prompt, guidance, seed, steps } = now.value;
  const work = drawing.value?.place === place ? drawing.value : null;
  return (
    <>
      <Begins {...{ source, tag }} />
      <form class="redraw-form" onSubmit={draw}>
        <label class="setting wide">
          {t("redraw.prompt")}
          <input
            type="text"
            required
            maxLength={200}
            value={prompt}
            onInput={({ currentTarget }) => set({ prompt: currentTarget.value })}
          />
        </label>
        <NumberSetting
          {...{ name: "guidance", type: "range", value: guidance, limits: [1, 15, 0.5] }}
          set={(value) => set({ guidance: value })}
        />
        <NumberSetting
          {...{ name: "seed", type: "number", value: seed, limits: [0, 999_999_999, 1] }}
          set={(value) => set({ seed: value })}
        />
        <NumberSetting
          {...{ name: "steps", type: "number", value: steps, limits: [2, 100, 1] }}
          set={(value) => set({ steps: value })}
        />
        <label class="setting">
          {t("redraw.count")}
          <select value={count.value} onChange={({ currentTarget }) => (count.value = Number(currentTarget.value))}>
            {counts.map((one) => (
              <option value={one} key={one}>
                {numberText(one)}
              </option>
            ))}
          </select>
        </label>
        <div class="wide">
          <Compared now={now.value} {...{ source, isSameModel }} />
          <DrawCost images={count.value} steps={steps} />
          <LiveButtons act="redraw" isGoing={work?.phase === "going"} stop={() => void stopLive(drawing, place)}>
            <button type="button" disabled={isLiveGoing.value} onClick={() => (now.value = source.settings)}>
              {t("redraw.reset")}
            </button>
          </LiveButtons>
        </div>
      </form>
      <LiveNote work={work} took={durationText} />
      {work && <Strip />}
      {work && <Drawn source={source} tag={tag} />}
    </>
  );
};
