/** What the page asks of the worker that searches a user's own pictures. */
import type { Hit } from "../../src/retrieval/index.ts";
import type { PictureFile } from "../lab-api.ts";

/** A file that a user chose, with its name. */
export interface NamedFile {
  readonly name: string;
  readonly file: Blob;
}

/** What is known of an encoder. */
export interface EncoderFacts {
  readonly name: string;
  /** pixels a side of the pictures that it takes; null when it reads no pictures */
  readonly side: number | null;
  /** Whether it reads texts; one file may do both. */
  readonly readsText: boolean;
  /** numbers of an embedding */
  readonly width: number;
}

/** A picture that is looked at or left out. */
export interface TakenPicture {
  readonly id: number;
  readonly path: string;
}

/** Something that is left out, and why: `expected X, got Y`. */
export interface LeftOutPicture {
  readonly path: string;
  readonly reason: string;
}

/** What came of giving pictures. */
export interface TakenPictures {
  readonly taken: readonly TakenPicture[];
  readonly leftOut: readonly LeftOutPicture[];
}

/** How embedding goes: a picture was embedded, or it is left out. */
export interface EmbedEvent {
  readonly done: number;
  readonly total: number;
  readonly id: number;
  readonly path: string;
  /** Null for one that is left out. */
  readonly thumbnail: Blob | null;
  /** Null for one that was embedded. */
  readonly reason: string | null;
}

/** How a search is made. */
export interface SearchOptions {
  /** neighbours asked for */
  readonly k: number;
  /** cosine above which a picture counts as a near-duplicate of a better hit, and is dropped; null keeps all */
  readonly dropAbove: number | null;
}

/** A search over pictures, in a worker. */
export interface SearchApi {
  /**
   * Takes a model as the encoder of pictures, or of texts; a failure leaves the one before. Embeddings of another encoder of
   * pictures are forgotten.
   *
   * @throws FormatError naming the file, what was expected, and the names of the inputs and outputs found
   */
  openEncoder(kind: "image" | "text", model: NamedFile): Promise<EncoderFacts>;
  /** @returns entries of the vocabulary. @throws FormatError */
  openTokenizer(tokenizer: NamedFile): Promise<number>;
  /**
   * Looks whether what is there so far belongs together; `search` does it too.
   *
   * @throws ShapeError when the two encoders' embeddings have different widths; FormatError when the tokenizer has another
   *   vocabulary than the encoder of texts
   */
  check(): Promise<void>;
  /** Puts pictures on the list; those that are there already, or are no pictures, are not put on it again. */
  take(pictures: readonly PictureFile[]): TakenPictures;
  /**
   * Embeds the pictures of the list that are not yet. One that cannot be read is left out; the others go on.
   *
   * @returns whether it came to the end
   * @throws MissingError without an encoder of pictures; what the encoder itself throws
   */
  embed(onPicture: (event: EmbedEvent) => void): Promise<"done" | "stopped">;
  /** Ends `embed` after the present picture. */
  stop(): void;
  /** The nearest pictures of a text, best first. @throws MissingError naming what is not there yet; FormatError, ShapeError */
  search(text: string, options: SearchOptions): Promise<readonly Hit[]>;
  /** Groups of pictures that chains of cosines above the threshold join, each of at least two ids. */
  duplicates(threshold: number): readonly (readonly number[])[];
}
