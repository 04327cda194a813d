import { useWasm } from "../../workers/onnx/clip-session.ts";
import { PictureSearch } from "../../workers/onnx/picture-search.ts";
import type { Hit } from "../../src/retrieval/index.ts";

/** Files by name. */
export type Files = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** What a search came to. */
export interface Outcome {
  readonly facts: readonly unknown[];
  readonly tokens: number;
  readonly images: Readonly<Record<string, Float32Array | null>>;
  readonly leftOut: Readonly<Record<string, string>>;
  readonly texts: readonly Float32Array[];
  readonly hits: readonly (readonly Hit[])[];
  readonly thinned: readonly Hit[];
  readonly duplicates: readonly (readonly number[])[];
  readonly paths: readonly string[];
  readonly thumbnails: number;
}

const named = (files: Files, name: string) => ({ name, file: new Blob([files[name]!]) });

/** Which file is opened as what; a null `text` is read by `image`. */
export interface Roles {
  readonly image: string;
  readonly text: string | null;
  readonly tokenizer: string;
}

/** What `everything` came to. */
export interface Everything {
  readonly outcomes: readonly Outcome[];
  readonly stopped: Stopped;
  readonly refusals: readonly string[];
}

/** All that the tests ask for, in one worker: compiling the runtime takes longer than its use. */
export const everything = async (
  files: Files,
  choices: readonly Roles[],
  texts: readonly string[],
  openings: readonly Openings[],
): Promise<Everything> => {
  // A search must not need WebGPU, so whatever asks for it here fails.
  const refuse = (): never => {
    throw new Error("navigator.gpu was asked for");
  };
  Object.defineProperty(navigator, "gpu", { get: refuse });
  useWasm("/ort/ort-wasm-simd-threaded.wasm");
  const outcomes: Outcome[] = [];
  for (const roles of choices) outcomes.push(await searchAll(files, roles, texts));
  return { outcomes, stopped: await stopAndGoOn(files, 2), refusals: await refusals(files, openings) };
};

/** Opens what the page would, embeds all pictures and searches. */
const searchAll = async (
  files: Files,
  { image, text, tokenizer }: Roles,
  texts: readonly string[],
): Promise<Outcome> => {
  const search = new PictureSearch();
  const facts = [await search.openEncoder("image", named(files, image))];
  if (text !== null) facts.push(await search.openEncoder("text", named(files, text)));
  const tokens = await search.openTokenizer(named(files, tokenizer));
  const { taken, leftOut } = search.take(
    Object.keys(files)
      .filter((name) => !/\.(onnx|json|txt)$/.test(name))
      .map((name) => ({ path: name, file: new Blob([files[name]!]) })),
  );
  const reasons = leftOut.map(({ path, reason }) => [path, reason] as const);
  let thumbnails = 0;
  await search.embed(({ path, reason, thumbnail }) => {
    if (reason !== null) reasons.push([path, reason]);
    if (thumbnail && thumbnail.size > 0) thumbnails++;
  });
  return {
    facts,
    tokens,
    images: Object.fromEntries(taken.map(({ id, path }) => [path, search.vector(id)])),
    leftOut: Object.fromEntries(reasons),
    texts: await Promise.all(texts.map((each) => search.embedText(each))),
    hits: await Promise.all(texts.map((each) => search.search(each, { k: 100, dropAbove: null }))),
    thinned: await search.search(texts[0]!, { k: 100, dropAbove: 0.999 }),
    duplicates: search.duplicates(0.999),
    paths: taken.map(({ path }) => path),
    thumbnails,
  };
};

/** How the parts of a stopped embedding ended, and the pictures that each looked at. */
export interface Stopped {
  readonly ends: readonly string[];
  readonly parts: readonly number[];
}

/** Stops after so many pictures, then goes on. */
const stopAndGoOn = async (files: Files, after: number): Promise<Stopped> => {
  const search = new PictureSearch();
  await search.openEncoder("image", named(files, "image.onnx"));
  const pictures = Object.keys(files).filter((name) => name.endsWith(".png") && name !== "cut.png");
  search.take(pictures.map((path) => ({ path, file: new Blob([files[path]!]) })));
  const parts = [0, 0];
  const first = await search.embed(({ done }) => {
    parts[0]!++;
    if (done === after) search.stop();
  });
  const second = await search.embed(() => void parts[1]!++);
  return { ends: [first, second], parts };
};

/** What is opened, one after another, and as what. */
export type Openings = readonly (readonly [role: "image" | "text" | "tokenizer", name: string])[];

/** The messages of the errors that openings give. */
const refusals = async (files: Files, each: readonly Openings[]): Promise<string[]> => {
  const messages: string[] = [];
  for (const openings of each)
    messages.push(
      await refused(files, openings).then(
        () => "nothing was refused",
        (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
      ),
    );
  return messages;
};

const refused = async (files: Files, openings: Openings): Promise<void> => {
  const search = new PictureSearch();
  for (const [role, name] of openings)
    if (role === "tokenizer") await search.openTokenizer(named(files, name));
    else await search.openEncoder(role, named(files, name));
  await search.check();
};
