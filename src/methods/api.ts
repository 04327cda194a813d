/** What a method outside the project imports, under the name `retrieve-or-generate`. */
export type { Image } from "../data/image.ts";
export { generateDrafts, severalForEachReal } from "./generated.ts";
export type {
  Amounts,
  Draft,
  Method,
  Produced,
  ProducedImage,
  ProduceOptions,
  ProduceRequest,
  Provenance,
  Sampling,
  Sources,
} from "./method.ts";
export { retrieval } from "./retrieval.ts";
export { simplePrompt, simplePromptWithoutWhitespace } from "../prompts/templates.ts";
export { RandomStream } from "../random.ts";
