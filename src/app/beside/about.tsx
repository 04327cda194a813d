import {
  paperCitation,
  paperFindings,
  paperGap,
  paperRemarks,
  paperSettings,
  type PaperNumber,
  type PaperSetting,
} from "../content/paper.ts";
import { conditionLabel } from "../condition-label.ts";
import { numberText } from "../format.ts";
import { SourceTag } from "../parts/source-tag.tsx";
import { DataTable } from "../parts/with-table.tsx";
import { t } from "../strings.ts";
import "./beside.css";

const scoreText = ({ mean, standardError }: PaperNumber): string =>
  standardError === null
    ? numberText(mean, 1)
    : t("about.score", { mean: numberText(mean, 1), error: numberText(standardError, 1) });

const nText = ({ n, nStated }: PaperNumber): string => {
  if (n === null) return t("about.unsaid");
  return nStated ? numberText(n) : t("about.n.implied", { n: numberText(n) });
};

/** The gap to retrieval, computed here from the two means and their errors. */
const gapText = (score: PaperNumber, { byCondition: { retrieval } }: PaperSetting): string => {
  if (retrieval === null || score === retrieval) return t("about.none");
  const gap = paperGap(score, retrieval);
  if (gap === null) return t("about.none");
  const points = `${gap.difference < 0 ? "−" : "+"}${numberText(Math.abs(gap.difference), 1)}`;
  return t("about.score", { mean: points, error: numberText(gap.standardError, 1) });
};

const rowsOf = (setting: PaperSetting): string[][] => {
  const { baseline, byCondition } = setting;
  const row = (label: string, score: PaperNumber): string[] => [
    ...[label, scoreText(score), nText(score), gapText(score, setting), score.place],
  ];
  const scores = Object.entries(byCondition).flatMap(([id, score]) =>
    score === null || score === baseline ? [] : [row(conditionLabel(id), score)],
  );
  return [row(t("about.baseline"), baseline), ...scores];
};

const Setting = ({ setting }: { readonly setting: PaperSetting }) => {
  const { title, training, test, classes, excludedClasses } = setting;
  const excluded = excludedClasses === null ? t("about.unsaid") : numberText(excludedClasses);
  return (
    <section>
      <h3>
        {title} <SourceTag kind="paper" />
      </h3>
      <p>{t("about.setting", { training, test, classes: numberText(classes), excluded })}</p>
      <DataTable
        caption={t("about.table", { title })}
        head={[t("about.condition"), t("about.top1"), t("about.n"), t("about.gap"), t("about.place")]}
        rows={rowsOf(setting)}
      />
    </section>
  );
};

/** The paper that the page is about: what it asked, found and counted, and what this project noticed. */
export const About = () => {
  const { authors, title, venue, year, openReview, arXiv, readFrom } = paperCitation;
  return (
    <>
      <h1>{t("about.question")}</h1>
      <p class="lead">{t("about.lead")}</p>
      <p>
        {authors}. <cite>{title}</cite>. {venue}, {year}.
      </p>
      <ul>
        <li>
          <a href={openReview} rel="noreferrer">
            {t("about.open-review")}
          </a>
        </li>
        <li>
          <a href={arXiv} rel="noreferrer">
            {t("about.arxiv")}
          </a>
        </li>
      </ul>
      <p class="quiet">{t("about.read-from", { source: readFrom })}</p>
      <h2>{t("about.findings")}</h2>
      <ul>
        {paperFindings.map(({ text, place }) => (
          <li key={text}>
            {text} <span class="quiet">{t("about.at", { place })}</span>
          </li>
        ))}
      </ul>
      <h2>{t("about.numbers")}</h2>
      <p>{t("about.numbers.lead")}</p>
      {paperSettings.map((setting) => (
        <Setting setting={setting} key={setting.id} />
      ))}
      <h2>{t("about.remarks")}</h2>
      <ul>
        {paperRemarks.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <h2>{t("about.here")}</h2>
      <p>{t("about.here.text")}</p>
    </>
  );
};
