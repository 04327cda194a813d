import { numberText } from "../../format.ts";
import { t } from "../../strings.ts";
import { FileButton } from "./file-button.tsx";
import type { Slot, SlotId } from "./session.ts";
import { imageSlot, isBoth, openEncoder, openTokenizer, problems, textSlot, tokenizerSlot } from "./session.ts";

/** What went wrong at a place. */
export const Problem = ({ at }: { readonly at: keyof typeof problems.value }) =>
  problems.value[at] === undefined ? null : (
    <p class="problem" role="alert" data-problem={at}>
      {problems.value[at]}
    </p>
  );

const accepted: Readonly<Record<SlotId, string>> = { image: ".onnx", text: ".onnx", tokenizer: ".txt,.json" };

const FileSlot = ({
  id,
  slot,
  facts,
  open,
}: {
  readonly id: SlotId;
  readonly slot: Slot<unknown>;
  /** What is known of the open file, in words. */
  readonly facts: string | null;
  readonly open: (file: File) => Promise<void>;
}) => {
  const isReading = slot !== null && slot.facts === null;
  return (
    <div class="file-slot" data-slot={id} data-open={slot !== null && !isReading}>
      <h3>{t(`search.${id}`)}</h3>
      <p class="quiet" role="status">
        {slot === null
          ? (facts ?? t(`search.${id}.what`))
          : t("search.file", { name: slot.name, what: facts ?? t("search.reading") })}
      </p>
      <FileButton
        label={t(slot === null ? "search.choose" : "search.choose.other")}
        name={t(slot === null ? "search.choose.for" : "search.choose.other.for", { what: t(`search.${id}`) })}
        {...{ id, of: { accept: accepted[id] }, disabled: isReading }}
        take={([file]) => void (file && open(file))}
      />
      <Problem at={id} />
    </div>
  );
};

const widthText = (slot: typeof imageSlot.value): string | null =>
  slot?.facts ? t("search.text.open", { width: numberText(slot.facts.width) }) : null;

/** The three files of a CLIP. */
export const ModelFiles = () => {
  const [image, text, tokenizer] = [imageSlot.value, textSlot.value, tokenizerSlot.value];
  const sizes = image?.facts && { side: numberText(image.facts.side ?? 0), width: numberText(image.facts.width) };
  return (
    <section>
      <h2>{t("search.files")}</h2>
      <p>{t("search.files.lead")}</p>
      <div class="file-slots">
        <FileSlot
          id="image"
          slot={image}
          facts={sizes ? t(isBoth.value ? "search.image.both" : "search.image.open", sizes) : null}
          open={(file) => openEncoder("image", file)}
        />
        <FileSlot
          id="text"
          slot={text}
          facts={text === null && isBoth.value ? t("search.text.both") : widthText(text)}
          open={(file) => openEncoder("text", file)}
        />
        <FileSlot
          id="tokenizer"
          slot={tokenizer}
          facts={tokenizer?.facts ? t("search.tokenizer.open", { count: numberText(tokenizer.facts) }) : null}
          open={openTokenizer}
        />
      </div>
      <Problem at="match" />
    </section>
  );
};
