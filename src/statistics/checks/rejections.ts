import { normalQuantile } from "../normal.ts";

/** Rows of one arm in a log. */
export interface ArmRows {
  readonly arm: string;
  /** Rows with this arm, those rejected included. */
  readonly rows: number;
  /** Of them, without a usable outcome. */
  readonly rejected: number;
}

/** Probability of a false alarm per experiment. */
const LEVEL = 0.001;

/**
 * The arms whose share of rejected rows differs from the control's beyond chance, and by so much that the effect would
 * change by more than its standard error if the rejected customers were a standard deviation away from the others.
 * Customers who were assigned but not measured make the arms incomparable, whatever their columns (differential
 * attrition; Lee 2009, "Training, wages, and sample selection", Review of Economic Studies 76).
 *
 * @param arms the control first
 * @param rowsPerUnit rows that are measured or missing together, on average
 */
export function unevenRejections([control, ...offers]: readonly ArmRows[], rowsPerUnit = 1): ArmRows[] {
  if (control === undefined || control.rows === 0) return [];
  const clear = normalQuantile(1 - LEVEL / (2 * Math.max(1, offers.length)));
  return offers.filter((offer) => {
    if (offer.rows === 0) return false;
    const difference = Math.abs(shareOf(offer) - shareOf(control));
    const together = (offer.rejected + control.rejected) / (offer.rows + control.rows);
    const perUnit = Math.sqrt(rowsPerUnit * (1 / offer.rows + 1 / control.rows));
    return difference > perUnit && difference > clear * perUnit * Math.sqrt(together * (1 - together));
  });
}

function shareOf({ rows, rejected }: ArmRows): number {
  return rejected / rows;
}
