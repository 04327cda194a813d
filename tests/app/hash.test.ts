import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeConfig, encodeConfig, longestCode } from "../../src/app/config-code.ts";
import { emptyHash, formatHash, parseHash, type PageHash } from "../../src/app/hash.ts";
import { sideIds, stepIds } from "../../src/app/route.ts";
import { FormatError } from "../../src/errors.ts";
import { conditionIds } from "../../src/experiment/conditions.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";

/** Fields of specs as a page would send them; every one is valid. */
const specs = fc.record(
  {
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
    seed: fc.nat(1e9),
    classes: fc.oneof(fc.constant("all"), fc.integer({ min: 2, max: 24 })),
    conditions: fc.subarray([...conditionIds()], { minLength: 1 }),
    generator: fc.record({
      steps: fc.integer({ min: 1, max: 100 }),
      guidance: fc.double({ min: 1, max: 20, noNaN: true }),
    }),
    sets: fc.record({ n: fc.integer({ min: 1, max: 10 }), ratio: fc.double({ min: 0.1, max: 10, noNaN: true }) }),
    train: fc.record({ maxEpochs: fc.integer({ min: 1, max: 270 }), batch: fc.integer({ min: 1, max: 512 }) }),
  },
  { requiredKeys: [] },
);

const hashes: fc.Arbitrary<PageHash> = fc.record({
  place: fc.option(fc.constantFrom(...stepIds, ...sideIds)),
  config: fc.option(specs),
  lesson: fc.option(fc.constantFrom(10, 45, 90)),
  hide: fc.uniqueArray(fc.constantFrom(...stepIds), { maxLength: stepIds.length - 1 }),
  lock: fc.boolean(),
  start: fc.option(fc.constantFrom(...stepIds)),
  others: fc.dictionary(fc.stringMatching(/^x[a-z]{1,6}$/), fc.string({ maxLength: 20 }), { noNullPrototype: true }),
});

describe("the page's link", () => {
  test("500 random links with valid specs come back as they went, and are short", () => {
    fc.assert(
      fc.property(hashes, (hash) => {
        const text = formatHash(hash);
        expect(text.length).toBeLessThan(longestCode);
        const { hash: read, problems } = parseHash(text);
        expect(problems).toEqual([]);
        expect(read).toEqual(JSON.parse(JSON.stringify(hash)));
        if (read.config !== null) {
          expect(parseSpec(JSON.stringify(read.config))).toEqual(parseSpec(JSON.stringify(hash.config)));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a link that leaves out all steps leaves out none, and says so", () => {
    const { hash, problems } = parseHash(`#hide=${stepIds.join(",")}`);
    expect(hash.hide).toEqual([]);
    expect(problems.join()).toContain("hide: expected fewer than all steps");
  });

  test("what it says wrongly is named and left out, and the rest holds", () => {
    const { hash, problems } = parseHash("#step=nowhere&lesson=11&hide=why,moon&lock=2&start=runs&c=%25%25&v=3&xnew=1");
    expect(hash).toEqual({ ...emptyHash, hide: ["why"], others: { xnew: "1" } });
    expect(problems).toHaveLength(7);
    expect(problems.find((text) => text.includes("lesson"))).toBe('link: lesson: expected 10, 45 or 90, got "11"');
  });

  test("any text is read without failing", () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseHash(`#c=${text}`).problems)));
  });
});

describe("a configuration's code", () => {
  test("a configuration too large for a link is refused with its length", () => {
    const random = Array.from({ length: 3000 }, (_, i) => Math.sin(i)).join();
    expect(() => encodeConfig({ random })).toThrow(FormatError);
  });

  test("a code that lost letters, or is none, is named without a decoder's own words", () => {
    const code = encodeConfig({ classes: 4, conditions: ["real-10", "retrieval"] });
    for (const [bad, shown] of [
      [code.slice(0, -9), `${code.slice(0, 20)}…`],
      ["!!", "!!"],
      ["", ""],
    ] as const)
      expect(() => decodeConfig(bad)).toThrow(
        `link: c: expected a configuration as this page writes it, got “${shown}”, which is cut short or changed`,
      );
  });

  test("a code that would inflate to far more than a spec is no configuration", () => {
    const bomb = encodeConfig({ name: "a".repeat(200_000) });
    expect(bomb.length).toBeLessThan(longestCode);
    expect(() => decodeConfig(bomb)).toThrow(FormatError);
  });
});
