/** Fits the map of `latent-preview.ts` to pictures and their latents. */
import { Matrix, solve } from "ml-matrix";
import type { Image } from "../data/image.ts";
import { ShapeError } from "../errors.ts";
import type { FittedPreview } from "./latent-preview.ts";

/**
 * The linear map from latents to colours with the least squared error, by the normal equations.
 *
 * @param latents [n, c], one row for each place of each picture
 * @param colours [n, 3] from -1 to 1, the pictures' mean colours at those places
 * @throws ShapeError when there are not as many colours as latents
 */
export function fitLatentPreview(latents: Float32Array, colours: Float32Array, channels: number): FittedPreview {
  const rows = latents.length / channels;
  if (colours.length !== 3 * rows) throw new ShapeError("latent preview: colours", [rows, 3], [colours.length]);
  const size = channels + 1; // the last input is 1, and its weight the bias
  const input = (row: number, i: number): number => (i === channels ? 1 : latents[row * channels + i]!);
  const [gram, moments] = [Matrix.zeros(size, size), Matrix.zeros(size, 3)];
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) gram.set(i, j, gram.get(i, j) + input(row, i) * input(row, j));
      for (let k = 0; k < 3; k++) moments.set(i, k, moments.get(i, k) + input(row, i) * colours[row * 3 + k]!);
    }
  }
  const solved = solve(gram, moments);
  const column = (k: number): number[] => solved.getColumn(k);
  const weights = [0, 1, 2].map((k) => column(k).slice(0, channels));
  const bias = [0, 1, 2].map((k) => column(k)[channels]!);
  const fitted = (row: number, k: number): number =>
    weights[k]!.reduce((sum, weight, i) => sum + weight * input(row, i), bias[k]!);
  const means = [0, 1, 2].map((k) => moments.get(channels, k) / rows);
  return {
    ...{ weights, bias },
    residual: rootMeanSquare(colours, fitted),
    spread: rootMeanSquare(colours, (_, k) => means[k]!),
  };
}

function rootMeanSquare(colours: Float32Array, expected: (row: number, k: number) => number): number {
  const sum = colours.reduce((total, value, i) => total + (value - expected(Math.floor(i / 3), i % 3)) ** 2, 0);
  return Math.sqrt(sum / colours.length);
}

/**
 * A picture's mean colours over the squares that its latents stand for.
 *
 * @param side places a side, which divides the picture's
 * @returns [side · side, 3] from -1 to 1
 */
export function meanColours({ width, data }: Image, side: number): Float32Array {
  const square = width / side;
  if (!Number.isInteger(square))
    throw new ShapeError("latent preview: picture", `a multiple of ${String(side)}`, [width]);
  const means = new Float32Array(side * side * 3);
  data.forEach((value, i) => {
    const pixel = Math.floor(i / 3);
    const [y, x] = [Math.floor(pixel / width / square), Math.floor((pixel % width) / square)];
    means[(y * side + x) * 3 + (i % 3)]! += (value / 127.5 - 1) / square ** 2;
  });
  return means;
}
