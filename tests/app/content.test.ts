import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exercises } from "../../src/app/content/exercises.ts";
import { glossaryEntries, termAnchor } from "../../src/app/content/glossary.ts";
import { explainedIds, explainedMethod, explainedMethods, parts } from "../../src/app/content/methods.ts";
import { paperGap, paperSetting, paperSettings, withMissingClasses } from "../../src/app/content/paper.ts";
import { parseHash } from "../../src/app/hash.ts";
import { stepIds } from "../../src/app/route.ts";
import { addCondition, conditionIds, conditionOf } from "../../src/experiment/conditions.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";
import { specSchema } from "../../src/experiment/spec.ts";

const folder = "docs/lessons";
const lesson = (name: string): string => readFileSync(`${folder}/${name}`, "utf8");
const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));

// Before any method of a file is added.
const builtIn = [...conditionIds()];

describe("methods", () => {
  test("every condition of the project is explained, in its order, and no other is", () => {
    expect(explainedMethods.map(({ id }) => id)).toEqual(builtIn);
    expect([...explainedIds]).toEqual(builtIn);
    expect(explainedMethod("nobody's")).toBeNull();
  });

  test.each(explainedMethods.map((method) => [method.id, method] as const))(
    "%s has its condition's family",
    (id, method) => {
      expect(method.family).toBe(conditionOf(id).family);
    },
  );

  test("what is trained is lit as trained, and nothing else is", () => {
    for (const { id, trains, lit } of explainedMethods)
      expect(
        parts.some((part) => lit[part] === "trained"),
        id,
      ).toBe(trains !== null);
  });

  test("the denoiser runs for every method that samples, and for no other", () => {
    for (const { id, relativeCost, lit } of explainedMethods)
      expect(lit.denoiser !== "unused", id).toBe(relativeCost.sampling > 0);
  });

  test("shares of a sampling are the defaults of the spec", () => {
    const { methods } = specSchema.parse({});
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(explainedMethod("boomerang")?.relativeCost.sampling).toBe(methods.boomerang.noiseLevel);
    expect(explainedMethod("da-fusion")?.relativeCost.sampling).toBe(mean(methods["da-fusion"].strengths));
    expect(explainedMethod("retrieve-and-generate")?.relativeCost.sampling).toBe(
      1 - methods["retrieve-and-generate"].retrieved,
    );
  });

  test("rounds of learning are the defaults of the spec, of every method that has some", () => {
    const methods = specSchema.parse({}).methods as Readonly<Record<string, { readonly maxEpochs?: number }>>;
    for (const { id, relativeCost } of explainedMethods) {
      expect(relativeCost.rounds, id).toBe(methods[id]?.maxEpochs);
      expect(relativeCost.reason.includes("{rounds}"), id).toBe(relativeCost.rounds !== undefined);
    }
  });

  test("a rank says what it stands for", () => {
    for (const { id, relativeCost, lit, trains } of explainedMethods) {
      const { rank, sampling } = relativeCost;
      if (lit.denoiser === "trained") expect(rank, id).toBe(5);
      else if (trains !== null) expect(rank, id).toBe(4);
      else if (sampling > 0) expect(rank, id).toBe(sampling < 1 ? 2 : 3);
      else expect(rank, id).toBe(lit.pool === "fixed" ? 1 : 0);
    }
  });

  test("the paper's eleven methods have its eleven numbers", () => {
    const numbers = explainedMethods.flatMap(({ paperNumber }) => paperNumber ?? []).sort((a, b) => a - b);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe("the paper", () => {
  const main = paperSetting("imagenet-10");

  test("every setting has a place for every condition, and numbers only for what the paper has", () => {
    for (const { byCondition } of paperSettings) {
      expect(Object.keys(byCondition)).toEqual(builtIn);
      for (const { id, paperName } of explainedMethods) if (paperName === null) expect(byCondition[id], id).toBeNull();
    }
    const named = explainedMethods.filter(({ paperName }) => paperName !== null);
    for (const { id } of named) expect(main.byCondition[id], id).not.toBeNull();
  });

  test("figure 1 shows the best of each family of table 1", () => {
    const best = (family: string): number =>
      Math.max(...explainedMethods.flatMap((m) => (m.family === family ? (main.byCondition[m.id]?.mean ?? []) : [])));
    expect(best("real")).toBe(57.2);
    expect(best("prompt")).toBe(60.9);
    expect(best("personalised")).toBe(61.2);
    expect(best("retrieval")).toBe(62.6);
  });

  test("its main gap is six standard errors, and those of its other data sets are below one", () => {
    const gap = ({ byCondition }: typeof main): number =>
      paperGap(byCondition.retrieval!, byCondition["pseudoword-dm"]!)!.z;
    expect(gap(main)).toBeCloseTo(6.26, 2);
    expect(gap(paperSetting("imagenet-full"))).toBeCloseTo(0.71, 2);
    expect(gap(paperSetting("caltech-256"))).toBeCloseTo(0.6, 2);
  });

  test("a number without an error has no gap", () => {
    const { baseline, byCondition } = paperSetting("imagenet-full");
    expect(paperGap(byCondition.retrieval!, baseline)).toBeNull();
  });

  test("the ten classes that were left out could not have turned its result", () => {
    const retrieval = withMissingClasses(62.6, 990, 10);
    const generated = withMissingClasses(61.2, 990, 10);
    expect(retrieval.worst).toBeCloseTo(61.974);
    expect(generated.best).toBeCloseTo(61.588);
  });
});

describe("the glossary", () => {
  const terms = glossaryEntries.map(({ term }) => term);

  test("stands in alphabetical order, each term once, each with an address of its own", () => {
    expect(terms).toEqual([...terms].sort((a, b) => a.localeCompare(b, "en")));
    expect(new Set(terms.map(termAnchor)).size).toBe(terms.length);
    expect(termAnchor("overlap (Jaccard)")).toBe("overlap-jaccard");
  });

  test("related terms exist and are others", () => {
    for (const { term, related } of glossaryEntries) {
      for (const other of related) expect(terms, `${term} → ${other}`).toContain(other);
      expect(related).not.toContain(term);
      expect(related.length, term).toBeGreaterThan(0);
    }
  });
});

/** Words of a shell command without its quotes. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");

describe("exercises", () => {
  test("are nine, numbered from 1, each at a step of the story", () => {
    expect(exercises.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { step } of exercises) expect(stepIds).toContain(step);
  });

  test.each([10, 45, 90] as const)("the plan of %i minutes holds its exercises and no others", (minutes) => {
    const text = lesson(`${String(minutes)}-minutes.md`);
    const timetable = text.slice(text.indexOf("| minutes"));
    for (const { id, plans } of exercises) {
      const named = new RegExp(`exercises? (\\d(, | and ))*${String(id)}\\b`, "i").test(timetable);
      expect(named, `exercise ${String(id)}`).toBe(plans.includes(minutes));
    }
  });

  test("the key answers every exercise, and holds its commands", () => {
    const key = lesson("answers.md");
    for (const { id, title, commands } of exercises) {
      expect(key).toContain(`## Exercise ${String(id)}: ${title}\n`);
      for (const command of commands) expect(key).toContain(command);
    }
  });

  test("commands name verbs that exist, and fields and values that a spec takes", () => {
    const verbs = readFileSync("src/cli/main.ts", "utf8");
    addCondition("retrieve-then-vary", { label: "+ retrieved and varied", family: "retrieval" });
    for (const command of exercises.flatMap(({ commands }) => commands)) {
      const [npm, run, silent, rog, dashes, verb, ...rest] = wordsOf(command);
      expect([npm, run, silent, rog, dashes].join(" ")).toBe("npm run -s rog --");
      expect(verbs).toMatch(new RegExp(`\\b${verb!}: \\{`));
      const config = rest[rest.indexOf("-c") + 1];
      if (!rest.includes("-c")) continue;
      const fields = rest.filter((word) => /^[a-zA-Z.]+=/.test(word));
      const overrides = fields.map((field) => (rest[rest.indexOf(field) - 1] === "--over" ? firstOf(field) : field));
      expect(() => parseSpec(readFileSync(config!, "utf8"), config, overrides), command).not.toThrow();
    }
  });
});

/** `a=[1, 2]` as `a=1`. */
const firstOf = (axis: string): string => axis.replace(/=\[([^,\]]+).*/, "=$1");

describe("the lesson plans", () => {
  test.each(pages)("every link of %s is read without a problem", (name) => {
    const links = [...lesson(name).matchAll(/`?(#[a-z]+=[^`\s]+)/g)].map(([, link]) => link!);
    for (const link of links) expect(parseHash(link).problems, link).toEqual([]);
    if (name !== "answers.md") expect(links.length).toBeGreaterThan(0);
  });

  test.each(pages)("every page that %s leads to exists", (name) => {
    for (const [, target] of lesson(name).matchAll(/\]\(([^)#]+)\)/g))
      expect(() => readFileSync(`${folder}/${target!}`), target).not.toThrow();
  });
});
