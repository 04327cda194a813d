import { describe, expect, test } from "vitest";
import { assignParts } from "../../../scripts/world/build.ts";
import { classOf, classRules } from "../../../scripts/world/classes.ts";
import { normalizeCode, slug } from "../../../scripts/world/concepts.ts";
import { readIcons } from "../../../scripts/world/icons.ts";

const { icons, reports } = readIcons("node_modules");
const byId = new Map(icons.map((icon) => [icon.id, icon]));
const labelOf = (id: string): string | undefined => byId.get(id)?.concept.label;

describe("names and code points", () => {
  test("code points lose variation selectors and gain capitals and leading zeros", () => {
    expect(normalizeCode("1f3f3-fe0f")).toBe("1F3F3");
    expect(normalizeCode("0023-fe0f-20e3")).toBe("0023-20E3");
    expect(normalizeCode("a9")).toBe("00A9");
  });

  test("slugs have neither accents nor apostrophes", () => {
    expect(slug("Woman’s Clothes")).toBe("womans-clothes");
    expect(slug("piñata: big")).toBe("pinata-big");
  });
});

describe("readIcons", () => {
  test("each way of naming icons leads to the concept: code point, slug, joined slug, numbered slug, file name", () => {
    expect(labelOf("noto/rooster")).toBe("rooster");
    expect(labelOf("emojione/rooster")).toBe("rooster");
    expect(labelOf("fxemoji/alienmonster")).toBe("alien monster");
    expect(labelOf("streamline/birthday-cake-1")).toBe("birthday cake");
    expect(labelOf("fluent-3d/1f413")).toBe("rooster");
  });

  test("no icon is a flag or has a skin tone", () => {
    expect(icons.filter(({ id }) => /skin-tone|1f3f[b-f]|flag-for/i.test(id))).toEqual([]);
    expect(byId.has("streamline/australia")).toBe(false);
    expect(icons.filter(({ concept }) => concept.subgroup === "country-flag")).toEqual([]);
  });

  test("gendered variants are one concept, drawn by the neutral one", () => {
    const runners = icons.filter(({ vendor, concept }) => vendor === "noto" && concept.label.endsWith(" running"));
    expect(runners.map(({ id }) => id)).toEqual(["noto/person-running"]);
  });

  test("a vendor has one icon a concept, unless its doubles differ", () => {
    const pairs = icons
      .filter(({ vendor }) => vendor !== "streamline" && vendor !== "flat-color-icons")
      .map(({ vendor, concept }) => `${vendor} ${concept.key}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  test("most of every package is found, and what is not is listed", () => {
    for (const { source, icons: count } of reports) expect(count, source.vendor).toBeGreaterThan(300);
    expect(reports.find(({ source }) => source.vendor === "fxemoji")?.unmapped).toContain("celticcross");
  });
});

describe("assignParts", () => {
  const plans = assignParts(icons, 1);
  const pool = plans.filter(({ part }) => part === "pool");
  const target = plans.filter(({ part }) => part !== "pool");

  test("no class image of a target vendor is in the pool", () => {
    const leaks = pool.filter(({ icon }) => icon.role === "target" && classOf(icon.concept) !== null);
    expect(leaks).toEqual([]);
    expect(pool.some(({ icon }) => icon.role === "target")).toBe(true);
    expect(target.every(({ icon }) => icon.role === "target")).toBe(true);
  });

  test("an icon is in one part only", () => {
    const seen = plans.map(({ icon }) => icon.id);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("each of the 24 classes has between 40 icons and its cap, and all three splits", () => {
    expect(classRules).toHaveLength(24);
    classRules.forEach((rule, index) => {
      const members = target.filter(({ classIndex }) => classIndex === index);
      expect(members.length, rule.key).toBeGreaterThanOrEqual(40);
      expect(members.length, rule.key).toBeLessThanOrEqual(Math.min(rule.cap, 100));
      expect(new Set(members.map(({ part }) => part)).size, rule.key).toBe(3);
    });
  });
});
