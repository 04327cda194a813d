/** What a reader of somebody's own files accepts at most, so that no file can fill the memory or the time. */
export interface Limits {
  /** bytes an archive may inflate to in all */
  readonly inflatedBytes: number;
  /** files and directories of an archive */
  readonly entries: number;
  /** bytes given for each byte taken by one deflate stream, looked at once it has given `ratioFromBytes` */
  readonly inflationRatio: number;
  /** bytes below which any ratio is well: a short run of one colour inflates by hundreds */
  readonly ratioFromBytes: number;
  /** pixels along either side of an image */
  readonly imageSide: number;
  /** width · height of an image */
  readonly imagePixels: number;
  /** bytes of an encoded image */
  readonly imageFileBytes: number;
}

/** Bytes of UTF-8 in the whole path of an archive's entry: what file systems and ustar allow a name. */
export const MAX_NAME_BYTES = 255;

/** The bounds of every import; tests pass smaller ones. Both sides at their bound would be 67 MP: the area has its own. */
export const defaultLimits: Limits = {
  inflatedBytes: 2 * 1024 ** 3,
  entries: 200_000,
  inflationRatio: 100,
  ratioFromBytes: 1024 ** 2,
  imageSide: 8192,
  imagePixels: 16_777_216,
  imageFileBytes: 20_000_000,
};
