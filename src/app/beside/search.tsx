import { t } from "../strings.ts";
import "./beside.css";
import "./search.css";
import { ModelFiles } from "./search/model-files.tsx";
import { NearDuplicates } from "./search/near-duplicates.tsx";
import { OwnPictures } from "./search/own-pictures.tsx";
import { Results } from "./search/results.tsx";

/** A user's own CLIP over a user's own pictures. */
export const Search = () => (
  <>
    <h1>{t("search.question")}</h1>
    <p class="lead">{t("search.lead")}</p>
    <p class="quiet">{t("search.private")}</p>
    <ModelFiles />
    <OwnPictures />
    <Results />
    <NearDuplicates />
  </>
);
