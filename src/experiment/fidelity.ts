/** How like real pictures added ones are, and how unlike each other: distances between embeddings. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { splitRows } from "../data/rows.ts";
import { ShapeError } from "../errors.ts";
import { dot } from "../retrieval/filters.ts";
import type { Embeddings } from "./leaks.ts";
import { mean } from "./statistics.ts";

/** Neighbours that a picture's ball reaches to; 5 in Naeem et al. 2020. */
const neighbours = 5;

/** Shares of pictures in each other's neighbourhoods. */
export interface Neighbourhoods {
  /** Share of made pictures within the ball of a real one. Kynkäänniemi et al. 2019, arXiv:1904.06991. */
  readonly precision: number;
  /** Share of real pictures within the ball of a made one. */
  readonly recall: number;
  /** Real balls that a made picture is in, over k; may exceed 1. Naeem et al. 2020, arXiv:2002.09797. */
  readonly density: number;
  /** Share of real balls with a made picture in them. */
  readonly coverage: number;
}

/**
 * Compares made with real pictures by the balls around each that reach to its kth neighbour of its own kind. A ball holds
 * its surface, as in Kynkäänniemi et al.; Naeem et al.'s code (prdc) leaves it out. The two differ only where a picture is a
 * copy of another.
 *
 * @throws ShapeError when either are not more than k
 */
export function neighbourhoods(real: Embeddings, made: Embeddings, k = neighbours): Neighbourhoods {
  const [reals, mades] = [rowsOf(real), rowsOf(made)];
  for (const rows of [reals, mades])
    if (rows.length <= k) throw new ShapeError("neighbourhoods", `more than ${String(k)} pictures`, [rows.length]);
  const realReach = reals.map((row) => kthNearest(row, reals, k));
  const madeReach = mades.map((row) => kthNearest(row, mades, k));
  const [precise, covered] = [new Set<number>(), new Set<number>()];
  const recalled = new Set<number>();
  let balls = 0;
  reals.forEach((a, i) => {
    mades.forEach((b, j) => {
      const distance = squaredDistance(a, b);
      if (distance <= realReach[i]!) {
        balls++;
        precise.add(j);
        covered.add(i);
      }
      if (distance <= madeReach[j]!) recalled.add(i);
    });
  });
  return {
    precision: precise.size / mades.length,
    recall: recalled.size / reals.length,
    density: balls / (k * mades.length),
    coverage: covered.size / reals.length,
  };
}

/**
 * The effective number of different pictures: the exponential of the entropy of their cosines' eigenvalues. From 1, all the
 * same, to their number, all orthogonal.
 *
 * Friedman & Dieng 2023, arXiv:2210.02410.
 */
export function vendi(made: Embeddings): number {
  const rows = rowsOf(made);
  const kernel = new Matrix(rows.map((a) => rows.map((b) => dot(a, b) / rows.length)));
  const { realEigenvalues } = new EigenvalueDecomposition(kernel, { assumeSymmetric: true });
  const entropy = realEigenvalues.reduce((sum, value) => (value > 1e-12 ? sum - value * Math.log(value) : sum), 0);
  return Math.exp(entropy);
}

/**
 * Fréchet distance between normal distributions with the means and covariances of both. Heusel et al. 2017, arXiv:1706.08500,
 * on these embeddings instead of Inception's: only values on the same embeddings compare.
 *
 * @throws ShapeError when there are fewer than 2 pictures on either side: one has no covariance
 */
export function frechetDistance(real: Embeddings, made: Embeddings): number {
  const [a, b] = [moments(real), moments(made)];
  const apart = a.means.reduce((sum, value, i) => sum + (value - b.means[i]!) ** 2, 0);
  // tr √(A B) is the sum of the roots of the eigenvalues of √A B √A, which is symmetric.
  const root = symmetricRoot(a.covariance);
  const product = root.mmul(b.covariance).mmul(root);
  const symmetric = Matrix.add(product, product.transpose()).mul(0.5);
  const { realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const shared = realEigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(value, 0)), 0);
  return apart + a.covariance.trace() + b.covariance.trace() - 2 * shared;
}

/** The mean cosine of pictures and the text of their class. @param texts the text's row for each picture */
export function textAgreement(made: Embeddings, texts: readonly Float32Array[]): number {
  return mean(rowsOf(made).map((row, i) => dot(row, texts[i]!)));
}

/** The embeddings one by one, as views. */
export const rowsOf = ({ width, rows }: Embeddings): Float32Array[] => splitRows(rows, width);

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

function kthNearest(row: Float32Array, rows: readonly Float32Array[], k: number): number {
  // Its own distance, 0, comes first.
  return Float64Array.from(rows, (other) => squaredDistance(row, other)).sort()[k]!;
}

function moments(embeddings: Embeddings): { readonly means: readonly number[]; readonly covariance: Matrix } {
  const rows = rowsOf(embeddings);
  if (rows.length < 2) throw new ShapeError("Fréchet distance", "at least 2 pictures", [rows.length]);
  const means = Array.from({ length: embeddings.width }, (_, c) => mean(rows.map((row) => row[c]!)));
  const centred = new Matrix(rows.map((row) => Array.from(row, (value, c) => value - means[c]!)));
  return {
    means,
    covariance: centred
      .transpose()
      .mmul(centred)
      .div(rows.length - 1),
  };
}

function symmetricRoot(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(value, 0))));
  return eigenvectorMatrix.mmul(roots).mmul(eigenvectorMatrix.transpose());
}
