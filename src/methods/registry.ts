/** Every method by its id, which is also the id of its condition. */
import { ConfigError } from "../errors.ts";
import { boomerang } from "./boomerang.ts";
import { clipPrompts } from "./clip-prompts.ts";
import { daFusion } from "./da-fusion.ts";
import { ftCluster } from "./ft-cluster.ts";
import { ftConditioning } from "./ft-conditioning.ts";
import { imagic } from "./imagic.ts";
import type { Method } from "./method.ts";
import { pseudowordDm } from "./pseudoword-dm.ts";
import { retrievalDiverse } from "./retrieval-diverse.ts";
import { retrieval } from "./retrieval.ts";
import { retrieveAndGenerate } from "./retrieve-and-generate.ts";
import { sariyildiz } from "./sariyildiz.ts";
import { simplePromptMethod, simplePromptNoWhitespace } from "./simple-prompts.ts";
import { textualInversion } from "./textual-inversion.ts";

const known = new Map<string, Method>(
  [
    boomerang,
    simplePromptMethod,
    simplePromptNoWhitespace,
    clipPrompts,
    sariyildiz,
    ftConditioning,
    ftCluster,
    imagic,
    textualInversion,
    pseudowordDm,
    daFusion,
    retrieval,
    retrievalDiverse,
    retrieveAndGenerate,
  ].map((method) => [method.id, method]),
);

/** The methods that a run can use, by id; `real-10` and `real-20` are runs without one. */
export function allMethods(): Readonly<Record<string, Method>> {
  return Object.fromEntries(known);
}

/** What a run calls its real training pictures beside the methods' ones. */
const reserved = "target";

/** Adds a method that is not the project's own. @throws ConfigError when its id is taken */
export function addMethod(method: Method): void {
  if (known.has(method.id) || method.id === reserved)
    throw new ConfigError(`method ${method.id}`, "an id that is not taken", method.id);
  known.set(method.id, method);
}
