import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { checkConfig } from "../../config-check.ts";
import { numberText } from "../../format.ts";
import { t } from "../../strings.ts";
import { form } from "./form.tsx";
import { addressOf, configOf, longestAddress, type LinkForm } from "./link.ts";
import { reasonOf } from "../../reason.ts";

/** What is wrong with the run's fields, in a sentence. */
const configProblem = signal<string | null>(null);
const copied = signal<"no" | "yes" | "by-hand">("no");

async function check(now: LinkForm): Promise<void> {
  const config = configOf(now);
  const problem = config && (await checkConfig(config)).problem;
  if (form.value === now) configProblem.value = problem;
}

const page = (): string => location.href.replace(/[?#].*$/, "");

function madeLink(): { readonly address: string; readonly problem: string | null } {
  try {
    return { address: addressOf(form.value, page()), problem: null };
  } catch (error) {
    return { address: "", problem: reasonOf(error) };
  }
}

/** The link as it stands, its length, and a button that copies it. */
export const LinkPreview = () => {
  const field = useRef<HTMLTextAreaElement>(null);
  const { address, problem } = madeLink();
  const wrong = problem ?? configProblem.value;
  useEffect(() => {
    copied.value = "no";
    void check(form.value);
  }, [form.value]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
      copied.value = "yes";
    } catch {
      // Without permission, or where the page is not served securely: selected, for the reader's own copy key.
      field.current?.select();
      copied.value = "by-hand";
    }
  };
  return (
    <section>
      <h2>{t("teacher.link")}</h2>
      <textarea class="address" ref={field} readOnly rows={4} aria-label={t("teacher.link")} value={address} />
      <p data-length={address.length}>
        {t("teacher.length", { length: numberText(address.length), most: numberText(longestAddress) })}
      </p>
      {address.length > longestAddress && <p class="problem">{t("teacher.too-long")}</p>}
      {wrong !== null && (
        <p class="problem" role="alert">
          {wrong}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="primary" disabled={wrong !== null} onClick={() => void copy()}>
          {t("teacher.copy")}
        </button>
        {wrong === null && (
          <a class="button" href={address} target="_blank" rel="noreferrer">
            {t("teacher.try")}
          </a>
        )}
      </div>
      <p role="status">{copied.value !== "no" && t(`teacher.copied.${copied.value}`)}</p>
    </section>
  );
};
