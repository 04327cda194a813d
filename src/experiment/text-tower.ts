/** CLIP's text tower alone, for where the pool's pictures are embedded already: no other network is loaded. */
import type { Backend } from "../backends/backend.ts";
import { trace } from "../graph/graph.ts";
import { l2Normalise } from "../graph/ops/loss.ts";
import { parseClipTextConfig } from "../models/clip/config.ts";
import { ClipText, endOfTextRows } from "../models/clip/text.ts";
import { objectField } from "../models/config-fields.ts";
import { Parameters } from "../nn/parameters.ts";
import type { ReadFile } from "../storage/kept-files.ts";
import { sha256 } from "../storage/hash.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { loadParameters } from "../weights/checkpoint.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { readClipFiles } from "./clip-files.ts";
import { modelFiles } from "./lab-networks.ts";

/** Texts to the space that they share with images. */
export interface TextTower {
  /** [n, embeddingWidth], rows of length 1 */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  readonly embeddingWidth: number;
  /** SHA-256 of CLIP's weights, as their file holds them. */
  readonly clipHash: string;
}

/**
 * Loads the text tower of a models' folder, from `textTowerFiles` alone.
 *
 * @throws MissingError, ShapeError, ConfigError, FormatError naming file and key
 */
export async function loadTextTower(backend: Backend, read: ReadFile): Promise<TextTower> {
  const { tokenizer, config } = await readClipFiles(read);
  const textConfig = objectField(config, "text_config", modelFiles.clipConfig);
  const tower = new ClipText(new Parameters("clip."), parseClipTextConfig(textConfig, modelFiles.clipConfig));
  const weights = await read(modelFiles.clip);
  const variables = backend.variables();
  await loadParameters(tower.parameters, variables, await openSafetensors(bytesSource(modelFiles.clip, weights)));
  const { maxPositions: length, projectionDim, endOfText } = tower.config;
  return {
    embeddingWidth: projectionDim,
    clipHash: await sha256(weights),
    embedTexts: async (texts) => {
      const graph = trace((g) => {
        const ids = g.input("ids", [texts.length, length], "u32");
        return { embeddings: l2Normalise(tower.forward(ids, g.input("ends", [texts.length], "u32"))) };
      });
      const program = await backend.compile(graph, variables, { label: "embed texts" });
      const ids = Uint32Array.from(texts.flatMap((line) => [...tokenizer.encodePrompt(line, { length })]));
      await program.run({ ids, ends: endOfTextRows(ids, length, endOfText) });
      const embeddings = (await program.read("embeddings")) as Float32Array;
      program.dispose();
      return embeddings;
    },
  };
}
