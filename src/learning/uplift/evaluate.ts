import {
  auuc,
  clusteredMean,
  differenceOf,
  type Estimate,
  inverseWeights,
  qiniCount,
  qiniScore,
  rankByUplift,
  upliftAt,
  wilson,
} from "../../statistics/index.ts";
import type { EncodedExperiment } from "./experiment.ts";
import { type PropensitySource, pairPropensity } from "./propensity.ts";
import { deviation, type HeldOutEffects, type Standing } from "./select/compare.ts";
import type { Fold } from "./select/folds.ts";
import type { Heterogeneity, LearnerId, OutcomeKind } from "./types.ts";

/** A metric over the folds of a cross-validation; folds in which it is undefined are skipped. */
export interface FoldSummary {
  readonly mean: number | null;
  /** Standard deviation over the folds. */
  readonly deviation: number | null;
  readonly perFold: readonly (number | null)[];
}

/** How well a model ranks unseen customers, one offer against the control. */
export interface RankingQuality {
  /** Average number of customers of both arms in a test fold: the sample size of `qiniCount`. */
  readonly testCustomers: number;
  readonly qiniCount: FoldSummary;
  /** All values are null if the outcome is an amount, because its perfect order is not defined. */
  readonly qiniScore: FoldSummary;
  readonly upliftAt30: FoldSummary;
  readonly auuc: FoldSummary;
}

export interface ArmMetrics {
  readonly offerId: string;
  readonly rows: number;
  /** The mean outcome: a rate if it is binary. */
  readonly outcomeRate: Estimate;
  /**
   * Outcome of this arm minus that of the control; doubly robust if customers' propensities differ. The
   * intervals of all arms are valid simultaneously.
   */
  readonly averageUplift: Estimate;
  /** The arms' unadjusted difference; absent in old models. */
  readonly rawUplift?: Estimate | undefined;
  /** Quality of the chosen learner; null if an arm has too few rows to split. */
  readonly ranking: RankingQuality | null;
}

/** One learner of the comparison; all figures are for customers that it had not seen. */
export interface LearnerComparison {
  readonly learner: LearnerId;
  /** Mean over folds and offers (weighted by the offers' margins), per `testCustomers` of the offers' rankings. */
  readonly qiniCount: number;
  /** Standard error of `qiniCount`, by the bootstrap. */
  readonly standardError: number;
  /** Mean over folds and offers; null if the outcome is an amount. */
  readonly qiniScore: number | null;
  /** The best learner's Qini-count minus this one's, and the standard error of that difference. */
  readonly behindBest: number;
  readonly behindError: number;
}

/** The chosen learner and the reason. */
export interface LearnerChoice {
  readonly asked: LearnerId | "auto";
  /** Number of rows on which the learners were compared; a sample if the log is very large. */
  readonly rows: number;
  /** Whether these rows are a random sample of all. */
  readonly isSample: boolean;
  readonly ground: ChoiceGround;
}

export type ChoiceGround =
  /** Requested by name. */
  | { readonly kind: "asked" }
  /** No comparison: every arm needs `needed` customers. */
  | { readonly kind: "too few"; readonly needed: number }
  /** No comparison: the effects of the offers cannot be determined from the log. */
  | { readonly kind: "untold" }
  /** The highest cross-validated Qini. */
  | { readonly kind: "best" }
  /**
   * The first of the learners that are less than one standard error behind the best, in Qini-counts of a test
   * fold.
   */
  | {
      readonly kind: "near best";
      readonly best: LearnerId;
      readonly behind: number;
      readonly standardError: number;
    };

/** The reason why effects cannot be determined from a log, and the arms concerned. */
export interface Doubt {
  /**
   * `no overlap`: too few comparable customers were shown anything else; `moved`: the assignment depended on
   * the customers, and the correction for the columns changes the effect beyond error; `unbalanced`: columns
   * differ between the arms more than the probabilities of the arms explain.
   */
  readonly kind: "no overlap" | "moved" | "unbalanced";
  readonly arms: readonly string[];
  /** The columns that differ; absent for the other kinds. */
  readonly columns?: readonly string[] | undefined;
}

export interface UpliftMetrics {
  readonly learner: LearnerId;
  readonly outcome: OutcomeKind;
  readonly choice: LearnerChoice;
  /** From the simplest on; empty if there were too few rows to compare. */
  readonly learners: readonly LearnerComparison[];
  readonly heterogeneity: Heterogeneity;
  /**
   * The source of the arms' probabilities, and the number of rows whose probability was too small and was
   * raised.
   */
  readonly propensity: { readonly source: PropensitySource; readonly trimmed: number };
  /**
   * Why effects cannot be determined from the log at all; empty if they can, absent in models of older
   * versions.
   */
  readonly doubts?: readonly Doubt[] | undefined;
  readonly rows: number;
  readonly folds: number;
  readonly control: { readonly name: string; readonly rows: number; readonly outcomeRate: Estimate };
  readonly arms: readonly ArmMetrics[];
}

/** The mean outcome of an arm's rows, with its interval. */
export interface ArmRate {
  readonly rows: number;
  readonly outcomeRate: Estimate;
}

export function outcomeRate({ arms, outcomes, kind, clusters }: EncodedExperiment, arm: number): ArmRate {
  const own = outcomes.filter((_, row) => arms[row] === arm);
  if (clusters !== null) {
    const ownClusters = clusters.filter((_, row) => arms[row] === arm);
    return { rows: own.length, outcomeRate: clusteredMean(own, ownClusters) };
  }
  const sum = own.reduce((total, outcome) => total + outcome, 0);
  if (kind === "binary") return { rows: own.length, outcomeRate: wilson(sum, own.length) };
  return { rows: own.length, outcomeRate: clusteredMean(own) };
}

/**
 * Average effect of each offer over all customers, doubly robust if propensities differ or rows depend on
 * each other.
 */
export function averageEffects(
  { propensities, clusters }: EncodedExperiment,
  rates: readonly ArmRate[],
  scores: readonly Float64Array[],
): Estimate[] {
  const control = rates[0] as ArmRate;
  if (propensities.perArm !== null || clusters !== null) {
    return scores.map((column) => clusteredMean(column, clusters));
  }
  return rates.slice(1).map(({ outcomeRate }) => differenceOf(outcomeRate, control.outcomeRate));
}

/** The ranking quality of one learner, one entry per offer. */
export function rankingQuality(
  experiment: EncodedExperiment,
  folds: readonly Fold[],
  effects: HeldOutEffects,
): RankingQuality[] {
  return experiment.labels
    .slice(1)
    .map((_, i) =>
      summariseFolds(
        folds.map(({ test }, fold) =>
          measureFold(experiment, test, effects[fold]?.[i] ?? new Float64Array(0), i + 1),
        ),
      ),
    );
}

/** The standings, in Qini-counts of a test fold. */
export function describeStandings(
  standings: readonly Standing[],
  qualities: ReadonlyMap<LearnerId, readonly RankingQuality[]>,
  weights: readonly number[],
): LearnerComparison[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return standings.map(({ learner, score, behind }) => {
    const quality = qualities.get(learner) ?? [];
    const customers = quality.reduce((sum, { testCustomers }) => sum + testCustomers, 0) / quality.length;
    const scale = customers / total;
    const known = quality.flatMap(({ qiniScore }) => (qiniScore.mean === null ? [] : [qiniScore.mean]));
    return {
      learner,
      qiniCount: score.value * scale,
      standardError: deviation(score.replicates) * scale,
      qiniScore: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
      behindBest: behind.value * scale,
      behindError: behind.error * scale,
    };
  });
}

interface FoldQuality {
  readonly customers: number;
  readonly qiniCount: number;
  readonly qiniScore: number | null;
  readonly upliftAt30: number | null;
  readonly auuc: number | null;
}

function measureFold(
  { arms, outcomes, kind, propensities }: EncodedExperiment,
  test: Uint32Array,
  uplift: Float64Array,
  arm: number,
): FoldQuality {
  const inside: number[] = [];
  for (let i = 0; i < test.length; i++) {
    const code = arms[test[i] as number];
    if (code === 0 || code === arm) inside.push(i);
  }
  const rows = inside.map((i) => test[i] as number);
  const treated = Uint8Array.from(rows, (row) => (arms[row] === arm ? 1 : 0));
  const propensity = pairPropensity(propensities, arms, arm, rows);
  const ranking = rankByUplift({
    scores: Float64Array.from(inside, (i) => uplift[i] as number),
    treated,
    weights: propensity && inverseWeights(treated, propensity),
    outcomes: Float64Array.from(rows, (row) => outcomes[row] as number),
  });
  return {
    customers: rows.length,
    qiniCount: qiniCount(ranking),
    qiniScore: kind === "binary" ? qiniScore(ranking) : null,
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
  return { mean, deviation: known.length < 2 ? null : deviation(known), perFold };
}
