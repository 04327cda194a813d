/** Ends the last symbol of a word, so that "cat" and the "cat" of "catalogue" are different tokens. */
export const END_OF_WORD = "</w>";

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** The bytes whose Latin-1 character is visible stand for themselves: `!`–`~`, `¡`–`¬`, `®`–`ÿ`. */
const visible = [...range(0x21, 0x7e), ...range(0xa1, 0xac), ...range(0xae, 0xff)];
const others = range(0, 255).filter((byte) => !visible.includes(byte));

/**
 * The 256 bytes in vocabulary order: token id i is byte `BYTE_ORDER[i]`.
 *
 * Radford et al. 2019, `bytes_to_unicode` of openai/gpt-2, as used by openai/CLIP.
 */
export const BYTE_ORDER: readonly number[] = [...visible, ...others];

/** The printable character that stands for each token id below 256 in a merges file. */
export const BYTE_SYMBOLS: readonly string[] = [
  ...visible.map((byte) => String.fromCodePoint(byte)),
  ...others.map((_, index) => String.fromCodePoint(256 + index)),
];

/** The token id of each byte. */
export const BYTE_IDS: Readonly<Uint8Array> = (() => {
  const ids = new Uint8Array(256);
  BYTE_ORDER.forEach((byte, id) => (ids[byte] = id));
  return ids;
})();

const encoder = new TextEncoder();

/** The byte token ids of a word, before any merge; the last one carries `END_OF_WORD` (+256). */
export const wordToByteIds = (word: string): number[] => {
  const bytes = encoder.encode(word);
  const last = bytes.length - 1;
  return Array.from(bytes, (byte, index) => BYTE_IDS[byte]! + (index === last ? 256 : 0));
};
