/** From what was produced to what is trained on. */
import type { Dataset } from "../data/dataset.ts";
import type { ProducedImage } from "../methods/method.ts";
import type { AuditedImage } from "./audit.ts";
import type { ConditionId } from "./conditions.ts";
import type { ClassProduction } from "./production.ts";
import { setImages } from "./run-data.ts";
import type { TrainingSet } from "./sets.ts";
import type { TrainingJob } from "./trainings.ts";

/** Productions of the classes that a dataset has. */
export function keepClasses(
  produced: ReadonlyMap<ConditionId, readonly ClassProduction[]>,
  { classes }: Dataset,
): ReadonlyMap<ConditionId, readonly ClassProduction[]> {
  const kept = new Set(classes.map(({ key }) => key));
  return new Map([...produced].map(([id, list]) => [id, list.filter(({ key }) => kept.has(key))]));
}

/** Productions without some images. */
export function withoutImages(
  classes: readonly ClassProduction[],
  copies: readonly AuditedImage[],
): readonly ClassProduction[] {
  const dropped = new Set(copies.map(({ key, id }) => `${key}/${id}`));
  return classes.map((production) => ({
    ...production,
    images: production.images.filter(({ id }) => !dropped.has(`${production.key}/${id}`)),
  }));
}

/** Sets of the real images alone: all the same. */
export function realSets(
  classes: readonly { readonly key: string; readonly real: readonly string[] }[],
  n: number,
): TrainingSet[] {
  return Array.from({ length: n }, (_, index) => ({
    index,
    classes: classes.map(({ key, real }) => ({ key, real, added: [], shortfall: 0 })),
  }));
}

/** The training of a condition's set, its pictures found when they are needed. */
export function jobOf(
  condition: ConditionId,
  set: TrainingSet,
  dataset: Dataset,
  productions: readonly ClassProduction[],
): TrainingJob {
  const byId = (images: readonly ProducedImage[]) => new Map(images.map((image) => [image.id, image]));
  const images = () => setImages(dataset, set, new Map(productions.map(({ key, images: made }) => [key, byId(made)])));
  return { condition, set, hashes: productions.map(({ hash }) => hash), images };
}
