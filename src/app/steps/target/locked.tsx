import { numberText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";

const Padlock = () => (
  <svg class="padlock" viewBox="0 0 48 56" width="48" height="56" aria-hidden="true">
    <path d="M13 26V17a11 11 0 0 1 22 0v9" fill="none" stroke="currentColor" stroke-width="5" />
    <rect
      x="5"
      y="25"
      width="38"
      height="28"
      rx="5"
      fill="var(--accent-ground)"
      stroke="currentColor"
      stroke-width="2"
    />
    <path d="M24 34a4 4 0 0 1 2 7.5V47h-4v-5.5A4 4 0 0 1 24 34Z" fill="currentColor" />
  </svg>
);

/** The two sets that nothing is trained on, behind a padlock each. */
export const Locked = ({ view }: { readonly view: RunView }) => (
  <section>
    <h2>
      {t("target.locked")} <RunTag view={view} />
    </h2>
    <p>{t("target.locked.lead")}</p>
    <ul class="cards">
      {(["validation", "test"] as const).map((split) => {
        const count = view.results.images[split];
        return (
          <li class="card locked" key={split} data-split={split} data-count={count}>
            <Padlock />
            <div>
              <h3>{t(`target.${split}`)}</h3>
              <p>
                {t(`target.${split}.what`, { count: count === undefined ? t("target.uncounted") : numberText(count) })}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
    <p class="quiet">{t("target.audit")}</p>
  </section>
);
