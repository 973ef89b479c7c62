import { invalidOption } from "../../core/index.ts";
import { chiSquareTail } from "./chi-square.ts";

/** The comparison of the arms' sizes with the planned sizes. */
export interface SampleRatio {
  readonly arms: readonly {
    readonly arm: string;
    readonly rows: number;
    readonly share: number;
    readonly planned: number;
  }[];
  readonly chiSquare: number;
  readonly freedom: number;
  readonly pValue: number;
  /**
   * Whether chance produces such sizes in less than one of a thousand experiments: some customers were lost.
   */
  readonly mismatch: boolean;
}

const ALARM = 0.001;

/**
 * Sample-ratio check: Pearson's chi-square of the arms' sizes against the planned shares. A mismatch means
 * that the assignment, the logging or a filter treated the arms differently, and that no effect can be
 * trusted.
 *
 * Source: Fabijan et al. 2019, "Diagnosing sample ratio mismatch in online controlled experiments"; the alarm
 * level of 0.001 is theirs.
 *
 * @param planned share of each arm, summing to 1; default: equal shares
 * @throws ERR_OPTION_INVALID shares that are not positive, do not sum to 1 or do not match the number of arms
 */
export function sampleRatio(
  { labels, codes }: { readonly labels: readonly string[]; readonly codes: Int32Array },
  planned: readonly number[] = labels.map(() => 1 / labels.length),
): SampleRatio {
  const sum = planned.reduce((total, share) => total + share, 0);
  if (planned.length !== labels.length || planned.some((share) => !(share > 0)) || Math.abs(sum - 1) > 1e-6) {
    throw invalidOption(
      `${labels.length} positive shares that sum to 1`,
      "the planned shares",
      planned.join(", "),
      `Pass one share for each of ${labels.join(", ")}.`,
    );
  }
  const counts = labels.map(() => 0);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  const rows = codes.length;
  const chiSquare = counts.reduce((total, count, arm) => {
    const wanted = rows * (planned[arm] as number);
    return total + (count - wanted) ** 2 / wanted;
  }, 0);
  const freedom = labels.length - 1;
  const pValue = chiSquareTail(chiSquare, freedom);
  return {
    arms: labels.map((arm, i) => ({
      arm,
      rows: counts[i] as number,
      share: (counts[i] as number) / rows,
      planned: planned[i] as number,
    })),
    chiSquare,
    freedom,
    pValue,
    mismatch: pValue < ALARM,
  };
}

/**
 * The planned shares implied by logged propensities, each row with the probability of its own arm. Null if
 * they differ within an arm: the assignment then depends on the customer, and the sizes alone cannot be
 * checked.
 */
export function plannedShares(
  { labels, codes }: { readonly labels: readonly string[]; readonly codes: Int32Array },
  propensity: Float64Array,
): number[] | null {
  const shares = labels.map(() => Number.NaN);
  for (let row = 0; row < codes.length; row++) {
    const arm = codes[row] as number;
    const own = propensity[row] as number;
    if (Number.isNaN(shares[arm])) shares[arm] = own;
    else if (!(Math.abs((shares[arm] as number) - own) < 1e-3)) return null;
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  return Math.abs(sum - 1) < 0.01 ? shares.map((share) => share / sum) : null;
}
