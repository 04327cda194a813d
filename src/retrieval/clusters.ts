/** Clusters of embeddings. */
import { kmeans } from "ml-kmeans";

/** Restarts of k-means, of which the one with the least sum of squared distances counts; scikit-learn's `n_init` of old. */
const restarts = 10;

/** Rows by cluster. */
export interface Clusters {
  /** The cluster of each row; clusters are numbered by their first row. */
  readonly clusterOf: readonly number[];
  /** The mean of each cluster's rows. */
  readonly centres: readonly (readonly number[])[];
}

/**
 * k-means with k-means++ seeding.
 *
 * @param rows vectors of one length
 * @param wanted clusters; fewer when there are fewer distinct rows
 *
 * Arthur & Vassilvitskii 2007. At most 300 iterations, as in scikit-learn; they end when no centre's squared move is above
 * 1e-4, an absolute limit of ml-kmeans. scikit-learn's 1e-4 is relative: to the features' mean variance, of all centres' squared
 * moves together.
 */
export function clusterRows(rows: readonly Float32Array[], wanted: number, seed: number): Clusters {
  const data = rows.map((row) => Array.from(row));
  const k = Math.min(wanted, new Set(data.map((row) => row.join())).size);
  const runs = Array.from({ length: restarts }, (_, run) => {
    const options = {
      seed: seed * restarts + run,
      initialization: "kmeans++",
      maxIterations: 300,
      tolerance: 1e-4,
    } as const;
    const { clusters, centroids } = kmeans(data, k, options);
    const inertia = data.reduce((sum, row, i) => sum + squaredDistance(row, centroids[clusters[i]!]!), 0);
    return { clusters, centroids, inertia };
  });
  const best = runs.reduce((least, run) => (run.inertia < least.inertia ? run : least));
  const used = [...new Set(best.clusters)];
  return {
    clusterOf: best.clusters.map((cluster) => used.indexOf(cluster)),
    centres: used.map((cluster) => best.centroids[cluster]!),
  };
}

/** The number of the centre with the least distance. */
export function nearestCentre(row: ArrayLike<number>, centres: readonly (readonly number[])[]): number {
  const distances = centres.map((centre) => squaredDistance(row, centre));
  return distances.indexOf(Math.min(...distances));
}

function squaredDistance(a: ArrayLike<number>, b: readonly number[]): number {
  return b.reduce((sum, value, i) => sum + (value - a[i]!) ** 2, 0);
}
