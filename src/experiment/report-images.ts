/** The report's sections on added images and on classes. */
import type { Fidelity } from "./analysis.ts";
import { conditionOf } from "./conditions.ts";
import { classesFigure, comparedConditions } from "./figure-classes.ts";
import { percent } from "./figures.ts";
import type { Results } from "./record.ts";
import { points, table } from "./report-parts.ts";

/** Classes that are listed at each end. */
const listedClasses = 5;

/** Which classes gain and lose, and what they are taken for. */
export function classSection({ perClass, classes }: Results): string {
  const compared = comparedConditions(perClass);
  if (compared.length === 0) return "";
  const before = perClass.find(({ id }) => id === "real-10")!;
  const rows = compared.flatMap(({ id, accuracy, improvement, confusedWith }) => {
    const order = classes.map((_, i) => i).sort((a, b) => improvement![b]!.mean - improvement![a]!.mean);
    const ends =
      order.length <= 2 * listedClasses ? order : [...order.slice(0, listedClasses), ...order.slice(-listedClasses)];
    return ends.map((i) => {
      const { mean, low, high } = improvement![i]!;
      const [then, now] = [before.confusedWith[i] ?? null, confusedWith[i] ?? null].map((other) =>
        other === null ? "–" : classes[other]!,
      );
      return [
        conditionOf(id).label,
        classes[i]!,
        `${percent(before.accuracy[i]!)} → ${percent(accuracy[i]!)}`,
        `${points(mean)} [${points(low)}, ${points(high)}]`,
        then === now ? then! : `${then} → ${now}`,
      ];
    });
  });
  const head = ["training set", "class", "top-1, %", "against 10 % real [95 %]", "most often taken for"];
  return `<h2>Class by class</h2>
<figure>${classesFigure(perClass, classes)}<figcaption class="quiet">Means over the paired classifiers; the interval resamples a class's test images, not trainings.</figcaption></figure>
<details><summary>The classes that gain and lose most</summary>${table(head, rows)}</details>`;
}

/** How like real pictures the added ones are, next to the accuracy that they bring. */
export function fidelitySection({ fidelity, conditions }: Results): string {
  if (fidelity.length === 0) return "";
  const row = ({ id, images, neighbourhoods: near, frechet, diversity, textAgreement }: Fidelity): string[] => {
    const accuracy = conditions.find((condition) => condition.id === id)?.mean;
    return [
      conditionOf(id).label,
      accuracy === undefined ? "–" : percent(accuracy),
      String(images),
      ...[near?.precision, near?.recall, near?.density, near?.coverage, frechet, diversity, textAgreement].map(
        (value) => (value === undefined || value === null ? "–" : value.toFixed(2)),
      ),
    ];
  };
  const head = [
    ...["training set", "top-1, %", "images", "precision", "recall", "density", "coverage"],
    ...["Fréchet distance", "diversity", "text agreement"],
  ];
  return `<h2>Diversity and fidelity</h2>
${table(head, fidelity.map(row))}
<p class="quiet">The images added to the first set against the target's real training pictures, by the image embeddings of this run's CLIP: other CLIPs give other numbers, and the Fréchet distance is not the FID of the literature, which is on Inception's. Precision: share of added images near a real one (5 neighbours); recall: share of real ones near an added one; density and coverage: the same without outliers' reach. Diversity: effective number of different images of a class over their number (Vendi). Text agreement: cosine to the class's simple prompt, by which retrieval chose.</p>`;
}
