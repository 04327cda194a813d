import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ImportedTarget } from "../../../../workers/lab-api.ts";
import { numberText } from "../../format.ts";
import { chooseTarget, chosenTarget } from "../../own-target.ts";
import { AskFirst } from "../../parts/ask-first.tsx";
import { DataTable } from "../../parts/with-table.tsx";
import { device, hash } from "../../state.ts";
import { t } from "../../strings.ts";
import { givenByDrop, givenByInput } from "./given-files.ts";
import { importGiven, isReading, ownTargets, problem, refreshTargets, removeOwn, said } from "./own-acts.ts";
import "./own-pictures.css";

/** Files left out that are listed by name. */
const listedFiles = 100;

/** The attribute that lets an input choose a folder; JSX's types do not know it. */
const chooseFolders = { webkitdirectory: true };

const take = (input: HTMLInputElement): void => {
  const files = [...(input.files ?? [])];
  // The same files can be chosen again after they were mended.
  input.value = "";
  if (files.length > 0) void importGiven(() => givenByInput(files));
};

/** Takes a folder or an archive: dropped, or chosen by either button. */
const DropZone = () => {
  const isOver = useSignal(false);
  const [folder, archive] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = false;
    const items = event.dataTransfer?.items;
    if (!items || isReading.value) return;
    const given = givenByDrop(items);
    void importGiven(() => given);
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = true;
  };
  return (
    <div onDrop={drop} onDragOver={over} onDragLeave={() => (isOver.value = false)}>
      <button
        type="button"
        class={isOver.value ? "drop-zone drop-over" : "drop-zone"}
        disabled={isReading.value}
        onClick={() => folder.current?.click()}
      >
        {t("own.drop")}
      </button>
      <button type="button" disabled={isReading.value} onClick={() => archive.current?.click()}>
        {t("own.archive")}
      </button>
      <input
        {...chooseFolders}
        {...{ ref: folder, type: "file", multiple: true, hidden: true, "data-own": "folder" }}
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      <input
        {...{ ref: archive, type: "file", hidden: true, accept: ".zip,.tar,.tgz,.gz", "data-own": "archive" }}
        onChange={({ currentTarget }) => take(currentTarget)}
      />
    </div>
  );
};

const LeftOut = ({ leftOut }: Pick<ImportedTarget, "leftOut">) => {
  if (leftOut.length === 0) return null;
  const more = leftOut.length - listedFiles;
  return (
    <details>
      <summary>{t("own.left-out", { count: numberText(leftOut.length) })}</summary>
      <ul class="left-out">
        {leftOut.slice(0, listedFiles).map(({ path, reason }) => (
          <li key={path}>{t("own.left-out.one", { path, reason })}</li>
        ))}
        {more > 0 && <li>{t("own.left-out.more", { count: numberText(more) })}</li>}
      </ul>
    </details>
  );
};

const Own = ({ target }: { readonly target: ImportedTarget }) => {
  const { name, classes, images, leftOut } = target;
  const { train, validation, test, real10 } = images;
  return (
    <li class="card" data-target={target.hash}>
      <DataTable
        caption={t("own.table", { name, classes: numberText(classes.length) })}
        head={[t("own.class"), t("own.count")]}
        rows={classes.map((one) => [one.name, numberText(one.images)])}
      />
      <p>
        {t("own.summary", {
          ...{ train: numberText(train), real: numberText(real10) },
          ...{ validation: numberText(validation), test: numberText(test) },
        })}
      </p>
      <LeftOut leftOut={leftOut} />
      <p>
        <label>
          <input
            type="checkbox"
            checked={chosenTarget.value?.hash === target.hash}
            onChange={({ currentTarget }) => chooseTarget(currentTarget.checked ? target : null)}
          />{" "}
          {t("own.use")}
        </label>
        <br />
        <span class="quiet">{t("own.named", { digits: target.hash.slice(0, 8) })}</span>
      </p>
      <AskFirst
        label={t("own.remove")}
        question={t("own.remove.ask", { name })}
        yes={t("own.remove.yes")}
        act={() => void removeOwn(target)}
      />
    </li>
  );
};

/** A folder or an archive of one's own pictures as the target of runs. */
export const OwnPictures = () => {
  useEffect(() => void refreshTargets(), []);
  return (
    <section class="own-pictures">
      <h2>{t("own.title")}</h2>
      <p>{t("own.lead")}</p>
      {device.value.kind === "none" ? <p>{t("own.none", { reason: device.value.reason })}</p> : <DropZone />}
      <p role="status">{said.value}</p>
      {problem.value !== null && (
        <div class="problem" role="alert">
          <p>{t("own.problem")}</p>
          <p>{problem.value}</p>
        </div>
      )}
      {hash.value.lock && ownTargets.value.length > 0 && <p>{t("own.locked")}</p>}
      <ul class="cards">
        {ownTargets.value.map((target) => (
          <Own target={target} key={target.hash} />
        ))}
      </ul>
    </section>
  );
};
