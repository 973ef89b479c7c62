/**
 * A doubly robust score of one row under one arm: the predicted outcome, corrected by the observed outcome if
 * the row had that arm:
 *
 *     m + [A = a] (y - m) / e
 *
 * Its mean over rows is the arm's mean outcome if either the predictions or the propensities are right; the
 * difference of two such scores is the effect's score (augmented inverse propensity weighting).
 *
 * Source: Robins, Rotnitzky and Zhao 1994, JASA 89.
 *
 * @param predicted outcome under the arm
 * @param outcome the observed outcome if the row had the arm; null if it had another
 * @param propensity of the arm, in (0, 1]
 */
export function doublyRobust(predicted: number, outcome: number | null, propensity: number): number {
  return outcome === null ? predicted : predicted + (outcome - predicted) / propensity;
}
