import { remainingRange } from "../../eta.ts";
import { durationText, numberText } from "../../format.ts";
import { AskFirst } from "../../parts/ask-first.tsx";
import { t } from "../../strings.ts";
import { FileButton } from "./file-button.tsx";
import { Problem } from "./model-files.tsx";
import { goOn, imageSlot, leftOut, pictures, progress, startOver, stop, take } from "./session.ts";

const endings = ".jpg,.jpeg,.png,.webp";

/** Files left out that are listed by name. */
const listedFiles = 100;

const takeFiles = (files: readonly File[]): void =>
  void take(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));

const stateText = (): string => {
  const { done, total, isGoing, times } = progress.value;
  const counts = { done: numberText(done), total: numberText(total) };
  if (total === 0) return t("search.pictures.none");
  if (!isGoing) return t(imageSlot.value?.facts ? "search.pictures.done" : "search.pictures.waiting", counts);
  const left = remainingRange(times, total - done);
  if (!left) return t("search.pictures.going", counts);
  return t("search.pictures.going.eta", { ...counts, low: durationText(left.low), high: durationText(left.high) });
};

const LeftOut = () => {
  const all = leftOut.value;
  if (all.length === 0) return null;
  const more = all.length - listedFiles;
  return (
    <details open data-left-out={all.length}>
      <summary>{t("search.left-out", { count: numberText(all.length) })}</summary>
      <ul class="left-out">
        {all.slice(0, listedFiles).map(({ path, reason }) => (
          <li key={path}>{t("search.left-out.one", { path, reason })}</li>
        ))}
        {more > 0 && <li>{t("search.left-out.more", { count: numberText(more) })}</li>}
      </ul>
    </details>
  );
};

/** The pictures: chosen, embedded with their progress, and those left out. */
export const OwnPictures = () => {
  const { done, total, isGoing } = progress.value;
  const canGoOn = !isGoing && done < total && Boolean(imageSlot.value?.facts);
  return (
    <section>
      <h2>{t("search.pictures")}</h2>
      <div class="buttons">
        <FileButton label={t("search.pictures.files")} id="files" of={{ accept: endings }} multiple take={takeFiles} />
        <FileButton label={t("search.pictures.folder")} id="folder" of="folder" multiple take={takeFiles} />
      </div>
      <p role="status" data-done={done} data-total={total} data-going={isGoing}>
        {stateText()}
      </p>
      {isGoing && <progress class="embedding" value={done} max={total} aria-label={t("search.pictures.progress")} />}
      <div class="buttons">
        {isGoing && (
          <button type="button" onClick={() => void stop()}>
            {t("search.stop")}
          </button>
        )}
        {canGoOn && (
          <button type="button" onClick={() => void goOn()}>
            {t("search.go-on")}
          </button>
        )}
        {(total > 0 || imageSlot.value !== null) && (
          <AskFirst
            label={t("search.start-over")}
            question={t("search.start-over.question", { count: numberText(pictures.value.size) })}
            yes={t("search.start-over.yes")}
            act={startOver}
          />
        )}
      </div>
      <Problem at="pictures" />
      <LeftOut />
    </section>
  );
};
