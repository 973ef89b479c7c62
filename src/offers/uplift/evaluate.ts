import { createRandom } from "../../random.ts";
import { takeNumbers, takeRows } from "../features/encode.ts";
import { auuc } from "../measure/auuc.ts";
import { dealFolds, splitFold } from "../measure/folds.ts";
import { differenceOf, type Estimate, wilson } from "../measure/intervals.ts";
import { qiniCount, qiniScore } from "../measure/qini.ts";
import { rankByUplift } from "../measure/ranking.ts";
import { upliftAt } from "../measure/uplift-at.ts";
import type { EncodedExperiment } from "./experiment.ts";
import { fitTLogistic, predictEncoded } from "./t-learner.ts";

/** A metric over the folds of a cross-validation; folds where it is undefined are left out. */
export interface FoldSummary {
  readonly mean: number | null;
  /** Standard deviation over the folds. */
  readonly deviation: number | null;
  readonly perFold: readonly (number | null)[];
}

/** How well a model ranks customers that it has not seen, one offer against the control. */
export interface RankingQuality {
  /** Customers of both arms in a test fold, on average: the sample size that `qiniCount` belongs to. */
  readonly testCustomers: number;
  readonly qiniCount: FoldSummary;
  readonly qiniScore: FoldSummary;
  readonly upliftAt30: FoldSummary;
  readonly auuc: FoldSummary;
}

export interface ArmMetrics {
  readonly offerId: string;
  readonly rows: number;
  readonly outcomeRate: Estimate;
  /** Outcome rate of this arm minus that of the control. */
  readonly averageUplift: Estimate;
  /** Null where an arm has too few rows to be split. */
  readonly ranking: RankingQuality | null;
}

export interface UpliftMetrics {
  readonly learner: "t-logistic";
  readonly rows: number;
  readonly penalty: number;
  readonly folds: number;
  readonly control: { readonly name: string; readonly rows: number; readonly outcomeRate: Estimate };
  readonly arms: readonly ArmMetrics[];
}

export const CROSS_VALIDATION_FOLDS = 5;
/** Rows that every arm needs for a test fold to say anything. */
const MIN_ARM_ROWS = 10 * CROSS_VALIDATION_FOLDS;

/** Describes the experiment and measures the learner on folds that it was not trained on. */
export function measureTLogistic(
  experiment: EncodedExperiment,
  seed: number,
  penalty: number,
): UpliftMetrics {
  const rates = experiment.labels.map((_, arm) => outcomeRate(experiment, arm));
  const control = rates[0] as ArmRate;
  const enough = rates.every((rate) => rate.rows >= MIN_ARM_ROWS);
  const rankings = enough ? crossValidate(experiment, seed) : null;
  return {
    learner: "t-logistic",
    rows: experiment.arms.length,
    penalty,
    folds: CROSS_VALIDATION_FOLDS,
    control: { name: experiment.labels[0] as string, ...control },
    arms: rates.slice(1).map((rate, i) => ({
      offerId: experiment.labels[i + 1] as string,
      ...rate,
      averageUplift: differenceOf(rate.outcomeRate, control.outcomeRate),
      ranking: rankings?.[i] ?? null,
    })),
  };
}

interface ArmRate {
  readonly rows: number;
  readonly outcomeRate: Estimate;
}

function outcomeRate({ arms, outcomes }: EncodedExperiment, arm: number): ArmRate {
  let rows = 0;
  let positives = 0;
  for (let row = 0; row < arms.length; row++) {
    if (arms[row] !== arm) continue;
    rows++;
    positives += outcomes[row] as number;
  }
  return { rows, outcomeRate: wilson(positives, rows) };
}

interface FoldQuality {
  readonly customers: number;
  readonly qiniCount: number;
  readonly qiniScore: number | null;
  readonly upliftAt30: number | null;
  readonly auuc: number | null;
}

/** One entry per offer. */
function crossValidate(experiment: EncodedExperiment, seed: number): RankingQuality[] {
  const { arms, outcomes } = experiment;
  const strata = Int32Array.from(arms, (arm, row) => 2 * arm + (outcomes[row] as number));
  const foldOf = dealFolds(strata, CROSS_VALIDATION_FOLDS, createRandom(seed));
  const byOffer: FoldQuality[][] = experiment.labels.slice(1).map(() => []);
  for (let fold = 0; fold < CROSS_VALIDATION_FOLDS; fold++) {
    const { train, test } = splitFold(foldOf, fold);
    const model = fitTLogistic(experiment, seed + fold + 1, train);
    const { none, offers } = predictEncoded(model, takeRows(experiment.matrix, test));
    for (const [i, offer] of offers.entries()) {
      const uplift = offer.map((probability, row) => probability - (none[row] as number));
      byOffer[i]?.push(measureFold(experiment, test, uplift, i + 1));
    }
  }
  return byOffer.map(summariseFolds);
}

function measureFold(
  { arms, outcomes }: EncodedExperiment,
  test: Uint32Array,
  uplift: Float64Array,
  arm: number,
): FoldQuality {
  const inside = [...test.keys()].filter((i) => {
    const code = arms[test[i] as number];
    return code === 0 || code === arm;
  });
  const rows = inside.map((i) => test[i] as number);
  const ranking = rankByUplift({
    scores: takeNumbers(uplift, inside),
    treated: Uint8Array.from(rows, (row) => (arms[row] === arm ? 1 : 0)),
    outcomes: takeNumbers(outcomes, rows),
  });
  return {
    customers: rows.length,
    qiniCount: qiniCount(ranking),
    qiniScore: qiniScore(ranking),
    upliftAt30: upliftAt(ranking, 0.3),
    auuc: auuc(ranking),
  };
}

function summariseFolds(folds: readonly FoldQuality[]): RankingQuality {
  return {
    testCustomers: folds.reduce((sum, fold) => sum + fold.customers, 0) / folds.length,
    qiniCount: summarise(folds.map((fold) => fold.qiniCount)),
    qiniScore: summarise(folds.map((fold) => fold.qiniScore)),
    upliftAt30: summarise(folds.map((fold) => fold.upliftAt30)),
    auuc: summarise(folds.map((fold) => fold.auuc)),
  };
}

function summarise(perFold: readonly (number | null)[]): FoldSummary {
  const known = perFold.filter((value) => value !== null);
  if (known.length === 0) return { mean: null, deviation: null, perFold };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = known.length < 2 ? null : Math.sqrt(squares / (known.length - 1));
  return { mean, deviation, perFold };
}
