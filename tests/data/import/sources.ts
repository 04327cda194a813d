/** Small sources of pictures for tests. */
import { gather, type Gathered, type ImageCodec } from "../../../src/data/import/gather.ts";

/** A PNG's first bytes: enough for `imageHeader`, which the tests' codec follows by colours instead of decoding. */
export function pictureBytes(colour: number): Uint8Array {
  const bytes = new Uint8Array(34);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  bytes.set([0, 0, 0, 4, 0, 0, 0, 4, 8, 2, 0, 0, 0, 0x26, 0x93, 0x09, 0x29], 16);
  bytes[33] = colour;
  return bytes;
}

/** Takes a picture's last byte for its colour; 255 cannot be decoded. */
export const colourCodec: ImageCodec = {
  decode: (bytes, resolution) => {
    const colour = bytes.at(-1)!;
    if (colour === 255) return Promise.reject(new Error("premature end of the picture"));
    return Promise.resolve(new Uint8Array(resolution * resolution * 3).fill(colour));
  },
  resize: ({ data }, resolution) => Promise.resolve(new Uint8Array(resolution * resolution * 3).fill(data[0]!)),
};

/** Files by path: pictures by their colour, texts as they are. */
export async function gathered(files: Readonly<Record<string, number | string | Uint8Array>>): Promise<Gathered> {
  async function* stream() {
    for (const [path, content] of Object.entries(files)) {
      const bytes =
        typeof content === "number"
          ? pictureBytes(content)
          : typeof content === "string"
            ? new TextEncoder().encode(content)
            : content;
      yield await Promise.resolve({ path, bytes });
    }
  }
  return gather(stream(), colourCodec, { resolution: 2, where: "source" });
}
