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
  /** Null throughout where the outcome is an amount: its perfect order is not defined. */
  readonly qiniScore: FoldSummary;
  readonly upliftAt30: FoldSummary;
  readonly auuc: FoldSummary;
}

export interface ArmMetrics {
  readonly offerId: string;
  readonly rows: number;
  /** The mean outcome: a rate where it is binary. */
  readonly outcomeRate: Estimate;
  /**
   * Outcome of this arm minus that of the control; doubly robust where customers' propensities differ. The intervals of all
   * arms hold together.
   */
  readonly averageUplift: Estimate;
  /** The arms' unadjusted difference; absent in old models. */
  readonly rawUplift?: Estimate | undefined;
  /** Of the learner chosen; null where an arm has too few rows to be split. */
  readonly ranking: RankingQuality | null;
}

/** One learner of the comparison; all figures of customers that it had not seen. */
export interface LearnerComparison {
  readonly learner: LearnerId;
  /** Mean over folds and offers (weighted by the offers' margins), per `testCustomers` of the offers' rankings. */
  readonly qiniCount: number;
  /** Of `qiniCount`, by the bootstrap. */
  readonly standardError: number;
  /** Mean over folds and offers; null where the outcome is an amount. */
  readonly qiniScore: number | null;
  /** What the best learner's Qini-count has more, and the standard error of that difference. */
  readonly behindBest: number;
  readonly behindError: number;
}

/** Which learner was taken, and why. */
export interface LearnerChoice {
  readonly asked: LearnerId | "auto";
  /** Rows that the learners were compared on; fewer than there are where there are very many. */
  readonly rows: number;
  /** Whether these are a random part of all. */
  readonly isSample: boolean;
  readonly ground: ChoiceGround;
}

export type ChoiceGround =
  /** Asked for by name. */
  | { readonly kind: "asked" }
  /** Nothing was compared: so many customers of every arm are needed. */
  | { readonly kind: "too few"; readonly needed: number }
  /** Nothing was compared: the log does not tell what the offers do. */
  | { readonly kind: "untold" }
  /** The highest cross-validated Qini. */
  | { readonly kind: "best" }
  /** The first of those less than one standard error behind the best, in Qini-counts of a test fold. */
  | {
      readonly kind: "near best";
      readonly best: LearnerId;
      readonly behind: number;
      readonly standardError: number;
    };

/** Why effects cannot be told from a log, and of which arms. */
export interface Doubt {
  /**
   * `no overlap`: too few customers alike were shown anything else; `moved`: the assignment depended on the customers, and
   * correcting for the columns moves the effect beyond error; `unbalanced`: columns differ between the arms more than the
   * probabilities of the arms explain.
   */
  readonly kind: "no overlap" | "moved" | "unbalanced";
  readonly arms: readonly string[];
  /** Those that differ; absent of the other kinds. */
  readonly columns?: readonly string[] | undefined;
}

export interface UpliftMetrics {
  readonly learner: LearnerId;
  readonly outcome: OutcomeKind;
  readonly choice: LearnerChoice;
  /** From the simplest on; empty where there were too few rows to compare. */
  readonly learners: readonly LearnerComparison[];
  readonly heterogeneity: Heterogeneity;
  /** Where the probabilities of the arms came from, and how many rows' were too small to be trusted. */
  readonly propensity: { readonly source: PropensitySource; readonly trimmed: number };
  /** Why effects cannot be told from the log at all; empty where they can, absent in models of old. */
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

/** Average effect of each offer over all customers, doubly robust where chances differ or rows depend on each other. */
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

/** Standings in Qini-counts of a test fold. */
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
