import { useEffect, useRef } from "preact/hooks";

/** A picture that no file holds, drawn with hard pixels. */
export const PixelCanvas = ({
  width,
  height,
  pixels,
  size,
  label,
}: {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], 8-bit RGB */
  readonly pixels: Uint8Array;
  /** Pixels a side on the page. */
  readonly size: number;
  /** What it is, in words, never what it shows; without them it is for eyes only. */
  readonly label?: string;
}) => {
  const element = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let i = 0; i < width * height; i++) rgba.set(pixels.subarray(i * 3, i * 3 + 3), i * 4);
    element.current?.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }, [pixels]);
  const sides = { width: `${size}px`, height: `${size}px` };
  const said = label === undefined ? { "aria-hidden": true } : { role: "img" as const, "aria-label": label };
  return <canvas class="tile" ref={element} width={width} height={height} style={sides} {...said} />;
};
