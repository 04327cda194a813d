import { Mark } from "../../parts/mark.tsx";
import { t } from "../../strings.ts";
import { chosenMethodId, methodFamilies, methodsOf } from "./chosen-method.ts";

/** The methods as one group of radio buttons, family by family. */
export const MethodChoice = () => (
  <fieldset class="method-choice">
    <legend class="for-ears">{t("sources.methods")}</legend>
    {methodFamilies.map((family) => (
      <div class="method-family" role="group" aria-labelledby={`family-${family}`} key={family}>
        <span class="quiet" id={`family-${family}`}>
          {t(`sources.family.${family}`)}
        </span>
        {methodsOf(family).map(({ id, title }) => (
          <label class="method-chip" key={id}>
            <input
              type="radio"
              name="method"
              value={id}
              checked={chosenMethodId.value === id}
              onChange={() => (chosenMethodId.value = id)}
            />
            <Mark id={id} />
            {title}
          </label>
        ))}
      </div>
    ))}
  </fieldset>
);
