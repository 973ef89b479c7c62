import { type Estimate, wilson } from "../../statistics/index.ts";
import { meanLogLoss } from "./losses.ts";

/** Quality of next-purchase probabilities. */
export interface NextQuality {
  /** Mean of -log P(bought manufacturer), in nats. */
  readonly logLoss: number;
  /** Mean over customers of the squared errors summed over the classes (Brier 1950), in [0, 2]. */
  readonly brier: number;
  /** Mean recall over the classes; always naming the largest class does not raise it. */
  readonly balancedAccuracy: number;
  /**
   * The same if the class with the highest lift (its probability divided by its mean probability) is named,
   * as in the choice of offers. A rare class is hardly ever the most likely, but can be the one that is more
   * likely than usual.
   */
  readonly balancedByLift: number;
  /**
   * Share of customers whose most likely class was right. Not suitable as a main figure: the classes are
   * unbalanced.
   */
  readonly top1: number;
  /** Recall: of the customers who bought a manufacturer, the share for whom it was predicted. */
  readonly recall: readonly {
    readonly manufacturer: string;
    readonly customers: number;
    readonly recall: Estimate;
    /** The same if the class with the highest lift is named; absent in models of older versions. */
    readonly recallByLift?: Estimate | undefined;
  }[];
}

/** One bin of the calibration curve, over all pairs of customer and manufacturer. */
interface CalibrationBin {
  readonly pairs: number;
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Observed share. */
  readonly observed: Estimate;
}

export interface NextCalibration {
  readonly bins: readonly CalibrationBin[];
  /** Mean |predicted - observed| over the bins, weighted by pairs. */
  readonly error: number;
}

/** @param probabilities `rows x manufacturers` */
export function measureNextQuality(
  probabilities: Float64Array,
  chosen: Int32Array,
  manufacturers: readonly string[],
): NextQuality {
  const classes = manufacturers.length;
  const bought = new Float64Array(classes);
  const found = new Float64Array(classes);
  const lifted = new Float64Array(classes);
  const usual = meanProbabilities(probabilities, classes);
  let brier = 0;
  for (let row = 0; row < chosen.length; row++) {
    const target = chosen[row] as number;
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    for (const [k, p] of own.entries()) brier += (p - (k === target ? 1 : 0)) ** 2;
    const likeliest = largest(own);
    if (largest(own.map((p, k) => p / Math.max(1e-12, usual[k] ?? 0))) === target) {
      lifted[target] = (lifted[target] ?? 0) + 1;
    }
    bought[target] = (bought[target] as number) + 1;
    if (likeliest === target) found[target] = (found[target] as number) + 1;
  }
  const recall = manufacturers.flatMap((manufacturer, k) => {
    const customers = bought[k] as number;
    return customers === 0
      ? []
      : [
          {
            manufacturer,
            customers,
            recall: wilson(found[k] as number, customers),
            recallByLift: wilson(lifted[k] as number, customers),
          },
        ];
  });
  return {
    logLoss: meanLogLoss(probabilities, chosen, classes),
    brier: brier / chosen.length,
    balancedAccuracy: recall.reduce((sum, entry) => sum + entry.recall.value, 0) / recall.length,
    balancedByLift: recall.reduce((sum, entry) => sum + entry.recallByLift.value, 0) / recall.length,
    top1: found.reduce((sum, count) => sum + count, 0) / chosen.length,
    recall,
  };
}

/** The mean probability of each class over all rows. */
function meanProbabilities(probabilities: Float64Array, classes: number): Float64Array {
  const means = new Float64Array(classes);
  const rows = probabilities.length / classes;
  for (const [i, p] of probabilities.entries()) means[i % classes] = (means[i % classes] ?? 0) + p / rows;
  return means;
}

/** Index of the first of the largest values. */
function largest(values: Float64Array): number {
  return values.reduce((best, value, k) => (value > (values[best] ?? 0) ? k : best), 0);
}

const BINS = 10;

/** The calibration curve in steps of 0.1 of probability; empty bins are omitted. */
export function calibrateNext(
  probabilities: Float64Array,
  chosen: Int32Array,
  classes: number,
): NextCalibration {
  const pairs = new Float64Array(BINS);
  const predicted = new Float64Array(BINS);
  const came = new Float64Array(BINS);
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] as number;
    const bin = Math.min(BINS - 1, Math.floor(p * BINS));
    pairs[bin] = (pairs[bin] as number) + 1;
    predicted[bin] = (predicted[bin] as number) + p;
    if (chosen[Math.floor(i / classes)] === i % classes) came[bin] = (came[bin] as number) + 1;
  }
  const bins = [...pairs.keys()].flatMap((bin) => {
    const count = pairs[bin] as number;
    if (count === 0) return [];
    return [
      {
        pairs: count,
        predicted: (predicted[bin] as number) / count,
        observed: wilson(came[bin] as number, count),
      },
    ];
  });
  const error =
    bins.reduce((sum, bin) => sum + bin.pairs * Math.abs(bin.predicted - bin.observed.value), 0) /
    Math.max(1, probabilities.length);
  return { bins, error };
}
