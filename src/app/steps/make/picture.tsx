import { PixelCanvas } from "../../parts/pixel-canvas.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { Tile } from "../../parts/tile.tsx";
import type { Lane, LanePicture } from "./lanes.ts";

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
  if (look.kind === "pixels") return <PixelCanvas {...look} size={size} />;
  const view = source as RunView;
  const { set, classIndex, column } = look;
  return (
    <span aria-hidden="true" class="picture">
      <Tile {...{ view, gallery: view.gallery!, set, classIndex, column, size, nearest }} label="" />
    </span>
  );
};
