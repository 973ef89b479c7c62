import { createRandom } from "../../core/index.ts";
import { assignFolds, type Estimate, splitFold, wilson } from "../../statistics/index.ts";
import type { NextContest } from "./contest.ts";
import { createPredictor } from "./predict.ts";
import { trainNext } from "./train.ts";
import type { CodedTransitions, NextModel, SegmentCount } from "./types.ts";

/** Customers who went from one manufacturer to another, as counted. */
interface SwitchingRate {
  readonly current: string;
  readonly next: string;
  readonly customers: number;
  /** Share of the current manufacturer's customers, with its Wilson interval (95 %). */
  readonly rate: Estimate;
  /**
   * That share divided by the overall share of `next`; the interval treats the overall share as known. An
   * association, not an effect.
   */
  readonly lift: Estimate;
}

export interface Loyalty {
  readonly manufacturer: string;
  readonly customers: number;
  /** P(next = current) as counted, with its Wilson interval (95 %). */
  readonly rate: Estimate;
}

export interface NextMetrics {
  readonly rows: number;
  readonly stays: NextModel["stays"];
  readonly concentration: NextModel["concentration"];
  readonly loyalty: readonly Loyalty[];
  readonly switching: readonly SwitchingRate[];
  /** Mean log-loss per purchase in nats, cross-validated, with those of the baselines; null for few rows. */
  readonly logLoss: {
    readonly model: number;
    readonly switchingTable: number;
    readonly overall: number;
  } | null;
  /** The chosen model and its quality on the latest purchases; null for few rows. */
  readonly contest: NextContest | null;
  /** Columns that reveal the product bought and were left out; absent in models of older versions. */
  readonly revealing?: readonly string[] | undefined;
}

const FOLDS = 5;
/** With fewer rows a fold is too small to be informative. */
const MIN_ROWS = 50;

export function measureNext(
  transitions: CodedTransitions,
  model: NextModel,
  {
    seed,
    contest,
    revealing,
  }: {
    readonly seed: number;
    readonly contest: NextContest | null;
    readonly revealing: readonly string[];
  },
): NextMetrics {
  const table = switchingTable(model);
  return {
    rows: transitions.rows,
    stays: model.stays,
    concentration: model.concentration,
    loyalty: table
      .filter(({ current, next }) => current === next)
      .map(({ current, rate }) => ({
        manufacturer: current,
        customers: customersOf(model, model.manufacturers.indexOf(current)),
        rate,
      })),
    switching: table,
    logLoss: transitions.rows < MIN_ROWS ? null : crossValidate(transitions, seed),
    contest,
    revealing,
  };
}

/** Every pair whose first manufacturer occurs in the counts. */
function switchingTable(model: NextModel): SwitchingRate[] {
  const { manufacturers } = model;
  const total = model.counts.reduce((sum, segment) => sum + customersIn(segment), 0);
  return manufacturers.flatMap((current, from) => {
    const customers = customersOf(model, from);
    if (customers === 0) return [];
    return manufacturers.map((next, to) => {
      const moved = boughtNext(
        model.counts.filter((segment) => segment.current === from),
        to,
      );
      const rate = wilson(moved, customers);
      const overall = boughtNext(model.counts, to) / total;
      const lift =
        overall === 0
          ? { value: 0, low: 0, high: 0 }
          : { value: rate.value / overall, low: rate.low / overall, high: rate.high / overall };
      return { current, next, customers: moved, rate, lift };
    });
  });
}

function customersOf(model: NextModel, current: number): number {
  return model.counts.reduce((sum, s) => sum + (s.current === current ? customersIn(s) : 0), 0);
}

function customersIn(segment: SegmentCount): number {
  return segment.next.reduce((sum, count) => sum + count, 0);
}

function boughtNext(counts: readonly SegmentCount[], next: number): number {
  return counts.reduce((sum, segment) => sum + (segment.next[next] ?? 0), 0);
}

function crossValidate(transitions: CodedTransitions, seed: number): NonNullable<NextMetrics["logLoss"]> {
  const { current, age, residence, next, rows } = transitions;
  const foldOf = assignFolds(current, FOLDS, createRandom(seed));
  const losses = { model: 0, switchingTable: 0, overall: 0 };
  for (let fold = 0; fold < FOLDS; fold++) {
    const { train, test } = splitFold(foldOf, fold);
    const predictor = createPredictor(trainNext(transitions, train));
    for (const row of test) {
      const bought = next[row] as number;
      const from = current[row] as number;
      const lossOf = (probabilities: Float64Array) => -Math.log(probabilities[bought] as number) / rows;
      const segment = { current: from, age: age[row] as number, residence: residence[row] as number };
      losses.model += lossOf(predictor.predict(segment));
      losses.switchingTable += lossOf(predictor.predict({ current: from, age: -1, residence: -1 }));
      losses.overall += lossOf(predictor.overall);
    }
  }
  return losses;
}
