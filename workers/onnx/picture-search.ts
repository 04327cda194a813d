/** A user's own CLIP over a user's own pictures. */
import { defaultLimits } from "../../src/data/import/limits.ts";
import { FormatError, MissingError, ShapeError } from "../../src/errors.ts";
import { ExactIndex, normalizeRows } from "../../src/retrieval/exact.ts";
import { dropDuplicates, duplicateGroups } from "../../src/retrieval/filters.ts";
import type { Hit } from "../../src/retrieval/index.ts";
import type { ClipTokenizer } from "../../src/tokenizer/clip-tokenizer.ts";
import type { PictureFile } from "../lab-api.ts";
import { pictureBitmap } from "../picture-bitmap.ts";
import { pixelsOf, thumbnailOf } from "./clip-pixels.ts";
import { ClipSession } from "./clip-session.ts";
import type { EmbedEvent, EncoderFacts, LeftOutPicture, NamedFile, SearchApi } from "./search-api.ts";
import type { SearchOptions, TakenPicture, TakenPictures } from "./search-api.ts";
import { readTokenizer } from "./tokenizer-file.ts";

/** Pictures at most: on one thread, some hundreds take minutes. */
export const mostPictures = 500;

/** A model that is one file of ONNX has at most so many bytes. */
const mostModelBytes = 2 ** 31 - 1;

const mostTokenizerBytes = 50_000_000;

/** Token ids of a text at most, as CLIP was trained. */
const mostIds = 77;

interface ListedPicture extends TakenPicture {
  readonly file: Blob;
  /** Unit length; null until it is embedded. */
  readonly vector: Float32Array | null;
  readonly isLeftOut: boolean;
}

interface Encoder {
  readonly session: ClipSession;
  readonly facts: EncoderFacts;
}

interface NamedTokenizer {
  readonly tokenizer: ClipTokenizer;
  readonly name: string;
}

/** @see SearchApi */
export class PictureSearch implements SearchApi {
  #image: Encoder | null = null;
  #text: Encoder | null = null;
  #tokenizer: NamedTokenizer | null = null;
  /** An encoder of texts and a tokenizer that belong together. */
  #checked: { readonly text: Encoder; readonly named: NamedTokenizer } | null = null;
  #pictures: readonly ListedPicture[] = [];
  /** Times that somebody asked `embed` to end. */
  #stops = 0;

  async openEncoder(kind: "image" | "text", { name, file }: NamedFile): Promise<EncoderFacts> {
    const session = await ClipSession.open(await bytesOf(file, name, mostModelBytes), name);
    const { side, readsText, width } = session;
    const encoder = { session, facts: { name, side, readsText, width } };
    try {
      this.#check(kind, encoder.facts);
    } catch (error) {
      await session.release();
      throw error;
    }
    const before = [this.#image, this.#text];
    if (kind === "text") this.#text = encoder;
    else {
      this.#image = encoder;
      // One that reads texts too goes with its own, not with another model's.
      if (readsText) this.#text = null;
      this.#pictures = this.#pictures.map((picture) => ({ ...picture, vector: null }));
    }
    for (const old of before) if (old && old !== this.#image && old !== this.#text) void old.session.release();
    return encoder.facts;
  }

  #check(kind: "image" | "text", { name, side, readsText }: EncoderFacts): void {
    if (kind === "image" && side === null)
      throw new FormatError(name, "an encoder of pictures: pixel_values to image_embeds", "one that only reads texts");
    if (kind === "text" && !readsText)
      throw new FormatError(name, "an encoder of texts: input_ids to text_embeds", "one that only reads pictures");
  }

  async openTokenizer({ name, file }: NamedFile): Promise<number> {
    const bytes = await bytesOf(file, name, mostTokenizerBytes);
    const tokenizer = readTokenizer(new TextDecoder().decode(bytes), name);
    this.#tokenizer = { tokenizer, name };
    return tokenizer.size;
  }

  async check(): Promise<void> {
    const [image, text, named] = [this.#image, this.#textEncoder(), this.#tokenizer];
    if (image && text && image.facts.width !== text.facts.width) {
      const expected = `embeddings as wide as those of ${image.facts.name} (${String(image.facts.width)})`;
      throw new ShapeError(text.facts.name, expected, String(text.facts.width));
    }
    if (!text || !named || (this.#checked?.text === text && this.#checked.named === named)) return;
    await checkVocabulary(text, named);
    this.#checked = { text, named };
  }

  #textEncoder(): Encoder | null {
    return this.#text ?? (this.#image?.facts.readsText ? this.#image : null);
  }

  take(given: readonly PictureFile[]): TakenPictures {
    const leftOut: LeftOutPicture[] = [];
    const taken: TakenPicture[] = [];
    const known = new Set(this.#pictures.map(keyOf));
    for (const { path, file } of [...given].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      const reason =
        known.has(keyOf({ path, file })) || isHidden(path) ? null : reasonAgainst(path, this.#pictures.length);
      if (reason === null) continue;
      if (reason !== "") leftOut.push({ path, reason });
      else {
        const id = this.#pictures.length;
        this.#pictures = [...this.#pictures, { id, path, file, vector: null, isLeftOut: false }];
        taken.push({ id, path });
      }
    }
    return { taken, leftOut };
  }

  async embed(onPicture: (event: EmbedEvent) => void): Promise<"done" | "stopped"> {
    const stops = this.#stops;
    for (;;) {
      const encoder = this.#image;
      if (!encoder) throw new MissingError("search", "an encoder of pictures");
      const next = this.#pictures.find(({ vector, isLeftOut }) => !vector && !isLeftOut);
      if (!next) return "done";
      if (this.#stops !== stops) return "stopped";
      const { vector, thumbnail, reason } = await this.#embedOne(next, encoder);
      // Another encoder was opened meanwhile: the picture is that one's to embed.
      if (this.#image !== encoder) continue;
      this.#put({ ...next, vector, isLeftOut: reason !== null });
      const done = this.#pictures.filter((picture) => picture.vector ?? picture.isLeftOut).length;
      onPicture({ done, total: this.#pictures.length, id: next.id, path: next.path, thumbnail, reason });
    }
  }

  /** A fault of the picture leaves it out; one of the encoder is the caller's, unless it has been closed. */
  async #embedOne(picture: ListedPicture, encoder: Encoder): Promise<Embedded> {
    const { pixels, thumbnail, reason } = await prepared(picture, encoder.session.side!);
    if (!pixels || this.#image !== encoder) return { vector: null, thumbnail, reason };
    const vector = await encoder.session.embedPicture(pixels);
    return { vector: normalizeRows(vector, vector.length), thumbnail, reason: null };
  }

  #put(picture: ListedPicture): void {
    this.#pictures = this.#pictures.map((each) => (each.id === picture.id ? picture : each));
  }

  stop(): void {
    this.#stops++;
  }

  async search(text: string, { k, dropAbove }: SearchOptions): Promise<readonly Hit[]> {
    await this.check();
    const [ids, vectors] = this.#embedded();
    const query = await this.embedText(text);
    const index = new ExactIndex(joined(vectors, query.length), query.length);
    const [all = []] = await index.search(query, vectors.length);
    const hits = dropAbove === null ? all : dropDuplicates(all, index, dropAbove);
    return hits.slice(0, k).map(({ id, similarity }) => ({ id: ids[id]!, similarity }));
  }

  /**
   * A text's embedding, as the model gives it.
   *
   * @returns [width]
   * @throws MissingError naming what is not there yet; FormatError when the tokenizer is not the model's
   */
  async embedText(text: string): Promise<Float32Array> {
    const encoder = this.#textEncoder();
    if (!encoder) throw new MissingError("search", "an encoder of texts");
    if (!this.#tokenizer) throw new MissingError("search", "a tokenizer");
    const { tokenizer } = this.#tokenizer;
    const fixed = encoder.session.length;
    // Nothing looks at what follows the end, so a model of any length needs no padding.
    const length = fixed ?? Math.min(mostIds, tokenizer.encode(text).length + 2);
    return encoder.session.embedText(tokenizer.encodePrompt(text, { length }), tokenizer.endId);
  }

  duplicates(threshold: number): readonly (readonly number[])[] {
    const [ids, vectors] = this.#embedded();
    const groups = new Map<number, number[]>();
    duplicateGroups(vectors, threshold).forEach((first, i) => {
      groups.set(first, [...(groups.get(first) ?? []), ids[i]!]);
    });
    return [...groups.values()].filter(({ length }) => length > 1);
  }

  /** A picture's embedding at unit length; null when it has none. */
  vector(id: number): Float32Array | null {
    return this.#pictures[id]?.vector ?? null;
  }

  #embedded(): [ids: readonly number[], vectors: readonly Float32Array[]] {
    const found = this.#pictures.flatMap(({ id, vector }) => (vector ? [{ id, vector }] : []));
    return [found.map(({ id }) => id), found.map(({ vector }) => vector)];
  }
}

const keyOf = ({ path, file }: PictureFile): string => `${path} ${String(file.size)}`;

const isHidden = (path: string): boolean => path.split("/").some((part) => part.startsWith("."));

const pictureName = /\.(?:jpe?g|png|webp)$/i;

/** Why a file is not put on the list of pictures; empty for one that is. */
function reasonAgainst(path: string, listed: number): string {
  if (!pictureName.test(path)) return "expected a picture that is named .jpg, .jpeg, .png or .webp, got another ending";
  return listed < mostPictures ? "" : `expected at most ${String(mostPictures)} pictures, got one more`;
}

async function bytesOf(file: Blob, where: string, most: number): Promise<Uint8Array> {
  if (file.size > most) throw new FormatError(where, `at most ${String(most)} bytes`, String(file.size));
  return new Uint8Array(await file.arrayBuffer());
}

interface Embedded {
  readonly vector: Float32Array | null;
  readonly thumbnail: Blob | null;
  /** Why it is left out; null for one that is not. */
  readonly reason: string | null;
}

interface Prepared extends Pick<Embedded, "thumbnail" | "reason"> {
  readonly pixels: Float32Array | null;
}

async function prepared({ path, file }: ListedPicture, side: number): Promise<Prepared> {
  try {
    const bitmap = await pictureBitmap(await bytesOf(file, path, defaultLimits.imageFileBytes), path);
    try {
      return { pixels: await pixelsOf(bitmap, side), thumbnail: await thumbnailOf(bitmap), reason: null };
    } finally {
      bitmap.close();
    }
  } catch (error) {
    return { pixels: null, thumbnail: null, reason: reasonOf(error) };
  }
}

/** A table of another length than the vocabulary takes the ids for other words, and often says nothing. */
async function checkVocabulary({ session, facts }: Encoder, { tokenizer, name }: NamedTokenizer): Promise<void> {
  const knows = (id: number): Promise<boolean> =>
    session.embedText(new Uint32Array(session.length ?? 2).fill(id), id).then(
      () => true,
      () => false,
    );
  const { size } = tokenizer;
  if ((await knows(size - 1)) && !(await knows(size))) return;
  throw new FormatError(name, `the vocabulary of ${facts.name}`, `${String(size)} entries, another number than it has`);
}

/** The file's name is told beside the reason. */
function reasonOf(error: unknown): string {
  if (error instanceof FormatError) return `expected ${error.expected}, got ${error.actual}`;
  return error instanceof Error ? error.message : String(error);
}

function joined(vectors: readonly Float32Array[], width: number): Float32Array {
  const out = new Float32Array(vectors.length * width);
  vectors.forEach((vector, i) => out.set(vector, i * width));
  return out;
}
