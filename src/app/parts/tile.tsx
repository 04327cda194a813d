import type { Gallery, GallerySet } from "../../experiment/gallery.ts";
import type { RunView } from "../runs/run-view.ts";

/** Which picture of a gallery. */
export interface TileProps {
  readonly view: RunView;
  readonly gallery: Gallery;
  readonly set: GallerySet;
  readonly classIndex: number;
  readonly column: number;
  /** What it is, in words; never what it shows, which nobody has checked. */
  readonly label: string;
  /** Pixels a side on the page. */
  readonly size?: number;
  /** The same place of the atlas of nearest held-out pictures. */
  readonly nearest?: boolean;
}

/** One picture out of an atlas, drawn with hard pixels. */
export const Tile = ({ view, gallery, set, classIndex, column, label, size = 64, nearest = false }: TileProps) => {
  const atlas = nearest ? set.nearestAtlas : set.atlas;
  if (atlas === null) return null;
  const rows = set.classes.length;
  return (
    <span
      class="tile"
      role="img"
      aria-label={label}
      style={{
        width: `${size}px`,
        height: `${size}px`,
        backgroundImage: `url("${view.url(atlas)}")`,
        backgroundSize: `${gallery.columns * size}px ${rows * size}px`,
        backgroundPosition: `${-column * size}px ${-classIndex * size}px`,
      }}
    />
  );
};
