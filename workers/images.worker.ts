/** Decodes a user's pictures, so that neither the page nor the engine waits for it. */
import { expose, transfer } from "comlink";
import { middleSquare } from "../src/data/middle-square.ts";
import { AdapterError } from "../src/errors.ts";
import { carryErrors } from "./error-transfer.ts";
import { pictureBitmap } from "./picture-bitmap.ts";

/** What the worker does. */
export interface ImagesApi {
  /** @throws AdapterError when the browser does not give pages the pixels of pictures as they are */
  check(): void;
  /**
   * A picture's middle square: turned as EXIF says, in sRGB, on white, its first frame.
   *
   * @param bytes moved here
   * @returns [resolution, resolution, 3]
   * @throws FormatError when it is not a whole picture
   */
  decode(bytes: Uint8Array, resolution: number): Promise<Uint8Array>;
}

/** The file as errors name it; who asks knows its path. */
const where = "the file";

const images: ImagesApi = {
  check: () => {
    const context = contextOf(2, 1);
    context.fillStyle = "#c0ffee";
    context.fillRect(0, 0, 1, 1);
    // Browsers that hide what machine they run on give noise, or one colour, where a page reads a canvas.
    const expected = "192,255,238,255,255,255,255,255";
    const actual = context.getImageData(0, 0, 2, 1).data.join();
    if (actual !== expected) throw new AdapterError("pictures", "the browser changes the pixels that a page reads");
  },
  decode: async (bytes, resolution) => {
    const bitmap = await pictureBitmap(bytes, where);
    try {
      const { width, height } = bitmap;
      const context = contextOf(width, height);
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const pixels = middleSquare({ width, height, data, channels: 4 }, resolution);
      return transfer(pixels, [pixels.buffer]);
    } finally {
      bitmap.close();
    }
  },
};

/** A white canvas in memory that is read and not shown. */
function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new AdapterError("pictures", "the browser gives no canvas of this size");
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  return context;
}

carryErrors();
expose(images);
