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
import type { FoldSummary, LearnerComparison, RankingQuality } from "./metrics.ts";
import { pairPropensity } from "./propensity.ts";
import { deviation, type HeldOutEffects, type Standing } from "./select/compare.ts";
import type { Fold } from "./select/folds.ts";
import type { LearnerId } from "./types.ts";

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
