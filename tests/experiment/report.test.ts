import { parseDocument } from "yaml";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { FormatError, ShapeError } from "../../src/errors.ts";
import { contactSheet } from "../../src/experiment/contact-sheet.ts";
import { barsFigure, dotsFigure } from "../../src/experiment/figures.ts";
import { escapeText, textWidth } from "../../src/experiment/svg.ts";
import { summarizeConditions, type Results } from "../../src/experiment/record.ts";
import { answerInWords, gapText, renderReport, words } from "../../src/experiment/report.ts";
import { madeUpResults } from "./made-up-results.ts";

const { conditions, chance } = madeUpResults;

async function square(r: number, g: number, b: number): Promise<string> {
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: { r, g, b } } });
  return `data:image/png;base64,${(await image.png().toBuffer()).toString("base64")}`;
}

/** Pixels of an SVG, as any viewer would draw them. */
async function draw(svg: string): Promise<{ at: (x: number, y: number) => number[]; width: number }> {
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number[] => [...data.subarray((y * info.width + x) * 3).subarray(0, 3)];
  return { at, width: info.width };
}

describe("figures", () => {
  test("both charts are drawn, 720 wide, with every label and value in them", async () => {
    for (const svg of [dotsFigure(conditions, chance), barsFigure(conditions, chance)]) {
      expect((await draw(svg)).width).toBe(720);
      for (const text of ["10 % real", "+ retrieved", "+ generated (CLIP prompts)", "20 % real", "53.8 ± 0.4"])
        expect(svg).toContain(text);
    }
  });

  test("a bar reaches as far as its value: twice the accuracy, twice the length", () => {
    const widths = (values: number[]): number[] => {
      const rows = summarizeConditions([
        { id: "real-10", accuracy: [values[0]!] },
        { id: "real-20", accuracy: [values[1]!] },
      ]);
      return [...barsFigure(rows, 0.1).matchAll(/width="([\d.]+)" height="26"/g)].map((match) => Number(match[1]));
    };
    const [short, long] = widths([0.3, 0.6]);
    expect(long! / short!).toBeCloseTo(2, 3);
  });

  test("the bar's family colour is on the page", async () => {
    const picture = await draw(barsFigure(conditions, chance));
    // The first row's middle is at 34 + 22; 40 units into the bar is past the mark.
    expect(picture.at(260, 50)).toEqual([0x00, 0x72, 0xb2]);
  });

  test("chance is drawn where the axis reaches it, and only there", () => {
    expect(barsFigure(conditions, chance)).toContain(">chance<");
    expect(dotsFigure(conditions, chance)).not.toContain(">chance<");
    expect(dotsFigure(conditions, 0.5)).toContain(">chance<");
  });

  test("equal values, zeros and single classifiers are drawn without a NaN", async () => {
    for (const accuracy of [[0.5, 0.5], [0, 0], [1], [1, 1], [0]]) {
      const rows = summarizeConditions([{ id: "real-10", accuracy }]);
      for (const svg of [dotsFigure(rows, chance), barsFigure(rows, chance)]) {
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect((await draw(svg)).width).toBe(720);
      }
    }
  });

  test("no condition is refused", () => {
    expect(() => dotsFigure([], 0.1)).toThrow(ShapeError);
    expect(() => barsFigure([], 0.1)).toThrow(ShapeError);
  });
});

describe("contact sheet", () => {
  const columns = ["target", "generated", "retrieved"];

  test("puts each picture in its class's row and its origin's column", async () => {
    const [red, green, blue] = await Promise.all([square(255, 0, 0), square(0, 255, 0), square(0, 0, 255)]);
    const svg = contactSheet(columns, [
      { label: "bird", cells: [[red, green], [green], [blue]] },
      { label: "a very long list, of lemmas, of cats", cells: [[blue, blue], [red], []] },
    ]);
    const picture = await draw(svg);
    expect(picture.at(170 + 24, 34 + 24)).toEqual([255, 0, 0]);
    expect(picture.at(170 + 51 + 24, 34 + 24)).toEqual([0, 255, 0]);
    expect(picture.at(170 + 99 + 22 + 24, 34 + 51 + 24)).toEqual([255, 0, 0]);
    expect(picture.at(170 + 99 + 22 + 48 + 22 + 24, 34 + 24)).toEqual([0, 0, 255]);
    expect(picture.at(170 + 99 + 22 + 48 + 22 + 24, 34 + 51 + 24)).toEqual([255, 255, 255]);
  });

  test("breaks a long title into lines above its pictures, at most three, and puts a note at the row's end", async () => {
    const red = await square(255, 0, 0);
    const rows = [{ label: "bird", cells: [[red, red], [red]], note: "+1.0 points" }];
    const svg = contactSheet(["generated (pseudo-word and denoiser) of a class", "cat"], rows);
    const texts = [...svg.matchAll(/<text[^>]*y="([\d.]+)"[^>]*>([^<]*)</g)].map(([, y, text]) => [text, Number(y)]);
    expect(texts).toEqual([
      ["generated", 20],
      ["(pseudo-word and", 37],
      ["denoiser) of a…", 54],
      ["cat", 54],
      ["bird", 68 + 24 + 5],
      ["+1.0 points", 68 + 24 + 5],
    ]);
    const picture = await draw(svg);
    expect(picture.at(170 + 24, 68 + 24)).toEqual([255, 0, 0]);
  });

  test("refuses rows of another width and pictures that are not PNG data", () => {
    expect(() => contactSheet(columns, [{ label: "bird", cells: [[]] }])).toThrow(ShapeError);
    expect(() => contactSheet(["a"], [{ label: "bird", cells: [["https://example.org/x.png"]] }])).toThrow(FormatError);
    expect(() => contactSheet(["a"], [{ label: "b", cells: [['data:image/png;base64,AA"/><script>']] }])).toThrow(
      FormatError,
    );
  });
});

describe("report", () => {
  const none = { sheet: null, grid: null, boomerang: null, ends: new Map() };
  const html = renderReport(madeUpResults, { ...none, sheet: contactSheet(["target"], []) });

  test("holds the table: mean, error, n, gap with interval, words", () => {
    const rows = [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map((match) =>
      [...(match[1] ?? "").matchAll(/<t[dh]>(.*?)<\/t[dh]>/g)].map((cell) => cell[1]),
    );
    expect(rows[1]).toEqual(["10 % real", "49.1", "0.6", "3", "−4.7 [−5.2, −4.1]", "below retrieval"]);
    expect(rows[2]?.slice(5)).toEqual(["not separable at n = 3"]);
    expect(rows[3]?.slice(4)).toEqual(["–", "the reference"]);
    expect(rows[4]?.slice(5)).toEqual(["above retrieval"]);
  });

  test("tells a run without retrieval from a single classifier", () => {
    const of = (accuracy: number[]): string[] =>
      summarizeConditions([{ id: "clip-prompts", accuracy }]).map((result) => words(result));
    expect(of([0.5, 0.52, 0.51])).toEqual(["no retrieval to compare with"]);
    expect(of([0.5])).toEqual(["one run: no interval"]);
  });

  test("holds both bootstrap intervals of each gap, and a dash where results of earlier versions have none", () => {
    const [, real, generated] = [...html.matchAll(/<tr>(.*?)<\/tr>/gs)]
      .map((match) => [...(match[1] ?? "").matchAll(/<t[dh]>(.*?)<\/t[dh]>/g)].map((cell) => cell[1]))
      .slice(1 + conditions.length);
    expect(real?.slice(0, 4)).toEqual(["10 % real", "[−4.8, −4.4]", "–", "–"]);
    expect(generated?.slice(1, 4)).toEqual(["[−2.6, +0.5]", "+3.6 [+0.3, +7.0]", "[+2.2, +4.9]"]);
    const earlier = conditions.map((one) => {
      const { bootstrap: _, ...gapToRetrieval } = one.gapToRetrieval ?? { bootstrap: undefined };
      return { ...one, gapToRetrieval: one.gapToRetrieval && (gapToRetrieval as typeof one.gapToRetrieval) };
    });
    const text = renderReport({ ...madeUpResults, conditions: earlier }, none);
    expect(text).toContain("<tr><td>10 % real</td><td>–</td>");
  });

  test("is self-contained: no script, no link out, nothing loaded", () => {
    expect(html).not.toMatch(/<script|javascript:|<link|@import|url\((?!#)/i);
    expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
    expect(html).not.toMatch(/\bundefined\b|NaN|\[object/);
  });

  test("names are text, not markup", () => {
    expect(html).toContain("&lt;b&gt;fish&lt;/b&gt; &amp; chips");
    expect(html).not.toContain("<b>fish");
    expect(escapeText(`<a href="x">'&`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  });

  test("its spec reads back", () => {
    const text = /resolved<\/summary><pre>(.*?)<\/pre>/s.exec(html)?.[1]?.replaceAll("&quot;", '"') ?? "";
    expect(parseDocument(text).toJS()).toEqual(madeUpResults.spec);
  });

  test("a run without audit, deviations or sheet says so", () => {
    const bare = renderReport({ ...madeUpResults, audit: null, deviations: [] }, none);
    expect(bare).toContain("no leak audit");
    expect(bare).toContain("None.");
    expect(bare).not.toContain("<h2>Pictures");
  });
});

describe("charts of long labels", () => {
  const scores = (["real-10", "simple-prompt-nows", "ft-cluster", "pseudoword-dm", "retrieval"] as const).map((id) => {
    return { id, accuracy: [0.3, 0.31] };
  });
  const results = summarizeConditions(scores);

  test.each([
    ["dots", dotsFigure],
    ["bars", barsFigure],
  ] as const)("%s have room for all of each label, and grow by it", (_, draw) => {
    const svg = draw(results, 0.1);
    const [width, more] = [/width="(\d+)"/, /<g transform="translate\((\d+),0\)">/].map((p) => Number(p.exec(svg)![1]));
    expect(width).toBe(720 + more!);
    const labels = [...svg.matchAll(/<text x="(\d+)" y="[\d.]+" text-anchor="end"[^>]*font-size="14">([^<]+)</g)];
    expect(labels).toHaveLength(results.length);
    for (const [, x, label] of labels)
      expect(Number(x) + more! - textWidth(label!, 14), label).toBeGreaterThanOrEqual(0);
  });
});

describe("numbers of an interval", () => {
  // 10 % real of the study of all 24 classes: it ends at -0.0287 points.
  const gap = { mean: -0.0342, low: -0.0681, high: -0.000287, separable: true } as const;
  const [result] = summarizeConditions([{ id: "real-10", accuracy: [0.1, 0.2] }]);

  test("an end beside zero is not written as zero where the interval leaves zero out", () => {
    expect(gapText({ ...result!, gapToRetrieval: gap })).toBe("−3.42 [−6.81, −0.03]");
    expect(gapText({ ...result!, gapToRetrieval: { ...gap, high: -0.0000002 } })).toBe("−3.4200 [−6.8100, 0.0000]");
    expect(gapText({ ...result!, gapToRetrieval: { ...gap, high: 0.0001, separable: false } })).toBe(
      "−3.4 [−6.8, 0.0]",
    );
    expect(gapText({ ...result!, gapToRetrieval: { ...gap, high: -0.011 } })).toBe("−3.4 [−6.8, −1.1]");
  });
});

describe("answerInWords", () => {
  test("names the method where several generate, and the one of the highest mean", () => {
    const conditions = summarizeConditions([
      { id: "boomerang", accuracy: [0.2, 0.21] },
      { id: "clip-prompts", accuracy: [0.26, 0.262] },
      { id: "ft-conditioning", accuracy: [0.28, 0.29] },
      { id: "retrieval", accuracy: [0.27, 0.275] },
    ]);
    expect(answerInWords({ ...madeUpResults, conditions })).toMatch(
      /adding generated ones 26\.1 % \(\+ generated \(CLIP prompts\)\).* Of the 3 generating methods \+ generated \(FT conditioning\) has the highest mean, 28\.5 %\.$/,
    );
  });

  const answer = (generated: number[], retrieved: number[]): string => {
    const scores = [
      { id: "clip-prompts" as const, accuracy: generated },
      { id: "retrieval" as const, accuracy: retrieved },
    ];
    return answerInWords({ ...madeUpResults, conditions: summarizeConditions(scores) } satisfies Results);
  };

  test("claims no winner where the interval holds zero", () => {
    expect(answerInWords(madeUpResults)).toMatch(/not separable at n = 3 \(generated minus retrieved: −1\.0 points/);
  });
  test("names the one that is ahead", () => {
    expect(answer([0.5, 0.51, 0.5], [0.6, 0.61, 0.61])).toContain("retrieval is ahead");
    expect(answer([0.6, 0.61, 0.61], [0.5, 0.51, 0.5])).toContain("generation is ahead");
  });
  test("says nothing of a difference after one run each", () => {
    expect(answer([0.5], [0.6])).toContain("nothing can be said");
  });
  test("without CLIP's prompts another generated condition speaks, by its name", () => {
    const scores = [
      { id: "ft-conditioning" as const, accuracy: [0.5, 0.51] },
      { id: "pseudoword-dm" as const, accuracy: [0.52, 0.5] },
      { id: "retrieval" as const, accuracy: [0.6, 0.59] },
    ];
    const text = answerInWords({ ...madeUpResults, conditions: summarizeConditions(scores) });
    expect(text).toContain("generated ones 51.0 % (+ generated (pseudo-word and denoiser))");
  });
  test("needs both conditions", () => {
    expect(answerInWords({ ...madeUpResults, conditions: [] })).toContain("does not hold both");
  });
});
