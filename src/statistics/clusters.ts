import { createRandom } from "../core/index.ts";
import { around, type Estimate } from "./intervals.ts";

/**
 * The cluster of each row, a whole number from 0: rows of one customer, household or store, whose outcomes depend on each
 * other. Null: every row is its own cluster.
 */
export type Clusters = Int32Array | null;

/** The first row of every cluster, in ascending order; all rows without clusters. */
export function firstRows(rows: number, clusters: Clusters): Uint32Array {
  if (clusters === null) return Uint32Array.from({ length: rows }, (_, row) => row);
  const seen = new Set<number>();
  return Uint32Array.from(
    Array.from(clusters.keys()).filter((row) => {
      const cluster = clusters[row] as number;
      if (seen.has(cluster)) return false;
      seen.add(cluster);
      return true;
    }),
  );
}

/**
 * One random row of every cluster (the same in every call), in ascending order; all rows without clusters. Columns and
 * arms may differ between the rows of a cluster, so the first ones do not represent it: they may all be of the first week.
 */
export function drawnRows(rows: number, clusters: Clusters): Uint32Array {
  if (clusters === null) return firstRows(rows, null);
  const random = createRandom(1);
  const seen = new Map<number, number>();
  const drawn = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const cluster = clusters[row] as number;
    const count = (seen.get(cluster) ?? 0) + 1;
    seen.set(cluster, count);
    if (random() * count < 1) drawn.set(cluster, row);
  }
  return Uint32Array.from(drawn.values()).sort();
}

/**
 * The number of clusters of equal size that are as informative: (sum of the sizes)^2 / sum of their squares. A few clusters
 * with most of the rows decide every sum over the rows.
 *
 * Source: Carter, Schnepel and Steigerwald 2017, "Asymptotic behavior of a t-test robust to cluster heterogeneity", Review
 * of Economics and Statistics 99, with outcomes that are equal within a cluster.
 *
 * @returns the number of rows without clusters
 */
export function effectiveClusters(rows: number, clusters: Clusters): number {
  if (clusters === null) return rows;
  const sizes = clusterSums(new Float64Array(rows).fill(1), clusters);
  return rows ** 2 / sizes.reduce((sum, size) => sum + size * size, 0);
}

/** Clusters of the listed rows, with unchanged numbers. */
export function takeClusters(clusters: Clusters | undefined, rows: ArrayLike<number>): Clusters {
  return clusters ? Int32Array.from(rows, (row) => clusters[row] as number) : null;
}

/** Sums of `values` over each cluster, in no particular order; without clusters, the values themselves. */
export function clusterSums(values: Float64Array, clusters: Clusters): Float64Array {
  if (clusters === null) return values;
  let highest = -1;
  for (const cluster of clusters) if (cluster > highest) highest = cluster;
  const sums = new Float64Array(highest + 1);
  const isUsed = new Uint8Array(highest + 1);
  for (let row = 0; row < values.length; row++) {
    const cluster = clusters[row] as number;
    sums[cluster] = (sums[cluster] as number) + (values[row] as number);
    isUsed[cluster] = 1;
  }
  return sums.filter((_, cluster) => isUsed[cluster] === 1);
}

/**
 * Standard error of the mean of `values`, robust to dependence within clusters:
 *
 *     sqrt(G / (G - 1) sum_g (sum over the cluster of (value - mean))^2) / n
 *
 * Source: Liang and Zeger 1986, Biometrika 73; the factor as in Cameron and Miller 2015, "A practitioner's guide to
 * cluster-robust inference", Journal of Human Resources 50.
 */
export function meanError(values: Float64Array, clusters: Clusters = null): number {
  const mean = averageOf(values);
  const sums = clusterSums(
    values.map((value) => value - mean),
    clusters,
  );
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  const count = sums.length;
  return count < 2 ? 0 : Math.sqrt((squares * count) / (count - 1)) / values.length;
}

/** A mean with its normal interval (95 %), with the standard error of `meanError`. */
export function clusteredMean(values: Float64Array, clusters: Clusters = null): Estimate {
  return around(averageOf(values), meanError(values, clusters));
}

export function averageOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return values.length === 0 ? 0 : sum / values.length;
}
