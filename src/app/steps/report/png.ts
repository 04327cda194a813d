/** Figures as pixels. */
import { FormatError } from "../../../errors.ts";

/**
 * An SVG drawn by the browser, on white.
 *
 * @param svg a whole document with its width and height, as figures have them
 * @param scale pixels for each unit of the drawing
 * @returns a PNG file
 * @throws FormatError when the browser cannot draw it, or not so large
 */
export async function pngOf(svg: Uint8Array, scale = 2): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([svg as Uint8Array<ArrayBuffer>], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode().catch((error: unknown) => {
      throw new FormatError("figure", "an SVG that the browser draws", String(error));
    });
    return await draw(image, scale);
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function draw(image: HTMLImageElement, scale: number): Promise<Uint8Array> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const size = `${canvas.width} × ${canvas.height} pixels`;
  const context = canvas.getContext("2d");
  if (context === null) throw new FormatError("figure", "a canvas", size);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new FormatError("figure", "a size that the browser can draw", size);
  return new Uint8Array(await blob.arrayBuffer());
}
