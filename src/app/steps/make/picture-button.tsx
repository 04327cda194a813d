import { flagName, flags, flagsOf, type FlagKind } from "./flags.ts";
import { looked } from "./choices.ts";
import { runIdOf, type Lane, type LanePicture } from "./lanes.ts";
import { fullWords, nearestWords } from "./picture-words.ts";
import { Picture } from "./picture.tsx";

/** Pixels a side of every picture in the lanes. */
export const thumbnail = 64;

/** What a picture is called where focus goes back to it. */
export const buttonId = (lane: string, key: string): string => `picture-${lane}-${key}`;

/**
 * Looks at a picture. A click of the mouse leaves the focus where it is; a press of Enter or Space brings it to the details,
 * from where Esc brings it back.
 */
const onClickOf =
  (look: () => void) =>
  (event: MouseEvent): void => {
    look();
    if (event.detail === 0) document.querySelector<HTMLElement>(".picture-details button")?.focus();
  };

/** Marks of what the student and the audit flagged, for eyes only: the picture's words say it too. */
export const PictureMarks = ({
  flags: { length },
  flagged = false,
}: {
  readonly flags: readonly FlagKind[];
  readonly flagged?: boolean | undefined;
}) => (
  <>
    {length > 0 && (
      <span class="flag-mark" aria-hidden="true">
        ⚑{length > 1 && length}
      </span>
    )}
    {flagged && (
      <span class="audit-mark" aria-hidden="true">
        ⚠
      </span>
    )}
  </>
);

/** A picture that can be looked at closely. */
export const PictureButton = ({
  lane,
  picture,
  className,
  isLooked,
}: {
  readonly lane: Lane;
  readonly picture: LanePicture;
  /** The class's name. */
  readonly className: string;
  readonly isLooked: boolean;
}) => {
  const found = flagsOf(flags.value, runIdOf(lane), flagName(lane.id, lane.classKey, picture.key));
  const look = (): void => {
    looked.value = { lane: lane.id, key: picture.key };
  };
  const words = fullWords(lane.id, className, picture, found);
  return (
    <button
      type="button"
      id={buttonId(lane.id, picture.key)}
      class={found.length > 0 ? "picture-button is-flagged" : "picture-button"}
      aria-label={words}
      aria-pressed={isLooked}
      title={words}
      data-flags={found.join(" ")}
      onFocus={look}
      onClick={onClickOf(look)}
    >
      <Picture lane={lane} picture={picture} size={thumbnail} />
      <PictureMarks flags={found} flagged={picture.flagged} />
    </button>
  );
};

/** The held-out picture that is nearest to one; to look at it is to look at that one. */
export const NearestButton = ({
  lane,
  picture,
  isLooked,
}: {
  readonly lane: Lane;
  readonly picture: LanePicture;
  readonly isLooked: boolean;
}) => {
  const look = (): void => {
    looked.value = { lane: lane.id, key: picture.key };
  };
  return (
    <button
      type="button"
      class="picture-button"
      aria-label={nearestWords(picture)}
      aria-pressed={isLooked}
      title={nearestWords(picture)}
      data-similarity={picture.nearest?.similarity}
      onFocus={look}
      onClick={onClickOf(look)}
    >
      <Picture lane={lane} picture={picture} size={thumbnail} nearest />
      <PictureMarks flags={[]} flagged={picture.flagged} />
    </button>
  );
};
