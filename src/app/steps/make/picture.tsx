import { useEffect, useRef } from "preact/hooks";
import type { RunView } from "../../runs/run-view.ts";
import { Tile } from "../../parts/tile.tsx";
import type { Lane, LanePicture, Look } from "./lanes.ts";

/** A picture that no file holds yet. */
const Pixels = ({ look, size }: { readonly look: Extract<Look, { kind: "pixels" }>; readonly size: number }) => {
  const element = useRef<HTMLCanvasElement>(null);
  const { width, height, pixels } = look;
  useEffect(() => {
    const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let i = 0; i < width * height; i++) rgba.set(pixels.subarray(i * 3, i * 3 + 3), i * 4);
    element.current?.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }, [pixels]);
  const sides = { width: `${size}px`, height: `${size}px` };
  return <canvas class="tile" ref={element} width={width} height={height} style={sides} />;
};

/** A lane's picture, for eyes only: what holds it says in words what it is. @param size pixels a side */
export const Picture = ({
  lane: { source },
  picture: { look },
  size,
  nearest = false,
}: {
  readonly lane: Lane;
  readonly picture: LanePicture;
  readonly size: number;
  /** The held-out picture that is nearest to it. */
  readonly nearest?: boolean;
}) => {
  if (look.kind === "pixels") return <Pixels look={look} size={size} />;
  const view = source as RunView;
  const { set, classIndex, column } = look;
  return (
    <span aria-hidden="true" class="picture">
      <Tile {...{ view, gallery: view.gallery!, set, classIndex, column, size, nearest }} label="" />
    </span>
  );
};
