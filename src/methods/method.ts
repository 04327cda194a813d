/** What a method is: one way to make more images of a class. */
import type { Values } from "../backends/backend.ts";
import type { Image } from "../data/image.ts";
import type { Index } from "../retrieval/index.ts";
import type { GlossaryEntry } from "../prompts/glossary.ts";
import type { AdaptationRecipe } from "../training/adaptation-recipe.ts";
import type { Adaptation, AdaptationOptions } from "../training/adaptation.ts";
import type { Resumption } from "../training/resumption.ts";

/** An image to generate. */
export interface Draft {
  /** With `word`, a template whose slot `{}` it takes. */
  readonly prompt: string;
  /** The embedding of a pseudo-word. */
  readonly word?: Float32Array;
  /** What the denoiser is told instead of the prompt, [tokens · width]. */
  readonly conditioning?: Float32Array;
  /** Decides the noise, with the seed and the stream: image 7 is the same whether or not images 0 to 6 are made. */
  readonly sample: number;
  /** A picture to start from, noised as far as `Sampling.noiseLevel` says. */
  readonly start?: Image;
}

/** A finished step of images that are being generated. */
export interface SamplingStep {
  /** From 1 to `of`. */
  readonly step: number;
  readonly of: number;
  /** The drafts that the step was made for: `count` from number `first` on. */
  readonly first: number;
  readonly count: number;
  /** What the images look like after it, small and roughly; only while the listener has not returned. @returns `count` */
  preview(): Promise<Image[]>;
}

/** How images are generated. */
export interface Sampling {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onImages?: (made: number) => void;
  /** Told of each step, and waited for. */
  readonly onStep?: ((step: SamplingStep) => void | Promise<void>) | undefined;
  /** Share of the schedule that drafts with a start go through, in (0, 1]; they are sampled by DDIM. */
  readonly noiseLevel?: number;
  /** Weights of the denoiser instead of its own, by variable name; equal ids mean equal weights. */
  readonly denoiser?: { readonly id: string; readonly weights: ReadonlyMap<string, Values> } | undefined;
}

/** Pictures that share what is learned of them. */
export interface LearnGroup {
  readonly key: string;
  readonly images: readonly Image[];
  /** Pictures that decide when to stop. */
  readonly validation: readonly Image[];
  /** The prompt whose conditioning, or the word whose embedding, learning begins with. */
  readonly start: string;
}

/** What keeps images out that nobody should see. */
export interface Safety {
  /** Times that a blocked image is drawn anew before it counts as missing. */
  readonly attempts: number;
  /** Which images are blocked. @returns one for each */
  blocks(images: readonly Image[]): Promise<readonly boolean[]>;
  /** Whether the pool's picture at a row of the index is blocked. */
  blocksRow(row: number): Promise<boolean>;
}

/** What is known of a pool's picture beside its pixels, where the pool says so. */
export interface PoolColumns {
  /** A predicted score, about 1 to 10. */
  readonly aesthetics?: number;
  /** A predicted probability. */
  readonly unsafe?: number;
}

/** What methods may draw on. */
export interface Sources {
  /**
   * Images from prompts by the diffusion model.
   *
   * @param stream of the noise
   * @returns in the order of the drafts; fewer when the signal stopped it
   */
  generate(drafts: readonly Draft[], stream: string, options: Sampling): Promise<Image[]>;
  /** Unit embeddings of texts, in the space of `index`. @returns [n, width] */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  /** Unit embeddings of pictures, in the same space. @returns [n, width] */
  embedImages(images: readonly Image[]): Promise<Float32Array>;
  /** Fits the diffusion model to groups of pictures. @returns undefined when the signal stopped it */
  learn(
    groups: readonly LearnGroup[],
    recipe: AdaptationRecipe,
    options: AdaptationOptions,
  ): Promise<Adaptation | undefined>;
  /** The pool's image embeddings. */
  readonly index: Index;
  /** The real training pictures of a class, in a fixed order. */
  realImages(classIndex: number): readonly { readonly id: string; readonly image: Image }[];
  /** The validation pictures of a class. */
  validationImages(classIndex: number): readonly Image[];
  /** The pool's picture at a row of the index. */
  poolImage(row: number): { readonly id: string; readonly image: Image; readonly columns?: PoolColumns };
  /** How retrieval asks and what it takes for the same. */
  readonly retrieval: {
    readonly factor: number;
    readonly rounds: number;
    /** Cosine above which two images are the same. */
    readonly duplicates: number;
    /** The least `aesthetics` and the largest `unsafe` of a picture that is used; none where they are absent. */
    readonly minAesthetics?: number;
    readonly maxUnsafe?: number;
  };
  /** Absent where nothing is blocked. */
  readonly safety?: Safety;
  readonly settings: MethodSettings;
}

/** What can be set of methods that learn; see `AdaptationRecipe`. */
export type LearningSettings = Pick<
  AdaptationRecipe,
  "rate" | "weightDecay" | "examples" | "maxEpochs" | "patience" | "checkpoint" | "flip" | "draws"
>;

/** What can be set of single methods, by their ids. */
export interface MethodSettings {
  readonly "ft-conditioning": LearningSettings & Pick<AdaptationRecipe, "atOnce">;
  readonly "ft-cluster": LearningSettings &
    Pick<AdaptationRecipe, "atOnce"> & {
      /** Clusters of a class; fewer where it has fewer pictures. */
      readonly clusters: number;
    };
  readonly imagic: LearningSettings & Pick<AdaptationRecipe, "denoiserRate">;
  readonly "textual-inversion": LearningSettings & Pick<AdaptationRecipe, "atOnce">;
  readonly "pseudoword-dm": LearningSettings & Pick<AdaptationRecipe, "denoiserRate">;
  readonly "da-fusion": {
    /** Shares of the schedule that pictures are noised to, taken in turn. */
    readonly strengths: readonly number[];
  };
  readonly boomerang: {
    /** Share of the schedule that a picture is noised to, in (0, 1]. */
    readonly noiseLevel: number;
  };
  readonly "retrieval-diverse": {
    /** Of likeness to the query, 0 to 1; the rest is unlikeness to what is chosen. */
    readonly weight: number;
    /** Neighbours to choose among, for each wanted one. */
    readonly candidates: number;
  };
  readonly "retrieve-and-generate": {
    /** Share of its images that are retrieved, 0 to 1. */
    readonly retrieved: number;
  };
}

/** Whose real images an amount goes by: the class's own, or those of the largest class, so that all classes get as many. */
export type AmountBasis = "class" | "largest";

/** How many images a class has and is to get. */
export interface Amounts {
  /** Real images of the class. */
  readonly real: number;
  /** Real images of the largest class. */
  readonly largest: number;
  /** Added images for each real one in a set. */
  readonly ratio: number;
  /** Produced images for each real one, that sets are drawn from. */
  readonly factor: number;
  /** What the amounts of methods that generate, and of those that retrieve, go by. */
  readonly per: { readonly production: AmountBasis; readonly retrieval: AmountBasis };
}

/** One class to make images of. */
export interface ProduceRequest {
  readonly classIndex: number;
  /** The class's key, part of every stream and id. */
  readonly key: string;
  /** The class's name as it goes into prompts, white space already in or out. */
  readonly name: string;
  /** The name with its white space. */
  readonly fullName: string;
  /** What the word means, where the dataset tells it. */
  readonly meaning?: GlossaryEntry | undefined;
  readonly count: number;
  /** What `adapt` gave, for methods that adapt. */
  readonly adapted: Uint8Array | null;
}

/** How a production goes. */
export interface ProduceOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((made: number, wanted: number) => void) | undefined;
  /** For `Sources.learn`: where an adaptation that is stopped is kept, and gone on with. */
  readonly resumption?: Resumption | undefined;
}

/** Where an image comes from. */
export type Provenance =
  | {
      readonly kind: "generated";
      readonly prompt: string;
      readonly sample: number;
      readonly seed: number;
      /** Id of the real picture that it started from. */
      readonly from?: string;
    }
  | ({
      readonly kind: "retrieved";
      readonly pool: string;
      readonly similarity: number;
      readonly rank: number;
    } & PoolColumns);

/** One image that a method made. */
export interface ProducedImage {
  /** Unique within the method and the class. */
  readonly id: string;
  readonly image: Image;
  readonly provenance: Provenance;
}

/** What came of a production, best image first. */
export interface Produced {
  readonly images: readonly ProducedImage[];
  /** How many there were at each step, such as asked, found, unique, kept. */
  readonly funnel: Readonly<Record<string, number>>;
  /** Wanted and not there; above 0 the class is insufficient. */
  readonly shortfall: number;
}

/** One way to make more images of a class: adapt once, produce many. */
export interface Method {
  readonly id: string;
  /** The parts of a spec, beside its own settings, that decide what it makes. */
  readonly draws: readonly ("generator" | "retrieval")[];
  /** The method whose adaptation this one uses; its own when absent. */
  readonly adaptsAs?: keyof MethodSettings;
  /** Raised when what it makes of a class changes for the same inputs; absent before the first time. */
  readonly version?: number;
  /** A hash of its code, for a method that is not the project's own: another code makes its images anew. */
  readonly code?: string;
  /** Asked of every class before a run begins. @throws where the class lacks what the method needs */
  requireClass?(of: Pick<ProduceRequest, "key" | "meaning">): void;
  /** How many images of a class to make. */
  amount(amounts: Amounts): number;
  /**
   * Fits the method to all classes at once, for methods that learn.
   *
   * @returns what `produce` needs of it; undefined when the signal stopped it
   */
  adapt?(
    classes: readonly Omit<ProduceRequest, "count" | "adapted">[],
    sources: Sources,
    options: ProduceOptions,
  ): Promise<Uint8Array | undefined>;
  /** @returns undefined when the signal stopped it */
  produce(request: ProduceRequest, sources: Sources, options: ProduceOptions): Promise<Produced | undefined>;
}
