import { createRandom, type Random, randomPermutation } from "../../core/index.ts";
import { type Clusters, firstRows } from "../clusters.ts";

export interface PlaceboRun {
  /** Number of runs, each with shuffled arms. */
  readonly runs: number;
  /** Qini-count of every run's own ranking, by offer. */
  readonly offers: readonly {
    readonly offerId: string;
    readonly counts: readonly number[];
    /** Mean over the runs, and its distance from 0 in standard errors. */
    readonly mean: number;
    readonly deviations: number;
  }[];
  /**
   * Whether some offer's mean is more than four standard errors above 0: the learner finds effects that do
   * not exist.
   */
  readonly found: boolean;
}

/**
 * Placebo test: trains and measures as usual, but with shuffled arms, so that no effect exists. A Qini above
 * 0 then means a leak of the test rows into training, or of the outcome into a feature's encoding.
 *
 * @param measure trains and measures out of sample, given shuffled arms; per offer its Qini-count, or null
 * @param runs at least 2, for a standard error; default 5
 * @param clusters all rows of a cluster receive the arm of the first row of another cluster; default: every
 *   row is its own cluster
 */
export function placeboRun(
  arms: { readonly labels: readonly string[]; readonly codes: Int32Array },
  measure: (codes: Int32Array, run: number) => readonly (number | null)[],
  {
    runs = 5,
    seed = 1,
    clusters = null,
  }: { readonly runs?: number; readonly seed?: number; readonly clusters?: Clusters } = {},
): PlaceboRun {
  const random = createRandom(seed);
  const counts: number[][] = arms.labels.slice(1).map(() => []);
  for (let run = 0; run < runs; run++) {
    const shuffled = shuffle(arms.codes, clusters, random);
    for (const [i, count] of measure(shuffled, run).entries()) {
      if (count !== null) counts[i]?.push(count);
    }
  }
  const offers = counts.map((own, i) => {
    const mean = own.reduce((sum, value) => sum + value, 0) / Math.max(1, own.length);
    const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const error = Math.sqrt(squares / Math.max(1, own.length - 1) / Math.max(1, own.length));
    const deviations = error > 0 ? mean / error : 0;
    return { offerId: arms.labels[i + 1] as string, counts: own, mean, deviations };
  });
  return { runs, offers, found: offers.some(({ deviations }) => deviations > ALARM) };
}

/** Five runs have four degrees of freedom: chance exceeds four standard errors once in a hundred. */
const ALARM = 4;

function isCrossed(codes: Int32Array, clusters: Int32Array): boolean {
  const armOf = new Map<number, number>();
  return clusters.some((cluster, row) => {
    const own = codes[row] as number;
    const first = armOf.get(cluster) ?? own;
    armOf.set(cluster, first);
    return first !== own;
  });
}

function shuffle(codes: Int32Array, given: Clusters, random: Random): Int32Array {
  // If customers were in several arms, the assignment was not per customer: rows are shuffled.
  const clusters = given !== null && isCrossed(codes, given) ? null : given;
  const firsts = firstRows(codes.length, clusters);
  const order = randomPermutation(firsts.length, random);
  const assigned = Int32Array.from(order, (i) => codes[firsts[i] as number] as number);
  if (clusters === null) return assigned;
  const armOf = new Map(Array.from(firsts, (row, i) => [clusters[row] as number, assigned[i] as number]));
  return Int32Array.from(clusters, (cluster) => armOf.get(cluster) as number);
}
