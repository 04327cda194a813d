/** The analyze stage: how like the class's real pictures added ones are, and how unlike each other. */
import type { Dataset } from "../data/dataset.ts";
import { rowsOfSplit } from "../data/dataset.ts";
import type { Image } from "../data/image.ts";
import { joinRows } from "../data/rows.ts";
import { simplePrompt } from "../prompts/templates.ts";
import type { ConditionId } from "./conditions.ts";
import { frechetDistance, neighbourhoods, rowsOf, textAgreement, vendi, type Neighbourhoods } from "./fidelity.ts";
import type { Embeddings } from "./leaks.ts";
import { promptName, type ClassProduction, type RunWatch } from "./production.ts";
import { rowsAsImages } from "./run-data.ts";
import type { RunNetworks } from "./run-networks.ts";
import type { TrainingSet } from "./sets.ts";
import type { Spec } from "./spec.ts";
import { mean } from "./statistics.ts";

/** Raised when what the stage measures changes for the same inputs. */
const analysisVersion = 1;

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
  /** Effective number of different images of a class over their number, the mean over classes: 1 when all are orthogonal. */
  readonly diversity: number;
  /** Mean cosine of an image and its class's simple prompt. */
  readonly textAgreement: number;
}

/** Measures conditions one by one; real pictures and prompts are embedded once, when they are first needed. */
export class FidelityAnalysis {
  #references: Promise<{ readonly real: Embeddings; readonly texts: readonly Float32Array[] }> | undefined;

  constructor(
    private readonly spec: Spec,
    private readonly dataset: Dataset,
    private readonly networks: RunNetworks,
    private readonly hashes: readonly string[],
    private readonly watch: RunWatch,
  ) {}

  /** @returns undefined when it was stopped */
  async condition(
    id: ConditionId,
    set: TrainingSet,
    productions: readonly ClassProduction[],
  ): Promise<Fidelity | undefined> {
    const { stages, signal } = this.watch;
    const added = set.classes.map(({ added: ids }, i) => {
      const images = new Map(productions[i]!.images.map((made) => [made.id, made.image]));
      return ids.map((name) => images.get(name)!);
    });
    const decidedBy = [analysisVersion, productions.map(({ hash }) => hash), set.classes, this.hashes];
    const unit = await stages.unit("analyze", id, decidedBy, async () => {
      if (signal.aborted) return undefined;
      return { value: await this.#measure(id, added) };
    });
    return unit?.value;
  }

  async #measure(id: ConditionId, byClass: readonly (readonly Image[])[]): Promise<Fidelity> {
    const { real, texts } = await (this.#references ??= this.#embedReferences());
    const images = byClass.flat();
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
    const all = rowsOfSplit(this.dataset, "train");
    const count = Math.min(mostReal, all.length);
    const rows = Uint32Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
    const { embeddingWidth: width } = this.networks;
    const real = { width, rows: await this.networks.embedImages(rowsAsImages(this.dataset, rows)) };
    const prompts = this.dataset.classes.map(({ name }) => simplePrompt(promptName(name, this.spec.classNames)));
    return { real, texts: rowsOf({ width, rows: await this.networks.embedTexts(prompts) }) };
  }

  async #embed(images: readonly Image[]): Promise<Embeddings> {
    const rows = await this.networks.embedImages({ count: images.length, image: (i) => images[i]! });
    return { width: this.networks.embeddingWidth, rows };
  }
}
