import { numberText } from "../../format.ts";
import { PixelCanvas } from "../../parts/pixel-canvas.tsx";
import { t } from "../../strings.ts";
import { stills } from "./live-work.ts";
import { stripSteps } from "./redraw-source.ts";

/** Stills of a strip at most, and where motion is not wanted. */
const mostStills = 12;
const fewStills = 4;

/** Pixels a side of a still on the page. */
const stillSize = 64;

/** What one picture looked like after its steps, from noise on. Each still stays where it appears. */
export const Strip = () => {
  const [first] = stills.value;
  if (!first) return null;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const shown = stripSteps(first.of, isStill ? fewStills : mostStills);
  return (
    <figure class="strip">
      <figcaption>
        {t("redraw.strip")}. <span class="quiet">{t("redraw.strip.what", { side: numberText(first.width) })}</span>
      </figcaption>
      <ol class="tiles" data-steps={stills.value.length}>
        {stills.value
          .filter(({ step }) => shown.includes(step))
          .map(({ step, of, width, height, pixels }) => (
            <li key={step}>
              <PixelCanvas
                {...{ width, height, pixels, size: stillSize }}
                label={t("redraw.strip.still", { step: numberText(step), of: numberText(of) })}
              />
              <span aria-hidden="true">{numberText(step)}</span>
            </li>
          ))}
      </ol>
    </figure>
  );
};
