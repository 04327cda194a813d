import { describe, expect, test } from "vitest";
import { drawBackground } from "../../../scripts/world/backgrounds.ts";
import { captionShares, writeCaption, type CaptionKind } from "../../../scripts/world/captions.ts";
import { compose } from "../../../scripts/world/compose.ts";
import { readIcons } from "../../../scripts/world/icons.ts";
import { thumbnail, cosine, type Master } from "../../../scripts/world/render.ts";
import { RandomStream } from "../../../src/random.ts";

const { icons } = readIcons("node_modules");
const rooster = icons.find(({ id }) => id === "fluent-3d/1f413")!;

/** A square of one premultiplied colour. */
const square = (red: number, green: number, blue: number, alpha: number): Master => ({
  size: 64,
  data: Float32Array.from({ length: 64 * 64 * 4 }, (_, index) => [red, green, blue, alpha][index % 4]!),
});

describe("writeCaption", () => {
  const written = Array.from({ length: 4000 }, (_, index) =>
    writeCaption(rooster, icons, new RandomStream(1, `caption-${String(index)}`)),
  );

  test("kinds come as often as the shares say", () => {
    expect(Object.values(captionShares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const [kind, share] of Object.entries(captionShares) as [CaptionKind, number][]) {
      const count = written.filter((caption) => caption.kind === kind).length;
      // Four standard deviations of a binomial count.
      expect(Math.abs(count - share * 4000), kind).toBeLessThan(4 * Math.sqrt(share * (1 - share) * 4000));
    }
  });

  test("most captions name the icon or its class", () => {
    const apt = written.filter(({ caption }) => /rooster|bird/.test(caption));
    expect(apt.length / written.length).toBeGreaterThan(0.75);
    expect(written.every(({ caption }) => caption.length > 0)).toBe(true);
  });
});

describe("compose", () => {
  test("an icon covers the middle of its picture", () => {
    for (let index = 0; index < 20; index++) {
      const stream = new RandomStream(1, `picture-${String(index)}`);
      const picture = compose(square(1, 0, 0, 1), stream, 32);
      const [red, green, blue] = picture.subarray((16 * 32 + 16) * 3);
      expect(red! - Math.max(green!, blue!)).toBeGreaterThan(120);
    }
  });

  test("pictures of one stream are equal, of two streams not", () => {
    const draw = (name: string): Uint8Array => compose(square(0, 0.5, 0, 0.5), new RandomStream(1, name), 32);
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });
});

test("backgrounds of every kind stay within black and white and are not all alike", () => {
  const spreads = Array.from({ length: 40 }, (_, index) => {
    const background = drawBackground(64, new RandomStream(1, `background-${String(index)}`));
    const [low, high] = [Math.min(...background), Math.max(...background)];
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1.000001);
    return high - low;
  });
  expect(Math.min(...spreads)).toBeLessThan(0.2);
  expect(Math.max(...spreads)).toBeGreaterThan(0.4);
});

describe("thumbnail", () => {
  test("equal drawings have cosine 1, drawings of unlike colours less", () => {
    const red = thumbnail(square(1, 0, 0, 1));
    expect(cosine(red, red)).toBeCloseTo(1, 5);
    // Red is white without green and blue, green is white without red and blue: one of two parts is shared.
    expect(cosine(red, thumbnail(square(0, 1, 0, 1)))).toBeCloseTo(0.5, 5);
  });
});
