import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { places } from "../../src/prompts/places365.ts";
import { clipTemplates, textualInversionTemplates } from "../../src/prompts/template-lists.ts";
import {
  drawPrompt,
  fillTemplate,
  simplePrompt,
  simplePromptWithoutWhitespace,
  withoutWhitespace,
} from "../../src/prompts/templates.ts";
import { RandomStream } from "../../src/random.ts";

const sha256 = (lines: readonly string[]): string => createHash("sha256").update(lines.join("\n")).digest("hex");

describe("the published lists", () => {
  test("CLIP's has 80 different templates and the published bytes", () => {
    expect(new Set(clipTemplates).size).toBe(80);
    expect(sha256(clipTemplates)).toBe("4f976686fb651bb5803d4689dcd849f75efe0ef19a3c801355bc9a6f03c8a5af");
  });

  test("textual inversion's has 27 different templates and the published bytes", () => {
    expect(new Set(textualInversionTemplates).size).toBe(27);
    expect(sha256(textualInversionTemplates)).toBe("371f97a75395160ff3d9224cd0dfa7ac7b21c46fd66e2ffc20c77d5d495707e9");
  });

  test("Places365's has 365 different scenes and the published words", () => {
    expect(new Set(places).size).toBe(365);
    expect(sha256(places)).toBe("eedf058f3821c4a00e5a88254a10bbef060d12cd3a97d890986ec33bd397dbad");
  });

  test("every template has exactly one slot", () => {
    for (const template of [...clipTemplates, ...textualInversionTemplates])
      expect(fillTemplate(template, "X").split("X").length).toBe(2);
  });
});

describe("prompts", () => {
  const name = "tiger shark, Galeocerdo cuvieri";

  test("the simple prompt keeps the name, w(n) drops all its white space", () => {
    expect(simplePrompt(name)).toBe("A photo of tiger shark, Galeocerdo cuvieri.");
    expect(simplePromptWithoutWhitespace(name)).toBe("A photo of tigershark,Galeocerdocuvieri.");
    expect(withoutWhitespace(" a\tb\u00a0c\n")).toBe("abc");
  });

  test("a name with replacement patterns is taken literally", () => {
    expect(fillTemplate("a {} b", "$& $1 {x}")).toBe("a $& $1 {x} b");
  });

  test("a template without a slot or with two is refused", () => {
    expect(() => fillTemplate("a photo", "cat")).toThrow(FormatError);
    expect(() => fillTemplate("{} and {}", "cat")).toThrow(FormatError);
  });

  test("draws repeat by seed and reach every template", () => {
    const draw = (seed: number): string[] => {
      const random = new RandomStream(seed, "templates");
      return Array.from({ length: 1000 }, () => drawPrompt(clipTemplates, "cat", random));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(new Set(draw(1)).size).toBe(80);
  });
});
