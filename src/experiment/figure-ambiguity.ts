/** The figure of where the classes' queries land in the pool. */
import { ambiguityMatrix, type Ambiguity } from "./ambiguity.ts";
import { heat, ink, quietInk } from "./palette.ts";
import { escapeText, fixed, shorten, svgDocument } from "./svg.ts";

const cell = 28;
const left = 176;
/** Room for the last slanted title. */
const right = 120;
/** Between the run's classes and what is not one of them. */
const gap = 10;
/** Letters of a class's name that have room, and units of height that each takes in a slanted title. */
const letters = 22;
const slantedLetter = 5.4;

/** Classes that are shown; where there are more, those that find themselves least. */
const mostShown = 24;

/** The matrix as it is drawn: the shown classes' shares, then those of all else. */
interface Shown {
  readonly rows: readonly { readonly name: string; readonly shares: readonly number[] }[];
  readonly columns: readonly string[];
  /** Columns that are classes of the rows. */
  readonly square: number;
  readonly isCut: boolean;
}

/**
 * A row a class that is asked for, a column a class that the found images truly show; shares in per cent.
 *
 * @param names of the classes
 * @returns a whole SVG document
 */
export function ambiguityFigure(ambiguity: Ambiguity, names: readonly string[]): string {
  const shown = shownOf(ambiguity, names);
  const longest = Math.max(...shown.columns.map((name) => Math.min(letters, name.length)));
  const top = 24 + Math.ceil(slantedLetter * longest);
  const lefts = shown.columns.map((_, c) => left + cell * c + (c < shown.square ? 0 : gap));
  const heads = shown.columns.map((name, c) => {
    const [x, y] = [lefts[c]! + cell / 2 + 3, top - 8];
    return `<text x="${x}" y="${y}" transform="rotate(-45 ${x} ${y})" font-size="12" fill="${ink}">${escapeText(shorten(name, letters))}</text>`;
  });
  const rows = shown.rows.map(({ name, shares }, r) => {
    const y = top + cell * r;
    const label = `<text x="${left - 10}" y="${y + cell / 2 + 4}" text-anchor="end" font-size="12" fill="${ink}">${escapeText(shorten(name, letters))}</text>`;
    return label + shares.map((share, c) => drawCell(share, lefts[c]!, y, r === c)).join("");
  });
  const bottom = top + cell * shown.rows.length;
  const notes = [
    `share of the ${String(ambiguity.neighbours)} nearest pool images, %`,
    "row: the class that is asked for · column: what they truly show",
    ...(shown.isCut ? [`the ${String(mostShown)} of ${String(names.length)} classes that find themselves least`] : []),
  ];
  const captions = notes.map(
    (note, i) =>
      `<text x="16" y="${bottom + 26 + 17 * i}" font-size="12" fill="${quietInk}">${escapeText(note)}</text>`,
  );
  const width = Math.max(430, lefts.at(-1)! + cell + right);
  const height = bottom + 26 + 17 * notes.length;
  return svgDocument(width, height, summary(ambiguity, names), [...heads, ...rows, ...captions].join(""));
}

function shownOf(ambiguity: Ambiguity, names: readonly string[]): Shown {
  const { classes } = ambiguity;
  const matrix = ambiguityMatrix(ambiguity);
  const worst = names.map((_, i) => i).sort((a, b) => classes[a]!.itself - classes[b]!.itself);
  const kept = worst.slice(0, mostShown).sort((a, b) => a - b);
  const isCut = kept.length < names.length;
  const rows = kept.map((own) => {
    const within = kept.map((other) => matrix[own]![other]!);
    const rest = classes[own]!.itself + classes[own]!.otherOfRun - within.reduce((sum, share) => sum + share, 0);
    const { otherOfWorld, none } = classes[own]!;
    // What is left after a subtraction of equal sums may be a hair below zero.
    return { name: names[own]!, shares: [...within, ...(isCut ? [Math.max(0, rest)] : []), otherOfWorld, none] };
  });
  const others = [...(isCut ? ["rest of the run"] : []), "rest of the world", "no class"];
  return { rows, columns: [...kept.map((i) => names[i]!), ...others], square: kept.length, isCut };
}

function drawCell(share: number, x: number, y: number, isItself: boolean): string {
  const percent = Math.round(100 * share);
  const frame = isItself ? `stroke="${ink}" stroke-width="1.5"` : `stroke="#d9d9d9"`;
  const box = `<rect x="${x + 1}" y="${y + 1}" width="${cell - 2}" height="${cell - 2}" fill="${heat}" fill-opacity="${fixed(share)}" ${frame}/>`;
  if (percent === 0) return box;
  const text = `<text x="${x + cell / 2}" y="${y + cell / 2 + 4}" text-anchor="middle" font-size="11" fill="${share > 0.85 ? "#fff" : ink}">${percent}</text>`;
  return box + text;
}

/** What the figure says, in a sentence, for those who do not see it. */
function summary({ classes, neighbours }: Ambiguity, names: readonly string[]): string {
  const parts = classes.map(({ itself }, i) => `${names[i]!} ${String(Math.round(100 * itself))}`);
  return `Per cent of the ${String(neighbours)} nearest pool images that show the class itself. ${parts.join("; ")}.`;
}
