import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { durationText, numberText } from "../../format.ts";
import { PixelCanvas } from "../../parts/pixel-canvas.tsx";
import { SourceTag } from "../../parts/source-tag.tsx";
import { pageAddress } from "../../runs/recorded.ts";
import { device } from "../../state.ts";
import { t } from "../../strings.ts";
import type { Lane } from "./lanes.ts";
import { LookCost } from "./live-cost.tsx";
import { LiveButtons, LiveNote } from "./live-parts.tsx";
import { looking, startLooking, stopLive } from "./live-work.ts";
import { Picture } from "./picture.tsx";
import { pictureWords } from "./picture-words.ts";
import type { LookSource } from "./redraw-source.ts";
import { served } from "../../served.ts";

/** Pictures asked for at first, and at most. */
const usualK = 10;
const mostK = 50;

/** Pixels a side of a picture on the page. */
const pictureSize = 64;

/** How what was found compares with what the run shows. */
const Shared = ({ ids, lane }: { readonly ids: readonly string[]; readonly lane: Lane }) => {
  const before = lane.pictures.map(({ key }) => key);
  const isSame = ids.length > 0 && before.slice(0, ids.length).join("\n") === ids.slice(0, before.length).join("\n");
  const shared = numberText(ids.filter((id) => before.includes(id)).length);
  return <p>{isSame ? t("look.same") : t("look.shared", { shared, count: numberText(before.length) })}</p>;
};

/** The pictures that were found. */
const Found = () => {
  const { found } = looking.value!;
  if (!found) return null;
  const { width, height, images, similarities, captions, ids } = found;
  const bytes = width * height * 3;
  const words = (i: number): string =>
    t("look.hit", { rank: numberText(i + 1), similarity: numberText(similarities[i]!, 3), caption: captions[i]! });
  return (
    <figure data-found={ids.length} data-computed-on={found.computedOn}>
      <figcaption>
        {t(`look.found.${found.computedOn}`, { count: numberText(ids.length) })} <SourceTag kind="live" />
      </figcaption>
      <ol class="tiles">
        {ids.map((id, i) => (
          <li key={id} title={words(i)} data-id={id}>
            <PixelCanvas
              {...{ width, height, size: pictureSize }}
              pixels={images.subarray(i * bytes, (i + 1) * bytes)}
              label={words(i)}
            />
            <span aria-hidden="true">{numberText(similarities[i]!, 2)}</span>
          </li>
        ))}
      </ol>
      <p class="quiet">
        {t("look.asked", { asked: numberText(found.asked), duplicates: numberText(found.duplicates) })}
      </p>
    </figure>
  );
};

/** A form with a class's query, and what the pool holds nearest to it. */
export const LookAgain = ({
  place,
  className,
  source,
  isSamePool,
  tag,
}: {
  readonly place: string;
  readonly className: string;
  readonly source: LookSource;
  /** Whether the page serves the pool that the run searched; null where that is not known. */
  readonly isSamePool: boolean | null;
  /** Of the run that the query comes from. */
  readonly tag: ComponentChildren;
}) => {
  const query = useSignal(source.query);
  const k = useSignal(usualK);
  useEffect(() => () => void stopLive(looking, place), []);
  const look = (event: Event): void => {
    event.preventDefault();
    const { resolution, duplicates, pool } = source;
    void startLooking({ files: pageAddress(), resolution, query: query.value, k: k.value, duplicates, pool }, place);
  };
  const work = looking.value?.place === place ? looking.value : null;
  const { recorded } = source;
  const pool = served.value?.world.name ?? "";
  return (
    <>
      <h2>{t("look.title")}</h2>
      <p data-same-pool={isSamePool}>
        {isSamePool !== null && `${t(isSamePool ? "look.pool.same" : "look.pool.other", { pool })} `}
        {t("look.lead")}
      </p>
      {device.value.kind === "none" && <p class="quiet">{t("look.processor")}</p>}
      <form class="redraw-form" onSubmit={look}>
        <label class="setting wide">
          {t("look.query")}
          <input
            type="text"
            required
            maxLength={200}
            value={query.value}
            onInput={({ currentTarget }) => (query.value = currentTarget.value)}
          />
        </label>
        <label class="setting">
          {t("look.k")}
          <input
            type="number"
            required
            min={1}
            max={mostK}
            value={k.value}
            onInput={({ currentTarget }) => {
              if (currentTarget.validity.valid) k.value = currentTarget.valueAsNumber;
            }}
          />
        </label>
        <div class="wide">
          <LookCost pool={source.pool} />
          <LiveButtons act="look" isGoing={work?.phase === "going"} stop={() => void stopLive(looking, place)} />
        </div>
      </form>
      <LiveNote work={work} took={durationText} />
      {work && (
        <div class="look-results">
          <Found />
          {work.found && recorded && isSamePool !== false && (
            <figure>
              <figcaption>
                {t("look.recorded.title")} {tag}
              </figcaption>
              <ol class="tiles">
                {recorded.pictures.map((picture) => (
                  <li key={picture.key}>
                    <span role="img" aria-label={pictureWords(recorded.id, className, picture)}>
                      <Picture lane={recorded} picture={picture} size={pictureSize} />
                    </span>
                  </li>
                ))}
              </ol>
              <Shared ids={work.found.ids} lane={recorded} />
            </figure>
          )}
        </div>
      )}
    </>
  );
};
