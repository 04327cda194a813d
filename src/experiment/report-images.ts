/** The report's sections on classes and on added images: which, how like real ones, at what cost. */
import type { Fidelity } from "./analysis.ts";
import { conditionOf } from "./conditions.ts";
import type { MethodCost } from "./cost.ts";
import { ambiguityFigure } from "./figure-ambiguity.ts";
import { classesFigure, comparedConditions } from "./figure-classes.ts";
import { percent } from "./figures.ts";
import { classesAtEnds } from "./per-class.ts";
import type { Results } from "./record.ts";
import { figure, intervalText, span, table } from "./report-parts.ts";
import type { ReportPictures } from "./report-pictures.ts";
import { escapeText } from "./svg.ts";

/** Classes that are listed at each end. */
const listedClasses = 5;

/** Which classes gain and lose, and what they are taken for. @param ends pictures of those that gain and lose most */
export function classSection({ perClass, classes }: Results, ends: ReportPictures["ends"]): string {
  const compared = comparedConditions(perClass);
  if (compared.length === 0) return "";
  const before = perClass.find(({ id }) => id === "real-10")!;
  const rows = compared.flatMap(({ id, accuracy, improvement, confusedWith }) => {
    return classesAtEnds(improvement!, listedClasses).map((i) => {
      const [then, now] = [before.confusedWith[i] ?? null, confusedWith[i] ?? null].map((other) =>
        other === null ? "–" : classes[other]!,
      );
      return [
        conditionOf(id).label,
        classes[i]!,
        `${percent(before.accuracy[i]!)} → ${percent(accuracy[i]!)}`,
        intervalText(improvement![i]!),
        then === now ? then! : `${then} → ${now}`,
      ];
    });
  });
  const head = ["training set", "class", "top-1, %", "against 10 % real [95 %]", "most often taken for"];
  const note = "Means over the paired classifiers; the interval resamples a class's test images, not trainings.";
  const pictured = [...ends].map(([id, svg]) => {
    const caption = `${conditionOf(id).label}: the classes that gain most and lose most against 10 % real, with the first images of the first set.`;
    return figure(svg, caption);
  });
  return `<h2>Class by class</h2>
${figure(classesFigure(perClass, classes), note)}
<details><summary>The classes that gain and lose most</summary>${table(head, rows)}</details>
${pictured.join("\n")}`;
}

/** Where the classes' queries land in the pool. */
export function ambiguitySection({ ambiguity, classes }: Results): string {
  if (ambiguity === null) return "";
  const note = `What the ${ambiguity.neighbours} pool images truly show that lie nearest to each class's query, before near-duplicates are dropped. "No class": the pool's record names no class of the world for them.`;
  return `<h2>Ambiguous classes</h2>\n${figure(ambiguityFigure(ambiguity, classes), note)}`;
}

/** How far Boomerang's images are from what they started from. */
export function boomerangSection({ boomerang, classes }: Results, strips: string | null): string {
  const average = boomerang?.mean ?? null;
  if (boomerang === null || average === null || strips === null) return "";
  const named = boomerang.byClass.flatMap((value, i) => (value === null ? [] : [{ name: classes[i]!, value }]));
  const [least, ...others] = named.sort((a, b) => a.value - b.value);
  const most = others.at(-1) ?? least!;
  const text = `Over all ${boomerang.images} images the mean absolute difference is ${average.toFixed(1)} grey levels of 255 a channel; by class from ${least!.value.toFixed(1)} (${least!.name}) to ${most.value.toFixed(1)} (${most.name}).`;
  return `<h2>What Boomerang changes</h2>\n${figure(strips, text)}`;
}

/** What each method costs, next to the accuracy that it brings. */
export function costSection({ costs, conditions }: Results): string {
  const { methods, cheapest, equalSeconds, poolSeconds } = costs;
  if (methods.length === 0) return "";
  const time = (seconds: number | null): string => (seconds === null ? "–" : span(seconds));
  const row = (cost: MethodCost): string[] => [
    conditionOf(cost.id).label,
    percent(conditions.find(({ id }) => id === cost.id)!.mean),
    ...[cost.adaptSeconds, cost.produceSeconds].map(time),
    String(cost.images),
    ...[cost.secondsPerImage, cost.setSeconds].map(time),
    cost.imagesInEqualSeconds === null ? "–" : String(cost.imagesInEqualSeconds),
  ];
  const equal = equalSeconds === null ? "equal time" : span(equalSeconds);
  const head = [
    ...["training set", "top-1, %", "adapting", "producing", "images kept", "an image", "a set"],
    `images in ${equal}`,
  ];
  const notes = [
    "Time on this machine, of the making of each unit in whichever start; – where a kill lost one.",
    "An image: adapting and producing over the images kept. A set: adapting, and producing as many images as the first set adds.",
    "A method that shares another's adaptation counts it too; the first unit that generates after a start includes preparing the generator.",
    ...(poolSeconds === null
      ? []
      : [`Embedding the pool took ${span(poolSeconds)}, once, and is counted for no method.`]),
    cheapest === null
      ? "No equal time is known: no method generates, or a time is missing."
      : `The last column: images that a method makes at its own pace in the ${equal} that a set of the cheapest generating method takes (${conditionOf(cheapest).label}), its own adapting subtracted; a pool may hold fewer.`,
  ];
  return `<h2>Cost</h2>\n${table(head, methods.map(row))}\n<p class="quiet">${escapeText(notes.join(" "))}</p>`;
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
