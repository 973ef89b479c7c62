import { type Random, randomPermutation } from "../core/index.ts";
import { type Clusters, firstRows } from "./clusters.ts";

/**
 * Splits rows into folds so that every stratum (such as the buyers of an arm) is spread evenly over them;
 * random within a stratum.
 *
 * @param strata a small whole number per row
 * @param clusters rows of one cluster go to one fold, by the stratum of its first row; default: every row is
 *   its own cluster
 * @returns the fold of each row, in [0, folds)
 */
export function assignFolds(
  strata: ArrayLike<number>,
  folds: number,
  random: Random,
  clusters: Clusters = null,
): Uint8Array {
  if (clusters !== null) return assignClusterFolds(strata, folds, random, clusters);
  const foldOf = new Uint8Array(strata.length);
  const assigned = new Map<number, number>();
  for (const row of randomPermutation(strata.length, random)) {
    const stratum = strata[row] as number;
    // Each stratum starts at another fold, otherwise the first folds would receive every remainder.
    const count = assigned.get(stratum) ?? stratum;
    foldOf[row] = count % folds;
    assigned.set(stratum, count + 1);
  }
  return foldOf;
}

/** Rows inside and outside a fold, in ascending order. */
export function splitFold(foldOf: Uint8Array, fold: number): { train: Uint32Array; test: Uint32Array } {
  const train: number[] = [];
  const test: number[] = [];
  for (let row = 0; row < foldOf.length; row++) (foldOf[row] === fold ? test : train).push(row);
  return { train: Uint32Array.from(train), test: Uint32Array.from(test) };
}

function assignClusterFolds(
  strata: ArrayLike<number>,
  folds: number,
  random: Random,
  clusters: Int32Array,
): Uint8Array {
  const firsts = firstRows(strata.length, clusters);
  const assigned = assignFolds(
    Array.from(firsts, (row) => strata[row] as number),
    folds,
    random,
  );
  const foldOf = new Map(Array.from(firsts, (row, i) => [clusters[row] as number, assigned[i] as number]));
  return Uint8Array.from(clusters, (cluster) => foldOf.get(cluster) as number);
}
