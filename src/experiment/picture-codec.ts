/** The codec that every picture of a run passes before a classifier sees it. */
import type { Image } from "../data/image.ts";
import { throughJpeg } from "../data/jpeg.ts";
import type { LabelledImages } from "../training/classifier.ts";

/** `lossless`, or JPEG of a quality from 1 to 100. */
export type PictureCodec = "lossless" | `jpeg:${number}`;

/** Whether a text names a codec. */
export function isPictureCodec(text: string): text is PictureCodec {
  const quality = /^jpeg:(\d{1,3})$/.exec(text)?.[1];
  return text === "lossless" || (quality !== undefined && Number(quality) >= 1 && Number(quality) <= 100);
}

/** The same pictures after the codec, each sent through it when it is first asked for. */
export function throughCodec(images: LabelledImages, codec: PictureCodec): LabelledImages {
  if (codec === "lossless") return images;
  const quality = Number(codec.slice("jpeg:".length));
  const done = new Map<number, Image>();
  return {
    ...images,
    image: (index) => {
      const image = done.get(index) ?? throughJpeg(images.image(index), quality);
      done.set(index, image);
      return image;
    },
  };
}
