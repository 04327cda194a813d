/** The analyze stage: how like real pictures added ones are and how unlike each other, and where queries land. */
import { rowsOfSplit } from "../data/dataset.ts";
import type { Image } from "../data/image.ts";
import type { Pool } from "../data/pool.ts";
import { joinRows } from "../data/rows.ts";
import { analyzeAmbiguity, knowsClasses, type Ambiguity, type AnalysisInputs } from "./ambiguity.ts";
import type { ConditionId } from "./conditions.ts";
import { frechetDistance, neighbourhoods, rowsOf, textAgreement, vendi, type Neighbourhoods } from "./fidelity.ts";
import type { Embeddings } from "./leaks.ts";
import { classQueries, type ClassProduction } from "./production.ts";
import { rowsAsImages } from "./run-data.ts";
import type { TrainingSet } from "./sets.ts";
import { mean } from "./statistics.ts";

/** Raised when what the stage measures changes for the same inputs. */
const analysisVersion = 2;

/** Real pictures compared with, at most, spread evenly over the training split. */
const mostReal = 2000;

/** Fewest pictures on either side; below, neighbourhoods and covariances mean nothing. */
const fewest = 20;

/** The added images of a condition's first set against the target's real training pictures, by CLIP's image embeddings. */
export interface Fidelity {
  readonly id: ConditionId;
  /** Images that were compared: the same number for every condition that lacks none. */
  readonly images: number;
  /** Null where either side has fewer than 20 pictures. */
  readonly neighbourhoods: Neighbourhoods | null;
  /** Fréchet distance of the embeddings; null likewise. */
  readonly frechet: number | null;
  /**
   * Effective number of different images of a class over their number, the mean over classes: 1 when all are orthogonal;
   * null where the set adds no image.
   */
  readonly diversity: number | null;
  /** Mean cosine of an image and its class's simple prompt; null likewise. */
  readonly textAgreement: number | null;
}

/** What the stage gives. */
export interface Analyses {
  readonly fidelity: readonly Fidelity[];
  /** Null where the run searches no pool, or one of which nobody knows what it shows. */
  readonly ambiguity: Ambiguity | null;
}

/**
 * Measures the images that each method added to its first set, and where the classes' queries land in the pool.
 *
 * @param searched the pool and its embeddings [n, width], where a method searches it
 * @returns undefined when it was stopped
 */
export function analyze(
  inputs: AnalysisInputs,
  productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>,
  sets: ReadonlyMap<ConditionId, readonly TrainingSet[]>,
  searched: { readonly pool: Pool; readonly pooled: Float32Array } | null,
): Promise<Analyses | undefined> {
  const analysis = new FidelityAnalysis(inputs);
  const known = searched && knowsClasses(searched.pool) ? searched : null;
  return inputs.watch.stages.stage("analyze", productions.size + (known ? 1 : 0), async () => {
    const fidelity: Fidelity[] = [];
    for (const [id, classes] of productions) {
      const measured = await analysis.condition(id, sets.get(id)![0]!, classes);
      if (measured === undefined) return undefined;
      fidelity.push(measured);
    }
    const ambiguity = known && (await analyzeAmbiguity(inputs, known.pool, known.pooled));
    return ambiguity === undefined ? undefined : { fidelity, ambiguity };
  });
}

/** Measures conditions one by one; real pictures and prompts are embedded once, when they are first needed. */
class FidelityAnalysis {
  #references: Promise<{ readonly real: Embeddings; readonly texts: readonly Float32Array[] }> | undefined;

  constructor(private readonly inputs: AnalysisInputs) {}

  /** @returns undefined when it was stopped */
  async condition(
    id: ConditionId,
    set: TrainingSet,
    productions: readonly ClassProduction[],
  ): Promise<Fidelity | undefined> {
    const { spec, dataset, hashes, watch } = this.inputs;
    const { stages, signal } = watch;
    const added = set.classes.map(({ added: ids }, i) => {
      const images = new Map(productions[i]!.images.map((made) => [made.id, made.image]));
      return ids.map((name) => images.get(name)!);
    });
    // Without the queries a run with other class names would take over how like these prompts the images are.
    const queries = classQueries(dataset, spec);
    const decidedBy = [analysisVersion, productions.map(({ hash }) => hash), set.classes, queries, hashes];
    const unit = await stages.unit("analyze", id, decidedBy, async () => {
      if (signal.aborted) return undefined;
      return { value: await this.#measure(id, added) };
    });
    return unit?.value;
  }

  async #measure(id: ConditionId, byClass: readonly (readonly Image[])[]): Promise<Fidelity> {
    const images = byClass.flat();
    if (images.length === 0)
      return { id, images: 0, neighbourhoods: null, frechet: null, diversity: null, textAgreement: null };
    const { real, texts } = await (this.#references ??= this.#embedReferences());
    const made = await this.#embed(images);
    const rows = rowsOf(made);
    let at = 0;
    const classes = byClass.map(({ length }) => rows.slice(at, (at += length))).filter(({ length }) => length > 0);
    const isEnough = Math.min(images.length, rowsOf(real).length) >= fewest;
    return {
      id,
      images: images.length,
      neighbourhoods: isEnough ? neighbourhoods(real, made) : null,
      frechet: isEnough ? frechetDistance(real, made) : null,
      diversity: mean(classes.map((members) => vendi({ width: made.width, rows: joinRows(members) }) / members.length)),
      textAgreement: textAgreement(
        made,
        byClass.flatMap((list, label) => list.map(() => texts[label]!)),
      ),
    };
  }

  async #embedReferences(): Promise<{ readonly real: Embeddings; readonly texts: readonly Float32Array[] }> {
    const { spec, dataset, networks } = this.inputs;
    const all = rowsOfSplit(dataset, "train");
    const count = Math.min(mostReal, all.length);
    const rows = Uint32Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
    const { embeddingWidth: width } = networks;
    const real = { width, rows: await networks.embedImages(rowsAsImages(dataset, rows)) };
    return { real, texts: rowsOf({ width, rows: await networks.embedTexts(classQueries(dataset, spec)) }) };
  }

  async #embed(images: readonly Image[]): Promise<Embeddings> {
    const { networks } = this.inputs;
    const rows = await networks.embedImages({ count: images.length, image: (i) => images[i]! });
    return { width: networks.embeddingWidth, rows };
  }
}
