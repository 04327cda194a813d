import { expect, test } from "vitest";
import { Clip } from "../../src/models/clip/clip.ts";
import { parseClipImageConfig, parseClipTextConfig } from "../../src/models/clip/config.ts";
import { miniText, miniVision } from "../../src/models/mini.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import { ClipTokenizer } from "../../src/tokenizer/clip-tokenizer.ts";
import { contrastivePretraining } from "../../src/training/pretrain-contrastive.ts";

const clipOf = (): Clip =>
  new Clip(new Parameters(), { text: parseClipTextConfig(miniText(600)), image: parseClipImageConfig(miniVision) });
const pictures = { pixels: new Uint8Array(3072), resolution: 32, captions: ["bird"], indices: [0] };

test("tables of tokens start small and the matrices after them large; the rest of the weights as CLIP's", () => {
  const clip = clipOf();
  const task = contrastivePretraining(clip, ClipTokenizer.fromMerges([]), pictures, { batch: 2, seed: 1 });
  const scale = (name: string): number => task.firstScale!(clip.parameters.get(name));
  expect(scale("text_model.embeddings.token_embedding.weight")).toBe(0.25);
  expect(scale("text_model.embeddings.position_embedding.weight")).toBe(0.025);
  expect(scale("text_model.encoder.layers.0.self_attn.out_proj.weight")).toBe(8);
  expect(scale("text_projection.weight")).toBe(8);
  expect(scale("vision_model.embeddings.position_embedding.weight")).toBe(1);
  expect(scale("vision_model.encoder.layers.0.mlp.fc1.weight")).toBe(1);
  expect(scale("logit_scale")).toBe(1);
});
