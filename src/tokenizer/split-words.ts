/** Opens every prompt. */
export const START_TEXT = "<|startoftext|>";
/** Closes every prompt, and pads it. */
export const END_TEXT = "<|endoftext|>";

// \p{White_Space} and not \s, which in JavaScript has U+FEFF and lacks U+0085.
const SPACES = /\p{White_Space}+/gu;
const WORDS = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;
const MARKERS = /^<\|(startoftext|endoftext)\|>$/;

/**
 * NFC, white space collapsed, lower case. Each character is lowered by itself (a final Σ becomes σ, never ς),
 * as Rust's `char::to_lowercase` does.
 */
const normalise = (text: string): string =>
  Array.from(text.normalize("NFC").replace(SPACES, " "), (character) => character.toLowerCase()).join("");

/**
 * The words that byte-pair encoding works on: runs of letters, single digits, English contractions, and runs of
 * anything else that is not space, in lower case.
 *
 * The split is that of the `CLIPTokenizer` of transformers 5 (the `tokenizers` library), which unlike openai/CLIP
 * neither mends mojibake nor unescapes HTML. Its byte-level step splits once more, which shows only where a marker
 * such as `<|STARTOFTEXT|>` was lowered: it becomes three words.
 */
export const splitWords = (text: string): string[] => {
  const words: string[] = [];
  for (const [word] of normalise(text).matchAll(WORDS)) {
    const marker = MARKERS.exec(word);
    if (marker) words.push("<|", marker[1]!, "|>");
    else words.push(word);
  }
  return words;
};
