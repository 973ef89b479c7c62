import { expected, invalidOption, LookalikeError } from "../core/index.ts";

/** The input of a metric: one row per customer of a test set, two arms. */
export interface UpliftSample {
  /** Predicted uplift, any scale; customers with larger scores are shown the offer first. Never NaN. */
  readonly scores: Float64Array;
  /** 1: the offer was shown; 0: control. */
  readonly treated: Uint8Array;
  /** The outcome: 0 or 1, or any finite number if a metric allows it. */
  readonly outcomes: Float64Array;
  /**
   * The weight of each row, if the probability of the offer differs between customers
   * (`inverseWeights`); above 0. Default: 1.
   */
  readonly weights?: Float64Array | null | undefined;
}

/**
 * Cumulative sums over customers ranked by score, highest first. Customers with equal scores form one step,
 * so that no metric depends on the stored order of ties. Entry 0 is the empty selection.
 */
export interface Ranking {
  /** Customers selected up to and including each step; the last is the sample's size. */
  readonly customers: Float64Array;
  readonly treated: Float64Array;
  readonly control: Float64Array;
  /** Sum of the outcomes of the treated and of the control customers selected. */
  readonly treatedOutcome: Float64Array;
  readonly controlOutcome: Float64Array;
}

/** Totals of a whole ranking. */
export interface RankingTotals {
  readonly customers: number;
  readonly treated: number;
  readonly control: number;
  readonly treatedOutcome: number;
  readonly controlOutcome: number;
}

/** A sample sorted once, so that it can be ranked many times with other weights. */
export interface SortedSample {
  readonly rows: number;
  /** Row by position, highest score first. */
  readonly order: Uint32Array;
  /** By position: 1 at the end of a step of equal scores. */
  readonly ends: Uint8Array;
  readonly steps: number;
  /** The sample's column, by position. */
  readonly treated: Uint8Array;
  /** The sample's column, by position. */
  readonly outcomes: Float64Array;
  /** The sample's weights by position; null: all 1. */
  readonly weights: Float64Array | null;
}

/**
 * Ranks a sample once for all metrics.
 *
 * @throws ERR_ARM_EMPTY no treated or no control customer, so no effect can be measured
 * @throws ERR_OPTION_INVALID the columns differ in length, or a score or an outcome is not a finite number
 */
export function rankByUplift(sample: UpliftSample): Ranking {
  return rankSorted(sortByUplift(sample));
}

/** @throws as `rankByUplift` */
export function sortByUplift(sample: UpliftSample): SortedSample {
  checkSample(sample);
  const { scores, treated, outcomes, weights } = sample;
  const rows = scores.length;
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const ends = new Uint8Array(rows);
  let steps = 0;
  for (let position = 0; position < rows; position++) {
    const next = order[position + 1];
    if (next !== undefined && scores[next] === scores[order[position] as number]) continue;
    ends[position] = 1;
    steps++;
  }
  return {
    rows,
    order,
    ends,
    steps,
    treated: Uint8Array.from(order, (row) => treated[row] as number),
    outcomes: Float64Array.from(order, (row) => outcomes[row] as number),
    weights: weights ? Float64Array.from(order, (row) => weights[row] as number) : null,
  };
}

/**
 * @param counts how often each row (in row order, not by position) is drawn; default 1
 * @param into a ranking of the same sample to overwrite; default: a new one
 */
export function rankSorted(
  sample: SortedSample,
  counts?: Uint8Array,
  into: Ranking = emptyRanking(sample.steps),
): Ranking {
  const { rows, order, ends, treated, outcomes, weights } = sample;
  let treatedRows = 0;
  let controlRows = 0;
  let treatedOutcome = 0;
  let controlOutcome = 0;
  let step = 0;
  for (let position = 0; position < rows; position++) {
    const drawn = counts ? (counts[order[position] as number] as number) : 1;
    const weight = weights ? drawn * (weights[position] as number) : drawn;
    const outcome = weight * (outcomes[position] as number);
    if (treated[position] === 1) {
      treatedRows += weight;
      treatedOutcome += outcome;
    } else {
      controlRows += weight;
      controlOutcome += outcome;
    }
    if (ends[position] === 0) continue;
    step++;
    into.customers[step] = treatedRows + controlRows;
    into.treated[step] = treatedRows;
    into.control[step] = controlRows;
    into.treatedOutcome[step] = treatedOutcome;
    into.controlOutcome[step] = controlOutcome;
  }
  return into;
}

export function totalsOf(ranking: Ranking): RankingTotals {
  const last = ranking.customers.length - 1;
  return {
    customers: ranking.customers[last] as number,
    treated: ranking.treated[last] as number,
    control: ranking.control[last] as number,
    treatedOutcome: ranking.treatedOutcome[last] as number,
    controlOutcome: ranking.controlOutcome[last] as number,
  };
}

/** A ranking of zeros with the given number of steps after the empty selection. */
export function emptyRanking(steps: number): Ranking {
  return {
    customers: new Float64Array(steps + 1),
    treated: new Float64Array(steps + 1),
    control: new Float64Array(steps + 1),
    treatedOutcome: new Float64Array(steps + 1),
    controlOutcome: new Float64Array(steps + 1),
  };
}

function checkSample({ scores, treated, outcomes, weights }: UpliftSample): void {
  const rows = scores.length;
  if (treated.length !== rows || outcomes.length !== rows) {
    throw invalidOption(
      `${rows} entries each`,
      "treated and outcomes",
      `${treated.length} and ${outcomes.length}`,
    );
  }
  let treatedRows = 0;
  for (let row = 0; row < rows; row++) {
    treatedRows += treated[row] === 1 ? 1 : 0;
    if (!Number.isFinite(scores[row])) refuseNumber("scores", row, scores[row]);
    if (!Number.isFinite(outcomes[row])) refuseNumber("outcomes", row, outcomes[row]);
    if (weights && !((weights[row] as number) > 0 && Number.isFinite(weights[row]))) {
      refuseNumber("weights", row, weights[row]);
    }
  }
  if (treatedRows === 0 || treatedRows === rows) {
    const arm = treatedRows === 0 ? "treated" : "control";
    throw new LookalikeError("ERR_ARM_EMPTY", expected("at least one customer", `the ${arm} arm`, 0), {
      hint: "Use a sample with both arms: an effect is the difference between them.",
    });
  }
}

function refuseNumber(name: string, row: number, received: unknown): never {
  throw invalidOption("a finite number", `${name}[${row}]`, received);
}
