/** Mean of -log P(chosen class), in nats; probabilities are `rows x classes`. */
export function meanLogLoss(probabilities: Float64Array, chosen: Int32Array, classes: number): number {
  return logLosses(probabilities, chosen, classes).reduce((sum, loss) => sum + loss, 0) / chosen.length;
}

/** The same, one value per row. */
export function logLosses(probabilities: Float64Array, chosen: Int32Array, classes: number): Float64Array {
  return Float64Array.from(
    chosen,
    (target, row) => -Math.log(Math.max(1e-15, probabilities[row * classes + target] as number)),
  );
}
