import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { conditionIds, mainConditions } from "../../../experiment/conditions.ts";
import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { presets } from "../../presets.ts";
import { stepIds, type StepId } from "../../route.ts";
import { t } from "../../strings.ts";
import { emptyForm, type LinkForm } from "./link.ts";

/** What the form holds. */
export const form = signal<LinkForm>(emptyForm);

const change = (fields: Partial<LinkForm>): void => {
  form.value = { ...form.value, ...fields };
};

const lessons = [10, 45, 90] as const;

const Check = ({
  checked,
  disabled = false,
  toggle,
  children,
}: {
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly toggle: (isOn: boolean) => void;
  readonly children: ComponentChildren;
}) => (
  <label class="check">
    <input type="checkbox" {...{ checked, disabled }} onChange={({ currentTarget }) => toggle(currentTarget.checked)} />{" "}
    {children}
  </label>
);

const LessonFields = () => {
  const { lesson, start, lock, hide } = form.value;
  const chosenLesson = (value: string) => lessons.find((minutes) => String(minutes) === value) ?? null;
  const chosenStart = (value: string): StepId | null => stepIds.find((id) => id === value) ?? null;
  return (
    <div class="fields">
      <label>
        {t("teacher.lesson")}{" "}
        <select
          value={String(lesson ?? "")}
          onChange={({ currentTarget: { value } }) => change({ lesson: chosenLesson(value) })}
        >
          <option value="">{t("teacher.lesson.none")}</option>
          {lessons.map((minutes) => (
            <option value={String(minutes)} key={minutes}>
              {t("teacher.minutes", { minutes: numberText(minutes) })}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("teacher.start")}{" "}
        <select value={start ?? ""} onChange={({ currentTarget: { value } }) => change({ start: chosenStart(value) })}>
          <option value="">{t("teacher.start.first")}</option>
          {stepIds
            .filter((id) => !hide.includes(id))
            .map((id) => (
              <option value={id} key={id}>
                {t(`step.${id}`)}
              </option>
            ))}
        </select>
      </label>
      <Check checked={lock} toggle={(isOn) => change({ lock: isOn })}>
        {t("teacher.lock")}
      </Check>
    </div>
  );
};

const HiddenSteps = () => {
  const { hide } = form.value;
  return (
    <fieldset>
      <legend>{t("teacher.hide")}</legend>
      <div class="checks">
        {stepIds.map((id) => (
          <Check
            key={id}
            checked={hide.includes(id)}
            // A link that leaves out all steps would lead nowhere.
            disabled={!hide.includes(id) && hide.length === stepIds.length - 1}
            toggle={(isOn) => change({ hide: stepIds.filter((step) => (step === id ? isOn : hide.includes(step))) })}
          >
            {t(`step.${id}`)}
          </Check>
        ))}
      </div>
    </fieldset>
  );
};

const TextField = ({ name, note }: { readonly name: "name" | "seed" | "classes" | "n"; readonly note: string }) => (
  <label class="stacked">
    <span>
      {t(`teacher.${name}`)} <span class="quiet">({note})</span>
    </span>
    <input
      type="text"
      inputMode={name === "name" || name === "classes" ? "text" : "numeric"}
      value={form.value[name]}
      onInput={({ currentTarget }) => change({ [name]: currentTarget.value })}
    />
  </label>
);

const Conditions = ({ byDefault }: { readonly byDefault: readonly string[] }) => {
  const now = form.value.conditions ?? byDefault;
  return (
    <fieldset>
      <legend>{t("teacher.conditions")}</legend>
      <div class="checks">
        {conditionIds().map((id) => (
          <Check
            key={id}
            checked={now.includes(id)}
            toggle={(isOn) =>
              change({ conditions: conditionIds().filter((other) => (other === id ? isOn : now.includes(other))) })
            }
          >
            {conditionLabel(id)}
          </Check>
        ))}
      </div>
    </fieldset>
  );
};

const RunFields = () => {
  const { preset } = form.value;
  const spec = presets.find(({ id }) => id === preset)?.spec;
  const chosen = (value: string) => presets.find(({ id }) => id === value)?.id ?? null;
  return (
    <>
      <label>
        {t("teacher.preset")}{" "}
        <select
          value={preset ?? ""}
          onChange={({ currentTarget: { value } }) => change({ preset: chosen(value), conditions: null })}
        >
          <option value="">{t("teacher.preset.none")}</option>
          {presets.map(({ id }) => (
            <option value={id} key={id}>
              {t(`start.preset.${id}`)}
            </option>
          ))}
        </select>
      </label>
      {spec && (
        <>
          <p class="quiet">{t("teacher.fields")}</p>
          <div class="fields">
            <TextField name="name" note={spec.name ?? ""} />
            <TextField name="classes" note={String(spec.classes ?? "")} />
            <TextField name="n" note={String(spec.sets?.n ?? "")} />
            <TextField name="seed" note="1" />
          </div>
          <Conditions byDefault={spec.conditions ?? mainConditions} />
        </>
      )}
    </>
  );
};

/** What the link shall say. */
export const LinkFields = () => (
  <form onSubmit={(event) => event.preventDefault()}>
    <LessonFields />
    <HiddenSteps />
    <RunFields />
  </form>
);
