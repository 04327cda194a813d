import { exercises, type Exercise } from "../content/exercises.ts";
import { listText, numberText } from "../format.ts";
import { StepLink } from "../parts/step-link.tsx";
import { t } from "../strings.ts";
import "./beside.css";
import { form, LinkFields } from "./teacher/form.tsx";
import { LinkPreview } from "./teacher/preview.tsx";

const ExerciseCard = ({ exercise }: { readonly exercise: Exercise }) => {
  const { id, title, task, step, answer, commands, plans } = exercise;
  return (
    <li class="card">
      <h3>{t("teacher.exercise", { id: numberText(id), title })}</h3>
      <p>{task}</p>
      <p class="quiet">
        {t("teacher.plans", { plans: listText(plans.map((minutes) => numberText(minutes))) })}
        <br />
        {t("teacher.begins")} <StepLink to={step} />
      </p>
      <details>
        <summary>{t("teacher.answer", { id: numberText(id) })}</summary>
        <p>{answer}</p>
        {commands.length > 0 && (
          <>
            <p>{t("teacher.commands")}</p>
            <pre class="scroll" tabIndex={0}>
              {commands.join("\n")}
            </pre>
          </>
        )}
      </details>
    </li>
  );
};

const Exercises = () => {
  const { lesson } = form.value;
  const shown = lesson === null ? exercises : exercises.filter(({ plans }) => plans.includes(lesson));
  return (
    <>
      <h2>{t("teacher.exercises")}</h2>
      <p>
        {lesson === null
          ? t("teacher.exercises.all")
          : t("teacher.exercises.lesson", { minutes: numberText(lesson), count: numberText(shown.length) })}
      </p>
      <ul class="cards exercises">
        {shown.map((exercise) => (
          <ExerciseCard exercise={exercise} key={exercise.id} />
        ))}
      </ul>
    </>
  );
};

/** The page that makes a lesson's link, and the exercises with their keys. */
export const Teacher = () => (
  <>
    <h1>{t("teacher.question")}</h1>
    <p class="lead">{t("teacher.lead")}</p>
    <LinkFields />
    <LinkPreview />
    <Exercises />
  </>
);
