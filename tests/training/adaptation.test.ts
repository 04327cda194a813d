import { describe, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import type { Values, Variables } from "../../src/backends/backend.ts";
import { MissingError } from "../../src/errors.ts";
import { loadNetworks } from "../../src/experiment/lab-models.ts";
import { gappedTexts } from "../../src/models/clip/pseudo-word.ts";
import { RandomStream } from "../../src/random.ts";
import type { AdaptationGroup, AdaptationRecipe } from "../../src/training/adaptation-recipe.ts";
import { adapt } from "../../src/training/adaptation.ts";
import { randomModels, tinyConfigs } from "../experiment/tiny-models.ts";

const files = await randomModels(tinyConfigs);
const read = (path: string): Promise<Uint8Array> => {
  const bytes = files.get(path);
  return bytes ? Promise.resolve(bytes) : Promise.reject(new MissingError("models", path));
};

/** Networks with random weights on the f64 reference. */
async function lab() {
  const backend = new ReferenceBackend();
  const { networks, variables } = await loadNetworks(backend, read, ["clip", "unet"]);
  const { unet, clip, tokenizer, contextShape } = networks;
  // Fresh networks end their residual branches in zeros, behind which nothing is learned.
  for (const { name, shape, dtype } of unet.parameters.list()) {
    const random = new RandomStream(3, name);
    const values = (await variables.get(name)).map((value) => value + 0.3 * (random.uniform() - 0.5));
    variables.set(name, { shape, dtype }, values);
  }
  const texts = (templates: readonly string[]) => gappedTexts(tokenizer, templates, contextShape[0]);
  const adapted = { unet, text: clip.text, latentShape: networks.latentShape, texts };
  return { backend, variables, networks: adapted, contextShape };
}

const size = 8 * 8 * 4;
const latents = (name: string): Float32Array => {
  const random = new RandomStream(1, name);
  return Float32Array.from({ length: size }, () => random.uniform() * 2 - 1);
};

function groupOf(key: string, pictures: number, width: number): AdaptationGroup {
  const random = new RandomStream(2, key);
  return {
    key,
    pictures: Array.from({ length: pictures }, (_, i) => {
      const name = `${key} ${String(i)}`;
      return [latents(name), latents(`${name} mirrored`)] as const;
    }),
    validation: [latents(`${key} validation`)],
    start: Float32Array.from({ length: width }, () => random.uniform() - 0.5),
  };
}

const recipe: AdaptationRecipe = {
  learns: "conditioning",
  templates: [],
  trainsDenoiser: false,
  rate: 0.02,
  denoiserRate: 0,
  weightDecay: 0,
  examples: 2,
  atOnce: 2,
  maxEpochs: 2,
  patience: 2,
  checkpoint: 2,
  flip: 0.5,
  draws: 2,
  stream: "test",
  seed: 5,
};
const words = { learns: "pseudo-word", templates: ["a {} thing", "a photo of a {}"] } as const;

async function snapshot(variables: Variables): Promise<ReadonlyMap<string, Values>> {
  const all = new Map<string, Values>();
  for (const name of variables.names()) all.set(name, (await variables.get(name)).slice());
  return all;
}

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe("with a frozen denoiser", () => {
  test.each([
    ["conditioning", recipe],
    ["pseudo-word", { ...recipe, ...words }],
  ] as const)("a %s is learned and every weight stays as it was, bit for bit", async (_, asked) => {
    const { backend, variables, networks, contextShape } = await lab();
    const width = asked.learns === "conditioning" ? contextShape[0] * contextShape[1] : contextShape[1];
    const groups = [groupOf("red", 3, width), groupOf("green", 2, width)];
    const before = await snapshot(variables);
    const learned = (await adapt(backend, variables, networks, groups, asked))!;
    expect(await snapshot(variables)).toEqual(before);
    expect(learned.denoiser).toBeUndefined();
    groups.forEach(({ start }, i) => {
      expect(distance(learned.rows[i]!, start)).toBeGreaterThan(0.01);
    });
    expect(learned.courses.map(({ kept, epochs }) => [kept, epochs.length])).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  test("a group learns the same alone, beside another and in a wave of its own", async () => {
    const { backend, variables, networks, contextShape } = await lab();
    const width = contextShape[0] * contextShape[1];
    const groups = [groupOf("red", 3, width), groupOf("green", 5, width), groupOf("blue", 2, width)];
    const beside = (await adapt(backend, variables, networks, groups, recipe))!;
    for (const [i, group] of groups.entries()) {
      const alone = (await adapt(backend, variables, networks, [group], recipe))!;
      expect(distance(alone.rows[0]!, beside.rows[i]!)).toBeLessThan(1e-6);
      expect(alone.courses[0]!.epochs.length).toBe(beside.courses[i]!.epochs.length);
    }
  });

  test("the loss on its pictures falls", async () => {
    const { backend, variables, networks, contextShape } = await lab();
    const group = groupOf("red", 4, contextShape[0] * contextShape[1]);
    const still = { ...group, pictures: group.pictures.map(([plain]) => [plain, plain] as const) };
    const alike = { ...still, validation: still.pictures.map(([plain]) => plain) };
    const long = { ...recipe, rate: 0.1, maxEpochs: 12, checkpoint: "best-validation", patience: 12 } as const;
    const { epochs, kept } = (await adapt(backend, variables, networks, [alike], long))!.courses[0]!;
    expect(epochs[kept - 1]!.validation).toBeLessThan(epochs[0]!.validation);
  });
});

describe("with a trained denoiser", () => {
  test("every weight of the denoiser is learned, none of the text tower, and the networks' own come back", async () => {
    const { backend, variables, networks, contextShape } = await lab();
    const groups = [groupOf("red", 3, contextShape[1]), groupOf("green", 2, contextShape[1])];
    const asked = { ...recipe, ...words, trainsDenoiser: true, denoiserRate: 1e-3 };
    const before = await snapshot(variables);
    const learned = (await adapt(backend, variables, networks, groups, asked))!;
    expect(await snapshot(variables)).toEqual(before);
    expect(learned.rows).toHaveLength(2);
    const names = [...learned.denoiser!.keys()];
    expect(names.every((name) => name.startsWith("unet."))).toBe(true);
    const changed = names.filter(
      (name) => distance(learned.denoiser!.get(name) as Float32Array, before.get(name) as Float32Array) > 0,
    );
    expect(changed).toHaveLength(names.length);
  });

  test("stopped, it gives nothing and leaves nothing behind", async () => {
    const { backend, variables, networks, contextShape } = await lab();
    const groups = [groupOf("red", 3, contextShape[1])];
    const controller = new AbortController();
    const asked = { ...recipe, ...words, trainsDenoiser: true, denoiserRate: 1e-3, examples: 1 };
    const before = await snapshot(variables);
    const onProgress = (): void => {
      controller.abort();
    };
    expect(
      await adapt(backend, variables, networks, groups, asked, { signal: controller.signal, onProgress }),
    ).toBeUndefined();
    expect(await snapshot(variables)).toEqual(before);
  });
});
