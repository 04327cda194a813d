import { sideIds, type PlaceId } from "./route.ts";
import { linkTo, place, steps } from "./state.ts";
import { t } from "./strings.ts";

const Entry = ({ id, number }: { readonly id: PlaceId; readonly number?: number }) => (
  <li>
    <a href={linkTo(id)} aria-current={place.value === id ? "step" : undefined}>
      {number !== undefined && <span class="number">{number}</span>}
      {t(`step.${id}`)}
    </a>
  </li>
);

/** The way through the page: the story's steps, and what is beside it. */
export const Rail = () => (
  <nav class="rail" aria-label={t("story")}>
    <ol>
      {steps.value.map((id, i) => (
        <Entry id={id} number={i} key={id} />
      ))}
    </ol>
    <h2>{t("beside")}</h2>
    <ul>
      {sideIds.map((id) => (
        <Entry id={id} key={id} />
      ))}
    </ul>
  </nav>
);
