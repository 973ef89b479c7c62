import { invalidOption } from "../core/index.ts";
import { doublyRobust } from "./doubly-robust.ts";
import type { UpliftSample } from "./ranking.ts";

/** Assignment probabilities and predicted outcomes of a sample, if known. */
export interface EffectContext {
  /** Probability, in (0, 1], with which each row was given the arm it has; default: that arm's share. */
  readonly propensity?: Float64Array | null | undefined;
  /** Predicted outcome with and without the offer, per row; default: the arms' mean outcomes. */
  readonly predicted?: { readonly treated: Float64Array; readonly control: Float64Array } | undefined;
}

/**
 * Doubly robust score of each row's effect (augmented inverse propensity weighting):
 *
 *     m1 - m0 + t / e (y - m1) - (1 - t) / e (y - m0)
 *
 * with e the probability of the arm that the row has. Its mean over any group of rows estimates the group's
 * average effect without bias if the propensities are right, even if the predictions m1, m0 are poor.
 *
 * @throws ERR_OPTION_INVALID a propensity outside (0, 1]
 */
export function effectScores(
  { treated, outcomes }: Pick<UpliftSample, "treated" | "outcomes">,
  { propensity, predicted }: EffectContext = {},
): Float64Array {
  const rows = treated.length;
  let treatedRows = 0;
  let treatedSum = 0;
  let controlSum = 0;
  for (let row = 0; row < rows; row++) {
    const outcome = outcomes[row] as number;
    if (treated[row] === 1) {
      treatedRows++;
      treatedSum += outcome;
    } else controlSum += outcome;
  }
  const meanTreated = treatedSum / treatedRows;
  const meanControl = controlSum / (rows - treatedRows);
  return Float64Array.from(treated, (isTreated, row) => {
    const e = propensity?.[row] ?? (isTreated === 1 ? treatedRows : rows - treatedRows) / rows;
    if (!(e > 0 && e <= 1)) {
      throw invalidOption("a probability in (0, 1]", `propensity[${row}]`, e);
    }
    const m1 = predicted ? (predicted.treated[row] as number) : meanTreated;
    const m0 = predicted ? (predicted.control[row] as number) : meanControl;
    const outcome = outcomes[row] as number;
    const [shown, none] = isTreated === 1 ? [outcome, null] : [null, outcome];
    return doublyRobust(m1, shown, e) - doublyRobust(m0, none, e);
  });
}
