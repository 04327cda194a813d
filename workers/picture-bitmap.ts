/** A user's encoded picture as a bitmap. */
import { imageHeader } from "../src/data/import/image-header.ts";
import { checkWhole } from "../src/data/import/whole-picture.ts";
import { FormatError } from "../src/errors.ts";

/**
 * Decodes a picture, turned as EXIF says; of an animation its first frame. Its header is checked before, so that a decoder only
 * sees pictures of bounded size. Whoever asks closes it.
 *
 * @param where names the file in errors
 * @throws FormatError when it is not a whole JPEG, PNG or WebP within the limits
 */
export async function pictureBitmap(bytes: Uint8Array, where: string): Promise<ImageBitmap> {
  const { format } = imageHeader(bytes, where);
  checkWhole(bytes, format, where);
  try {
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${format}` });
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch (error) {
    throw new FormatError(
      where,
      "a picture that can be decoded",
      error instanceof Error ? error.message : String(error),
    );
  }
}
